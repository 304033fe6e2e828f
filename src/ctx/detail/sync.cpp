// SPDX-License-Identifier: MIT
#include "ctx/detail/biased_mutex.h"

#include <algorithm>

namespace ctx::detail {

void futex_mutex::lock_slow(std::int32_t seen) noexcept {
    for (int spin = 0; spin < spins_before_sleep; ++spin) {
        seen = 0;
        if (word_.compare_exchange_weak(seen, locked, std::memory_order_acquire, std::memory_order_relaxed))
            return;
    }
    // Whoever slept once must leave the word at "contended": it cannot know whether others still sleep.
    while (word_.exchange(contended, std::memory_order_acquire) != 0)
        word_.wait(contended, std::memory_order_relaxed);
}

void spin_mutex::lock_slow() noexcept {
    unsigned round = 0;
    do {
        while (locked_.load(std::memory_order_relaxed)) wait_a_little(round++);
    } while (locked_.exchange(true, std::memory_order_acquire));
}

void spin_mutex::wait_slow() const noexcept {
    for (unsigned round = 0; locked_.load(std::memory_order_acquire);) wait_a_little(round++);
}

void biased_spin_mutex::begin_bias() noexcept {
#if defined(CTX_EXPLORE) || defined(__SANITIZE_THREAD__) // which shall see what comes of it
    constexpr bool pays = true;
#else
    const bool pays = common_fences.uneven();
#endif
    if (!pays) return;
    favourite_.store(candidate_, std::memory_order_relaxed);
    biased_.store(true, std::memory_order_relaxed);
}

void biased_spin_mutex::end_bias() noexcept {
    biased_.store(false, std::memory_order_relaxed);
    common_fences.seldom();
    for (unsigned round = 0; in_.load(std::memory_order_acquire);) wait_a_little(round++);
    constexpr std::uint16_t longest = 1u << 15;
    patience_ = left_ = std::min<std::uint16_t>(longest, static_cast<std::uint16_t>(2 * patience_));
}

} // namespace ctx::detail
