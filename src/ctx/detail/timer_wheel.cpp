// SPDX-License-Identifier: MIT
#include "ctx/detail/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace ctx::detail {

std::uint16_t timer_wheel::first_slot() const noexcept {
    if (ties_ != ready) return ties_;
    if (slots_[ready].first) return ready;
    const auto level = static_cast<unsigned>(std::countr_zero(full_levels_));
    return static_cast<std::uint16_t>(level * slots_a_level +
                                      static_cast<unsigned>(std::countr_zero(full_[level])));
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

timer_entry* timer_wheel::take_first(slot& s) noexcept {
    timer_entry* const e = s.first;
    if (timer_entry* const next = e->wheel_.next) {
        __builtin_prefetch(next, 1);
        __builtin_prefetch(reinterpret_cast<std::byte*>(next) - 64, 1); // whose member it often is
    }
    take(*e);
    return e;
}

timer_entry* timer_wheel::take_due(time_point now) noexcept {
    const key until = key_of(now);
    while (size_ > 0) {
        const std::uint16_t at = first_slot();
        slot& s = slots_[at];
        if (at == ties_ || at == ready) return reached_ > until ? nullptr : take_first(s);
        if (s.least > until) return nullptr;
        if (s.least == s.most) {
            reached_ = s.least;
            ties_ = at;
            return take_first(s);
        }
        deal(at);
    }
    return nullptr;
}

std::optional<time_point> timer_wheel::earliest() const noexcept {
    if (size_ == 0) return std::nullopt;
    const std::uint16_t at = first_slot();
    return time_of(at == ties_ || at == ready ? reached_ : slots_[at].least);
}

} // namespace ctx::detail
