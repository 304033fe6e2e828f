// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_hash.h"
#include "lab/inputs.h"

#include <memory>
#include <string>

/// Where the execution of an earlier life stands: which input is next, and whether the log has been the same
/// so far.
namespace lab {

class replayer {
  public:
    explicit replayer(std::shared_ptr<const rerun> what);

    /// The input to come, of those before the end; null: none is left.
    const input* next() const;
    /// The next input is to be executed now, for the log is where it was: between two acts, or, `held`, in
    /// one.
    bool due(std::uint64_t turn, bool held) const;
    input take() { return what_->what.inputs[taken_++]; }

    /// Compares an event with what the earlier life had in its place.
    void saw(const event& e);
    /// The last event wanted has come, every input before it has been taken, and this is a place to stop.
    bool reached(std::uint64_t turn, bool held) const;
    /// What comes now is not of the earlier life.
    void finish() { over_ = true; }
    /// The time at which it ends, if that is later than the last event.
    std::optional<lab_time> ends_at() const;
    /// Events of this life so far.
    std::uint64_t events() const { return events_; }

    void fail(std::string why);
    /// Empty while the log is the same.
    const std::string& wrong() const { return wrong_; }

  private:
    const std::shared_ptr<const rerun> what_;
    const std::uint64_t before_; ///< events in the earlier log that were before its life
    std::size_t taken_ = 0;
    std::uint64_t events_ = 0;
    running_hash hash_;
    bool over_ = false;
    std::string wrong_;
};

} // namespace lab
