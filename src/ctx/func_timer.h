// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"
#include "ctx/scheduler.h"

#include <functional>
#include <memory>

/// A function that runs after a while: Go's time.AfterFunc.
///
///     ctx::func_timer warn(30s, [] { log("still waiting"); });
///     wait_for_answer();
///     warn.stop();                                       // true: it never ran
///
/// The function runs in a thread of its own, or where the scheduler puts it; there is no channel (CHN-040).
///
/// Thread safety: every member may be called from any thread.
/// Lifetime: an armed timer needs nobody to keep it alive; dropping the handle stops nothing.
/// Errors: an exception that leaves the function ends the process (CHN-061).
namespace ctx {

class func_timer {
  public:
    /// On the clock in force (timer.h), run by the scheduler of this worker, or else in a thread. Zero and
    /// negative durations: at once.
    func_timer(duration d, std::function<void()> f);
    /// On the clock of a scheduler, and run by it. It must live until the function has run or is stopped.
    func_timer(duration d, std::function<void()> f, scheduler& on);

    /// True if this kept the function from running. False: it was started, and perhaps still runs, or the
    /// timer was stopped before. Does not wait. CHN-042
    bool stop();
    /// Re-arms; true if it was armed. False: the function was started before, and will run once more. CHN-043
    bool reset(duration d);

  private:
    class core;
    std::shared_ptr<core> core_;
};

} // namespace ctx
