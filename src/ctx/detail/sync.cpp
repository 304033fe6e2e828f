// SPDX-License-Identifier: MIT
#include "ctx/detail/sync.h"

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

} // namespace ctx::detail
