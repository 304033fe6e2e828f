// SPDX-License-Identifier: MIT
#include "ctx/detail/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace ctx::detail {

std::uint16_t timer_wheel::slot_for(key due) const noexcept {
    if (due <= reached_) return ready;
    const auto highest = static_cast<unsigned>(std::bit_width(due ^ reached_) - 1);
    const unsigned level = highest / digit_bits;
    const auto digit = static_cast<unsigned>(due >> (level * digit_bits)) % slots_a_level;
    return static_cast<std::uint16_t>(level * slots_a_level + digit);
}

std::uint16_t timer_wheel::first_slot() const noexcept {
    if (slots_[ready].first) return ready;
    const auto level = static_cast<unsigned>(std::countr_zero(full_levels_));
    return static_cast<std::uint16_t>(level * slots_a_level +
                                      static_cast<unsigned>(std::countr_zero(full_[level])));
}

void timer_wheel::mark_full(std::uint16_t at) noexcept {
    if (at == ready) return;
    full_[at / slots_a_level] |= std::uint64_t{1} << at % slots_a_level;
    full_levels_ |= 1u << at / slots_a_level;
}

void timer_wheel::mark_empty(std::uint16_t at) noexcept {
    if (at == ready) return;
    std::uint64_t& level = full_[at / slots_a_level];
    level &= ~(std::uint64_t{1} << at % slots_a_level);
    if (level == 0) full_levels_ &= ~(1u << at / slots_a_level);
}

void timer_wheel::put(timer_entry& e, key due) noexcept {
    const std::uint16_t at = slot_for(due);
    slot& s = slots_[at];
    e.slot_ = at;
    e.wheel_ = {.prev = s.last, .next = nullptr};
    if (s.last) {
        s.last->wheel_.next = &e;
        s.least = std::min(s.least, due);
    } else {
        s.first = &e;
        s.least = due;
        mark_full(at);
    }
    s.last = &e;
}

void timer_wheel::take(timer_entry& e) noexcept {
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
    if (!s.first) mark_empty(e.slot_);
    e.slot_ = timer_entry::nowhere;
    --size_;
}

void timer_wheel::arm(timer_entry& e, time_point due) noexcept {
    e.set_due(due);
    put(e, key_of(due));
    ++size_;
}

bool timer_wheel::disarm(timer_entry& e) noexcept {
    if (e.slot_ == timer_entry::nowhere) return false;
    take(e);
    return true;
}

/// Goes on to the first time of a slot, and puts what was in it where it is to be from then on.
void timer_wheel::deal(std::uint16_t from) noexcept {
    slot& s = slots_[from];
    reached_ = s.least;
    timer_entry* e = s.first;
    s.first = s.last = nullptr;
    mark_empty(from);
    while (e) {
        timer_entry* const next = e->wheel_.next;
        if (next) __builtin_prefetch(next);
        put(*e, key_of(e->due_));
        e = next;
    }
}

timer_entry* timer_wheel::take_due(time_point now) noexcept {
    const key until = key_of(now);
    while (size_ > 0) {
        const std::uint16_t at = first_slot();
        slot& s = slots_[at];
        if (at == ready) {
            if (reached_ > until) return nullptr;
            timer_entry* const e = s.first;
            take(*e);
            return e;
        }
        if (s.least > until) return nullptr;
        deal(at);
    }
    return nullptr;
}

std::optional<time_point> timer_wheel::earliest() const noexcept {
    if (size_ == 0) return std::nullopt;
    const std::uint16_t at = first_slot();
    return time_of(at == ready ? reached_ : slots_[at].least);
}

} // namespace ctx::detail
