// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/timer_entry.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

/// Timers in wheels of wheels: arm and disarm in O(1), whatever the number.
///
/// A due time is a number of eleven digits to the base of 64, in nanoseconds. `reached_` is a time up to
/// which everything was taken out. A timer that is due later is in the wheel of the highest digit in which it
/// differs from `reached_`, in the slot of the value that it has there. So, of two wheels, all that is in the
/// lower one is due first, and in one wheel, all that is in the lower slot. Going on to the first slot that
/// is due makes its first time `reached_`, and deals what was in it to the wheels below: a timer moves at
/// most ten times in its life, and mostly once or twice. Ties meet in the same slot at all times, and stay in
/// order of arming. Nothing but ties in a slot are left there, and taken out before anything else: nothing
/// that is armed meanwhile comes into that slot.
///
/// What is due already when it is armed counts as due at `reached_`: it follows what else is.
///
/// A slot knows the first due time of what was put into it, and forgets it when it is empty. So earliest()
/// needs no search and no ticks between; it may name the time of a timer that was disarmed, but each such
/// only once.
namespace ctx::detail {

/// Not thread-safe.
class timer_wheel {
  public:
    explicit timer_wheel(time_point from = time_point::min()) noexcept : reached_(key_of(from)) {}
    timer_wheel(const timer_wheel&) = delete;
    timer_wheel& operator=(const timer_wheel&) = delete;

    /// `e` is not armed. O(1)
    void arm(timer_entry& e, time_point due) noexcept;
    /// False if it was not armed. O(1)
    bool disarm(timer_entry& e) noexcept;
    /// Takes out what is due first, if that is not after `now`; null if nothing is. In order of due time,
    /// then of arming. Amortized O(1)
    timer_entry* take_due(time_point now) noexcept;

    /// No timer is due before it; empty if there is none.
    std::optional<time_point> earliest() const noexcept;
    /// How far it has gone on: not after the latest `now`.
    time_point reached() const noexcept { return time_of(reached_); }
    std::size_t size() const noexcept { return size_; }

  private:
    using key = std::uint64_t; // as far from the beginning of time as a time is
    static constexpr unsigned digit_bits = 6;
    static constexpr unsigned slots_a_level = 1u << digit_bits;
    static constexpr unsigned levels = 11;
    static constexpr std::uint16_t ready = levels * slots_a_level; // the slot of what is due

    struct slot {
        timer_entry* first = nullptr;
        timer_entry* last = nullptr;
        key least = 0; // no timer in here is due before
        key most = 0;  // nor after
    };

    static constexpr key top_bit = key{1} << 63;
    static key key_of(time_point t) noexcept {
        return static_cast<key>(t.time_since_epoch().count()) ^ top_bit;
    }
    static time_point time_of(key k) noexcept {
        return time_point(duration(static_cast<duration::rep>(k ^ top_bit)));
    }

    std::uint16_t slot_for(key due) const noexcept;
    std::uint16_t first_slot() const noexcept;
    void put(timer_entry& e, key due) noexcept;
    void take(timer_entry& e) noexcept;
    timer_entry* take_first(slot& s) noexcept;
    void deal(std::uint16_t from) noexcept;
    void mark_full(std::uint16_t at) noexcept;
    void mark_empty(std::uint16_t at) noexcept;

    key reached_;
    std::uint16_t ties_ = ready; // the slot of what is due at `reached_`, and was armed before it was reached
    std::size_t size_ = 0;
    std::uint32_t full_levels_ = 0;                      // a bit for each level that has full slots
    std::array<std::uint64_t, levels> full_{};           // a bit for each slot that has timers
    std::array<slot, levels * slots_a_level + 1> slots_; // the last: ready
};

inline std::uint16_t timer_wheel::slot_for(key due) const noexcept {
    if (due <= reached_) return ready;
    const auto highest = static_cast<unsigned>(std::bit_width(due ^ reached_) - 1);
    const unsigned level = highest / digit_bits;
    const auto digit = static_cast<unsigned>(due >> (level * digit_bits)) % slots_a_level;
    return static_cast<std::uint16_t>(level * slots_a_level + digit);
}

inline void timer_wheel::mark_full(std::uint16_t at) noexcept {
    if (at == ready) return;
    full_[at / slots_a_level] |= std::uint64_t{1} << at % slots_a_level;
    full_levels_ |= 1u << at / slots_a_level;
}

inline void timer_wheel::mark_empty(std::uint16_t at) noexcept {
    if (at == ready) return;
    std::uint64_t& level = full_[at / slots_a_level];
    level &= ~(std::uint64_t{1} << at % slots_a_level);
    if (level == 0) full_levels_ &= ~(1u << at / slots_a_level);
}

inline void timer_wheel::put(timer_entry& e, key due) noexcept {
    const std::uint16_t at = slot_for(due);
    slot& s = slots_[at];
    e.slot_ = at;
    e.wheel_ = {.prev = s.last, .next = nullptr};
    if (s.last) {
        s.last->wheel_.next = &e;
        s.least = std::min(s.least, due);
        s.most = std::max(s.most, due);
    } else {
        s.first = &e;
        s.least = s.most = due;
        mark_full(at);
    }
    s.last = &e;
}

inline void timer_wheel::take(timer_entry& e) noexcept {
    slot& s = slots_[e.slot_];
    timer_entry* const prev = e.wheel_.prev;
    timer_entry* const next = e.wheel_.next;
    if (prev)
        prev->wheel_.next = next;
    else
        s.first = next;
    if (next)
        next->wheel_.prev = prev;
    else
        s.last = prev;
    if (!s.first) {
        mark_empty(e.slot_);
        if (e.slot_ == ties_) ties_ = ready;
    }
    e.slot_ = timer_entry::nowhere;
    --size_;
}

inline void timer_wheel::arm(timer_entry& e, time_point due) noexcept {
    e.set_due(due);
    put(e, key_of(due));
    ++size_;
}

inline bool timer_wheel::disarm(timer_entry& e) noexcept {
    if (e.slot_ == timer_entry::nowhere) return false;
    take(e);
    return true;
}

} // namespace ctx::detail
