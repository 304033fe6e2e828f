// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/timer_entry.h"

#include <optional>
#include <vector>

namespace ctx::detail {

/// A binary heap of timers that knows where each one is: arm and disarm in O(log n), in O(1) for one that is
/// due after all others. What is due comes in order of due time and then of arming. Not thread-safe.
class timer_heap {
  public:
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

} // namespace ctx::detail
