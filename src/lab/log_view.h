// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_log.h"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>

/// A gapless piece of a log, by sequence number. Copies no event.
///
///     lab::log_view life(laboratory.log(), first, last);
///     if (const lab::event* e = life.find(call_seq)) show(*e);
///
/// Thread safety: as a standard container, for each view; the log may grow meanwhile.
/// Lifetime: the log, or the events, must outlive it.
namespace lab {

class log_view {
  public:
    log_view() = default;
    /// Events side by side in memory, numbered from the first one on.
    template <class Events>
    requires std::convertible_to<const Events&, std::span<const event>> log_view(const Events& all)
        : near_(all) {
        if (!near_.empty()) first_ = near_.front().seq, last_ = first_ + near_.size() - 1;
    }
    /// Those from `first` to `last`, both included, which the log must have.
    log_view(const event_log& log, std::uint64_t first, std::uint64_t last)
        : log_(&log), first_(first), last_(last) {}

    std::uint64_t first() const { return first_; }
    std::uint64_t last() const { return last_; }
    bool empty() const { return last_ < first_; }
    std::uint64_t size() const { return last_ + 1 - first_; }

    /// Null if it is not in this piece. O(1); the next ones are found without a look at the log.
    const event* find(std::uint64_t seq) const {
        if (seq < first_ || seq > last_) return nullptr;
        if (near_.empty() || seq < near_.front().seq || seq - near_.front().seq >= near_.size())
            near_ = log_->block_of(seq);
        return &near_[seq - near_.front().seq];
    }
    const event& operator[](std::uint64_t seq) const { return *find(seq); }

    /// The part up to `last`.
    log_view until(std::uint64_t last) const {
        log_view part = *this;
        part.last_ = std::min(last_, last);
        return part;
    }

  private:
    const event_log* log_ = nullptr;
    std::uint64_t first_ = 1;
    std::uint64_t last_ = 0;
    mutable std::span<const event> near_; // the block looked at last
};

} // namespace lab
