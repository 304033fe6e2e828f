// SPDX-License-Identifier: MIT
#pragma once

#include "lab/kinds.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

/// Step mode: holds the thread that acts inside the library, at the library's own hooks, until it is told to
/// go on.
///
/// Thread safety: every member may be called from any thread. pass() may block, for minutes, and holds no
/// lock then.
namespace lab {

class gate {
  public:
    /// Where a thread is when it passes.
    enum class point : std::uint8_t { hook, node, wave, reaction };

    /// Called by hooks after what they tell of has happened.
    void pass(point p);

    bool stepping() const noexcept { return stepping_.load(std::memory_order_acquire); }
    /// A thread is held right now.
    bool held() const noexcept { return held_.load(std::memory_order_acquire) > 0; }

    /// Enters step mode and lets things go on to the next point of that size.
    void step(step_size size);
    /// Leaves step mode and lets everybody go.
    void open();

    /// For the laboratory's loop: a step was asked for and nothing has stopped at its end yet.
    bool wants_more() const;
    /// The step has ended by itself: there was nothing more to do, or a timer step has reached its timer.
    void finish_step();
    step_size size() const;

    /// The thread that, while it is held, does what `serve` finds to do (commands that must not wait for the
    /// step); `serve` gives false when there is nothing.
    void set_server(std::thread::id thread, std::function<bool()> serve);
    /// There may be something to serve.
    void poke();

  private:
    bool stops_at(point p) const;

    std::atomic<bool> stepping_{false};
    std::atomic<int> held_{0};
    mutable std::mutex mutex_; // never held while serving
    std::condition_variable changed_;
    // Guarded by mutex_:
    step_size size_ = step_size::node;
    bool wants_more_ = false;
    std::list<bool*> waiting_; // threads held, longest first; *true: go on
    std::uint64_t pokes_ = 0;
    std::thread::id server_;
    std::function<bool()> serve_;
    bool serving_ = false; // the server thread is serving: its own hooks pass freely
};

} // namespace lab
