// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"
#include "lab/ids.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

/// The clock of a laboratory: stands still, or follows the wall clock at a speed. Starts at laboratory time
/// 0.
///
/// Timers fire only when the laboratory's thread calls fire_next(), so that everything that time sets off
/// happens there, one thing after the other. For that thread time is discrete: it stands at what is being
/// done, and moves to the next timer, or to the next command, when everything else is blocked. So what
/// happens does not depend on how fast the clock follows the wall clock, nor on how fast the machine is. For
/// every other thread now() moves by itself while the clock runs; once such a thread takes part (arms a
/// timer, causes an event), there is one time for all.
///
/// Thread safety: start, stop, jump_to, catch_up and fire_next belong to the laboratory's thread; the rest to
/// anyone.
namespace lab {

class lab_clock final : public ctx::clock {
  public:
    ctx::time_point now() const noexcept override;
    ctx::system_time to_system(ctx::time_point t) const noexcept override;
    ctx::duration since_start(ctx::time_point t) const noexcept override { return t.time_since_epoch(); }
    std::size_t pending() const noexcept override;
    void arm(ctx::detail::timer_entry& e, ctx::time_point due) override;
    bool disarm(ctx::detail::timer_entry& e) noexcept override;

    lab_time lab_now() const noexcept { return now().time_since_epoch(); }

    /// That thread is the laboratory's from now on; at first it is the one that made the clock.
    void belong_to(std::thread::id thread) noexcept { owner_.store(thread, std::memory_order_release); }
    bool on_own_thread() const noexcept {
        return owner_.load(std::memory_order_acquire) == std::this_thread::get_id();
    }
    /// Another thread takes part.
    void share() noexcept { shared_.store(true, std::memory_order_release); }
    bool shared() const noexcept { return shared_.load(std::memory_order_acquire); }

    /// What threads other than the laboratory's read.
    ctx::time_point shown() const noexcept;
    bool runs() const noexcept { return read().speed != 0; }
    /// Everything is blocked: the laboratory's thread's time moves to what is shown, but not past the next
    /// timer.
    void catch_up() noexcept;

    /// Goes on from where it stands, at `speed` times the wall clock.
    void start(double speed);
    /// Stands still. Never moves backwards.
    void stop();
    /// Stopped only: moves to `t` if that is later.
    void jump_to(ctx::time_point t);

    std::optional<ctx::time_point> next() const noexcept;
    /// How many timers have fired.
    std::size_t fired() const noexcept { return fired_; }
    /// How long until `t` on the wall clock, at the speed in force.
    std::chrono::nanoseconds wall_until(ctx::time_point t) const noexcept;
    /// Fires the first timer that is due by `limit`, after moving a stopped clock to its time. False if there
    /// is none.
    bool fire_next(ctx::time_point limit);

    /// Called, without a lock, whenever a timer is armed that is now the first. Set before other threads use
    /// the clock.
    void on_earlier_timer(std::function<void()> f) { earlier_ = std::move(f); }

  private:
    struct pace {
        std::int64_t from = 0;   ///< laboratory time
        std::int64_t anchor = 0; ///< wall time (steady) of `from`
        double speed = 0;        ///< 0: stands still
    };
    pace read() const noexcept;
    void write(const pace& p) noexcept;
    static std::int64_t at(const pace& p) noexcept;

    ctx::time_point own() const noexcept;

    std::atomic<std::thread::id> owner_{std::this_thread::get_id()};
    std::atomic<bool> shared_{false};
    std::size_t fired_ = 0;
    std::int64_t own_ = 0; // the laboratory's thread's time, until the clock is shared

    mutable std::mutex mutex_;       // leaf lock
    ctx::detail::timer_heap timers_; // guarded by mutex_
    std::function<void()> earlier_;
    // A sequence lock, so that reading the time takes no lock: odd while the laboratory's thread writes.
    std::atomic<std::uint64_t> version_{0};
    std::atomic<std::int64_t> from_{0}, anchor_{0};
    std::atomic<double> speed_{0};
};

} // namespace lab
