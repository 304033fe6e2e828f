// SPDX-License-Identifier: MIT
#pragma once

#include "lab/ids.h"
#include "lab/kinds.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

/// Step mode: holds the threads that act inside the library, at the library's own hooks, until they are told
/// to go on. One goes at a time; the others stand in line at the first hook they come to.
///
/// What people ask for while the laboratory's thread is held is done at once and is not held: they look at
/// one propagation and do not want a second one in its way.
///
/// Thread safety: every member may be called from any thread. pass() may block, for minutes, and holds no
/// lock then.
namespace lab {

/// A thread that stands still inside the library.
struct held_thread {
    std::uint64_t seq = 0;   ///< the event of the hook at which it stands
    id_t worker = 0;         ///< whose code it is in; 0: nobody's
    bool laboratory = false; ///< the laboratory's own thread
};

class gate {
  public:
    /// Where a thread is when it passes. `aside`: it only makes or asks something; just the smallest steps
    /// stop there.
    enum class point : std::uint8_t { aside, hook, node, wave, reaction };

    struct passage {
        point at = point::hook;
        bool last = false;  ///< nothing more comes of what this thread is doing
        bool waits = false; ///< it will wait for another thread's propagation
        std::uint64_t seq = 0;
        id_t worker = 0;
    };

    /// Called by hooks after what they tell of has happened.
    void pass(const passage& here);

    bool stepping() const noexcept { return stepping_.load(std::memory_order_acquire); }
    /// A thread is held right now.
    bool held() const noexcept { return held_.load(std::memory_order_acquire) > 0; }
    /// One is that does not serve meanwhile.
    bool others_held() const;
    /// In the order in which they will go.
    std::vector<held_thread> held_threads() const;

    /// Enters step mode and lets things go on to the next point of that size: the first in line goes; when it
    /// has left the library, the next one, and in the end the laboratory's loop.
    void step(step_size size);
    /// Enters step mode without a step: who acts stops at the next hook. The server thread, if it is serving
    /// and was let go meanwhile, stays.
    void stay();
    /// Leaves step mode and lets everybody go.
    void open();

    /// Waits for the end of the step. False if `limit` (wall time) passed first.
    bool wait_step(std::chrono::nanoseconds limit) const;
    /// For the laboratory's loop: a step is under way, and it is the loop's turn.
    bool wants_more();
    /// A step is under way, whoever's turn it is.
    bool under_way() const;
    /// The step has ended by itself: there was nothing more to do, or a timer step has reached its timer.
    void finish_step();
    step_size size() const;
    /// The server thread waits inside the library for a thread that is held, so it takes no commands.
    bool server_waits() const;

    /// The thread that, while it is held, does what `serve` finds to do (commands that must not wait for the
    /// step); `serve` gives false when there is nothing. It is told whether the thread has been let go
    /// already.
    void set_server(std::thread::id thread, std::function<bool(bool let_go)> serve);
    /// Calls `at_point` whenever that thread comes to a point at which it is not held, where it may decide to
    /// stay(); empty: no more.
    void watch(std::function<void()> at_point);
    /// Called, without a lock, when a step may have become the loop's, or is over. Set it before the first
    /// step.
    void on_turn(std::function<void()> f) { turn_ = std::move(f); }
    /// There may be something to serve.
    void poke();

  private:
    struct place {
        passage here;
        std::thread::id thread;
        bool go_on = false;
    };

    bool stops_at(point p) const;
    bool has_turn(std::thread::id me) const;
    bool holds(std::thread::id me, point p) const;
    void ask_watcher(std::unique_lock<std::mutex>& lock);
    void serve(std::unique_lock<std::mutex>& lock, const place& mine);
    void hold(std::unique_lock<std::mutex>& lock, const passage& here, bool first);
    bool release_first();
    void hand_over();

    std::function<void()> turn_;
    std::atomic<bool> stepping_{false};
    std::atomic<bool> watched_{false};
    std::atomic<int> held_{0};
    mutable std::mutex mutex_; // never held while serving
    mutable std::condition_variable changed_;
    // Guarded by mutex_:
    step_size size_ = step_size::node;
    bool wants_more_ = false;
    std::thread::id going_;     // whose turn it is; none: whoever comes first
    std::list<place*> waiting_; // threads held, the next to go first
    std::uint64_t pokes_ = 0;
    std::thread::id server_;
    std::function<bool(bool)> serve_;
    std::function<void()> at_point_;
    place* server_place_ = nullptr; // where the server thread is held, or was before it was let go
    bool serving_ = false;          // the server thread is serving: its own hooks pass freely
    bool server_waits_ = false;
};

} // namespace lab
