// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/chan.h"
#include "ctx/clock.h"

#include <memory>

/// Go's timers on the clock in force: the one given, else that of the scheduler that runs this worker, else
/// the real one.
///
///     ctx::timer t(2s);
///     switch (co_await ctx::select(ctx::recv(t.channel()), ctx::recv(c.done()))) { ... }
///     t.stop();                                          // CHN-047: the sleep that can be cancelled
///
/// Thread safety: every member may be called from any thread.
/// Lifetime: a timer whose handles and channel are all gone is disarmed and freed, stopped or not (CHN-045).
namespace ctx {

/// The clock in force in this thread or worker.
std::shared_ptr<clock> current_clock();

/// Delivers one time after a duration (Go: time.NewTimer). CHN-040
class timer {
  public:
    /// Zero and negative durations are due at once.
    explicit timer(duration d);
    timer(duration d, const std::shared_ptr<clock>& on);

    /// Go: Timer.C. Unbuffered to look at; nothing stale is ever received after stop or reset. CHN-041
    recv_chan<time_point> channel() const;
    /// True if this kept the timer from delivering. CHN-041
    bool stop();
    /// Re-arms; true if the timer was active. CHN-043
    bool reset(duration d);

  private:
    detail::ref<detail::selectable> core_; // a timer_core
};

/// Go: time.After.
recv_chan<time_point> after(duration d);
recv_chan<time_point> after(duration d, const std::shared_ptr<clock>& on);

/// Delivers the time again and again; drops ticks for a slow receiver: at most one waits. CHN-046
class ticker {
  public:
    /// Throws std::invalid_argument `non-positive interval for NewTicker`.
    explicit ticker(duration interval);
    ticker(duration interval, const std::shared_ptr<clock>& on);

    recv_chan<time_point> channel() const;
    /// No more ticks. Does not close the channel.
    void stop();
    /// Throws `non-positive interval for Ticker.Reset`.
    void reset(duration interval);

  private:
    detail::ref<detail::selectable> core_; // a timer_core
};

} // namespace ctx
