// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/time_point.h"

#include <cstddef>
#include <cstdint>

namespace ctx::detail {

/// Something that is due at a time. Its owner keeps it alive from clock::arm() until it fired or
/// clock::disarm() gave true; after a false, until fire() was called. It is armed in one clock at a time.
class timer_entry {
  public:
    timer_entry() = default;
    timer_entry(const timer_entry&) = delete;
    timer_entry& operator=(const timer_entry&) = delete;

  protected:
    /// An entry that knows its time before it is armed for it.
    explicit timer_entry(time_point due) noexcept : due_(due) {}
    virtual ~timer_entry() = default;

    /// Called once, without any lock, on the clock's thread (or in the thread that advances a virtual clock).
    virtual void fire() noexcept = 0;

    /// What it was last armed for, or made with. Arming it for the time it has already writes nothing, so
    /// that other threads may go on reading.
    time_point due() const noexcept { return due_; }

  private:
    friend class timer_heap;
    friend class timer_wheel;
    friend class timer_service;

    static constexpr std::uint16_t nowhere = 0xffff;
    struct in_heap {
        std::uint64_t order; // of arming: ties fire in this order
        std::size_t place;
    };
    struct in_wheel {
        timer_entry* prev;
        timer_entry* next;
    };

    void set_due(time_point due) noexcept {
        if (due_ != due) due_ = due;
    }

    // All but shard_ are guarded by the lock of the clock, or of its shard, that the entry is in.
    time_point due_{};
    union {
        in_heap heap_{};
        in_wheel wheel_;
    };
    std::uint16_t slot_ = nowhere;  // of the wheel; any in a heap; nowhere: not armed
    std::uint16_t shard_ = nowhere; // of the real clock, which reads it without a lock
};

static_assert(sizeof(timer_entry) <= 5 * sizeof(void*));

} // namespace ctx::detail
