// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/pool.h"

#include <cstddef>
#include <cstdint>

/// The inside of pool.h, for the library's own calls, whose sizes are known when they are compiled. Not for
/// public headers: a program may be compiled with a sanitizer that the library was compiled without.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(CTX_EXPLORE)
#define CTX_PLAIN_NEW
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CTX_PLAIN_NEW
#endif
#endif

namespace ctx::detail {

#ifdef CTX_PLAIN_NEW

inline void* pool_take(std::size_t size) {
    return pool_allocate(size);
}
inline void pool_put(void* memory, std::size_t size) noexcept {
    pool_free(memory, size);
}

#else

inline constexpr std::size_t pool_step = 16;
inline constexpr std::size_t pool_sizes = pool_limit / pool_step;
inline constexpr unsigned pool_batch = 64; // pieces that a thread fetches or gives back at once

struct pool_piece {
    pool_piece* next;
};

/// The free pieces that a thread keeps.
struct pool_cache {
    struct shelf {
        pool_piece* pieces = nullptr;
        unsigned count = 0;
    };
    shelf shelves[pool_sizes];
    std::uint64_t served = 0;
};

/// Of this thread; null before its first piece, and once it has begun to end.
extern constinit thread_local pool_cache* pool_here;

/// When the thread has no piece of that size, and when it has too many.
void* pool_fetch(std::size_t index);
void pool_shed(void* memory, std::size_t index) noexcept;

inline void* pool_take(std::size_t size) {
    if (size == 0 || size > pool_limit) return ::operator new(size);
    const std::size_t index = (size - 1) / pool_step;
    pool_cache* const cache = pool_here;
    if (!cache || !cache->shelves[index].pieces) return pool_fetch(index);
    pool_cache::shelf& s = cache->shelves[index];
    pool_piece* const p = s.pieces;
    s.pieces = p->next;
    --s.count;
    ++cache->served;
    return p;
}

inline void pool_put(void* memory, std::size_t size) noexcept {
    if (size == 0 || size > pool_limit) return ::operator delete(memory);
    const std::size_t index = (size - 1) / pool_step;
    pool_cache* const cache = pool_here;
    if (!cache || cache->shelves[index].count >= 2 * pool_batch) return pool_shed(memory, index);
    pool_cache::shelf& s = cache->shelves[index];
    auto* const p = static_cast<pool_piece*>(memory);
    p->next = s.pieces;
    s.pieces = p;
    ++s.count;
}

#endif

} // namespace ctx::detail
