// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/sync.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

using duration = std::chrono::nanoseconds;
/// A moment on the monotonic clock of a tree.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
using system_time = std::chrono::time_point<std::chrono::system_clock, duration>;

/// `t + d`, held at the ends of the range instead of overflowing. CTX-091, CTX-102
time_point saturating_add(time_point t, duration d) noexcept;
/// `a - b`, held at the ends of the range.
duration saturating_sub(time_point a, time_point b) noexcept;

/// Go's Duration.String: `1m30s`, `1.5µs`, `0s`. CTX-214
std::string to_string(duration d);

namespace detail {

/// Something that is due at a time. Its owner keeps it alive from arm() until it fired or disarm() gave true.
class timer_entry {
  public:
    timer_entry() = default;
    timer_entry(const timer_entry&) = delete;
    timer_entry& operator=(const timer_entry&) = delete;

  protected:
    explicit timer_entry(time_point when) noexcept : due_(when) {}
    time_point due() const noexcept { return due_; }
    virtual ~timer_entry() = default;
    /// Called once, without any lock, on the clock's thread (or in the thread that advances a virtual clock).
    virtual void fire() noexcept = 0;

  private:
    friend class timer_heap;
    time_point due_{};
    std::uint64_t order_ = 0;                          // of arming: ties fire in this order
    std::size_t place_ = static_cast<std::size_t>(-1); // index in the heap; guarded by the clock's lock
};

/// A binary heap of timers that knows where each one is: arm and disarm in O(log n). Not thread-safe.
class timer_heap {
  public:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    void push(timer_entry& e, time_point due);
    bool remove(timer_entry& e) noexcept;
    timer_entry* pop_due(time_point now) noexcept;
    std::optional<time_point> next() const noexcept;
    std::size_t size() const noexcept { return heap_.size(); }
    static void fire(timer_entry& e) noexcept { e.fire(); }

  private:
    static bool before(const timer_entry* a, const timer_entry* b) noexcept;
    void put(std::size_t at, timer_entry* e) noexcept;
    void sift_up(std::size_t at) noexcept;
    void sift_down(std::size_t at) noexcept;

    std::vector<timer_entry*> heap_;
    std::uint64_t armed_ = 0;
};

} // namespace detail

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

    virtual void arm(detail::timer_entry& e, time_point due) = 0;
    /// True if this call kept `e` from firing; false if it fired, is firing, or was not armed.
    virtual bool disarm(detail::timer_entry& e) noexcept = 0;
};

/// The monotonic clock of the machine, with one thread that sleeps until the next timer. Never destroyed.
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
    mutable detail::mutex mutex_;   // leaf lock: nothing is called under it
    detail::timer_heap timers_;     // guarded by mutex_
    std::function<void()> earlier_; // set before other threads use the clock
    detail::atomic<duration::rep> now_{0};
};

} // namespace ctx
