// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/sync.h"
#include "ctx/detail/timer_heap.h"
#include "ctx/time_point.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

/// Where time comes from. Every tree of contexts has one clock, found from its root.
///
///     auto time = std::make_shared<ctx::virtual_clock>();
///     ctx::context root = ctx::background({.clock = time});
///     auto [c, cancel] = ctx::with_timeout(root, 5s);
///     time->advance(5s);                              // fires what is due, in the calling thread
///     assert(c.err() == ctx::deadline_exceeded);
///
/// Thread safety: every member may be called from any thread.
namespace ctx {

class clock {
  public:
    virtual ~clock() = default;

    virtual time_point now() const noexcept = 0;
    /// The wall time that belongs to a moment, for printing.
    virtual system_time to_system(time_point t) const noexcept = 0;
    /// What Go prints as `m=`: the time since the process (or the virtual world) began.
    virtual duration since_start(time_point t) const noexcept = 0;
    /// Local time zone is used for printing; false: UTC.
    virtual bool local_zone() const noexcept { return false; }

    /// Timers that are armed now. CTX-088
    virtual std::size_t pending() const noexcept = 0;

    /// `e` is not armed.
    virtual void arm(detail::timer_entry& e, time_point due) = 0;
    /// True if this call kept `e` from firing; false if it fired, is firing, or was not armed.
    virtual bool disarm(detail::timer_entry& e) noexcept = 0;
};

/// The monotonic clock of the machine, with one thread that sleeps until the next timer. Never destroyed.
/// Arming and disarming take the same few nanoseconds however many timers there are. No timer fires early;
/// what is due when the thread wakes fires in order of time, and ties of one thread in order of arming.
std::shared_ptr<clock> real_clock();

/// A clock that stands still until it is told to move. Starts at `time_point{}`, shown as 2009-11-10 23:00:00
/// UTC.
class virtual_clock final : public clock {
  public:
    virtual_clock() = default;

    time_point now() const noexcept override;
    system_time to_system(time_point t) const noexcept override;
    duration since_start(time_point t) const noexcept override { return t.time_since_epoch(); }
    std::size_t pending() const noexcept override;
    void arm(detail::timer_entry& e, time_point due) override;
    bool disarm(detail::timer_entry& e) noexcept override;

    /// When the next timer is due, if any.
    std::optional<time_point> next() const noexcept;

    /// Moves to `t` (never backwards), firing what is due on the way, each at its own time, in order of due
    /// time and then of arming, in the calling thread. Timers armed by that for times up to `t` fire too.
    void advance_to(time_point t);
    void advance(duration d) { advance_to(saturating_add(now(), d)); }

    /// Moves to `t` but fires at most one timer, the first that is due. False if none was due.
    bool fire_next_until(time_point t);

    /// Called whenever a timer is armed that is now the first one due. Whoever arms it may hold a lock: do no
    /// more than wake another thread.
    void on_earlier_timer(std::function<void()> f);

  private:
    mutable detail::small_mutex mutex_; // leaf lock: nothing is called under it
    detail::timer_heap timers_;         // guarded by mutex_
    std::function<void()> earlier_;     // set before other threads use the clock
    detail::atomic<duration::rep> now_{0};
};

} // namespace ctx
