// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_log.h"
#include "lab/lab_clock.h"
#include "lab/state.h"

#include <functional>
#include <memory>
#include <mutex>

/// Where events become the truth: numbered, stamped with the time, kept in the log, folded into the live
/// picture.
///
/// Thread safety: every member may be called from any thread. Lock order: this lock, then the log's.
namespace lab {

class journal {
  public:
    /// With wall times left out two runs of the same input give the same bytes.
    explicit journal(bool wall_times) : wall_times_(wall_times) {}

    /// Begins a life of the laboratory, on its own clock. Events of earlier lives are dropped from now on.
    std::uint64_t begin(std::shared_ptr<lab_clock> clock);
    /// Its number; 0: dropped, because `life` is over.
    std::uint64_t record(std::uint64_t life, event e);
    /// In the life that goes on now; gives the event's number. The end of a request or a call that this life
    /// has not seen begin is dropped, and gives 0.
    std::uint64_t record(event e);

    /// Shows every event from now on to `f`, which must not call back; empty: nobody.
    void watch(std::function<void(const event&)> f);

    state snapshot() const;
    event_log& log() { return log_; }
    const event_log& log() const { return log_; }

  private:
    std::uint64_t append(event e);

    const bool wall_times_;
    const std::int64_t began_ = std::chrono::steady_clock::now().time_since_epoch().count();
    event_log log_;
    mutable std::mutex mutex_;
    std::uint64_t life_ = 0; // guarded by mutex_, like what follows
    std::shared_ptr<lab_clock> clock_;
    std::function<void(const event&)> watcher_;
    state live_; // the fold of log_
};

} // namespace lab
