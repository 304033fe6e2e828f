// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/fences.h"
#include "ctx/detail/parker.h"
#include "ctx/detail/run_queue.h"
#include "ctx/detail/select_core.h"
#include "ctx/scheduler.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ctx::detail {

/// The threads of a pool_scheduler.
///
/// Each has a lane: a run_queue, and a list of what that had no room for. What threads outside the pool post
/// goes into one common queue. A thread looks into its own lane, then into the common queue, then steals.
///
/// Sleeping. A thread that finds nothing looks around for a few microseconds (one thread at a time,
/// `spinning_`), then enters `idle_`, looks once more, and sleeps. Who puts something into a queue wakes one
/// of the idle, unless somebody is looking around anyhow: each of the two first writes and then reads what
/// the other writes, so one sees the other (`fences_`: to sleep is what happens seldom). Who finds something
/// while looking around wakes the next.
///
/// Watching. The worker that a thread will run next is not to be stolen: mostly, the one that runs is about
/// to wait. In case it is not, one of the idle threads watches the others with a timed sleep as long as any
/// of them runs (`watched_`), and takes what has been next for too long. If nobody runs, all sleep for good.
///
/// Fleeting. Workers that end sooner than another thread can bring them over are best left where they are. A
/// thread that has taken some from others and finds that they were of that kind says so (`fleeting_`). From
/// then on nobody is woken for what is in a lane, or takes it, as long as somebody watches; who ends this as
/// soon as a lane with work in it has run few workers since the last look.
class worker_pool {
  public:
    worker_pool(pool_scheduler& owner, unsigned threads);
    ~worker_pool();
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;

    /// Returns when everything that was ready has run, and the threads are gone.
    void stop();

    void post(void* frame);
    void post_next(void* frame);
    void post_last(void* frame);
    void take_back(void* frame) noexcept;
    void hand_over(selectable& done) noexcept;

  private:
    struct haul { ///< what a thread has taken from others
        std::chrono::steady_clock::time_point at;
        std::uint32_t turns; // its own, then
    };
    struct lane {
        run_queue ready;
        std::atomic<std::uint32_t> turns{0}; // workers resumed; written by its thread
        unsigned nexts = 0;                  // resumed one after the other from the front place
        unsigned pops = 0;
        std::size_t of_done = 0; // workers to be resumed until it gives up what it has kept back
        worker_pool* pool = nullptr;
        std::size_t number = 0;
        std::atomic<std::size_t> spilled_count{0}; // spilled.size()
        std::deque<void*> spilled;                 // what `ready` had no room for; guarded by mutex_
        std::optional<haul> taken;                 // until it has run all of that
        bool looks_around = false;                 // when woken; guarded by mutex_
        bool watches = false;                      // guarded by mutex_
        parker parked;
        std::thread thread;

        bool has_work() const noexcept {
            return !ready.empty() || spilled_count.load(std::memory_order_acquire) > 0;
        }
    };
    using lock = std::unique_lock<std::mutex>;
    struct glance { ///< at how far a lane is, and what it would run next
        std::uint32_t turns;
        void* next;
    };
    using glances = std::vector<glance>; // one a lane

    static lane*& lane_here() noexcept;
    lane* own_lane() noexcept {
        lane* const l = lane_here();
        return l && l->pool == this ? l : nullptr;
    }

    void run(lane& me);
    void* take(lane& me);
    void* take_next(lane& me) noexcept;
    bool steal_next(lane& from, void* frame) noexcept;
    void* steal(lane& me);
    void* from_spilled(lane& from, lane& me);
    void* from_outside(lane& me);
    void* from_done(lane& me, lock& held);
    void* wait_for_work(lane& me);
    void* look_around(lane& me);

    void push(lane& me, void* frame);
    bool work_in_sight() const noexcept;
    void signal() noexcept;
    void wake_another() noexcept;
    template <class Add>
    void add_from_outside(Add add);

    // worker_pool_idle.cpp
    void* brought_over(lane& me, void* frame) noexcept;
    void judge_haul(lane& me) noexcept;
    void* sleep(lane& me, lock& held);
    void* watch(lane& me, lock& held);
    glances look_at_all() const;
    void* take_stale(const glances& before, const glances& now);
    bool somebody_is_slow(const glances& before, const glances& now,
                          std::chrono::nanoseconds between) const noexcept;
    // With mutex_ held.
    void enter_idle(lane& me);
    void leave_idle(lane& me) noexcept;
    void stop_watching(lane& me, bool awake) noexcept;
    bool is_idle(const lane& l) const noexcept;
    lane* pop_idle(bool to_look_around) noexcept;

    void count_outside() noexcept; // with mutex_ held

    pool_scheduler& owner_;
    const bool alone_; // has one thread
    const uneven_fences fences_;
    std::vector<std::unique_ptr<lane>> lanes_;

    std::atomic<bool> spinning_{false};
    std::atomic<bool> watched_{false};       // written with mutex_ held
    std::atomic<bool> fleeting_{false};      // what the threads run is not worth bringing over
    std::atomic<std::size_t> idle_count_{0}; // idle_.size()
    std::atomic<std::size_t> outside_count_{0};
    std::atomic<unsigned> wakers_{0}; // threads from outside that are about to wake one of ours

    std::mutex mutex_;                   // leaf lock
    std::vector<lane*> idle_;            // guarded by mutex_, as are the following
    std::deque<void*> outside_;          // posted by other threads
    std::deque<ref<selectable>> closed_; // Dones whose workers are to be resumed
    bool turn_of_closed_ = false;        // after outside_
    bool stopping_ = false;
};

} // namespace ctx::detail
