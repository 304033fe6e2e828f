// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/pool.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <new>

/// Counts what the whole program takes from the heap, and this thread from the library's pool. Include it in
/// one file of an executable: it replaces the global operator new. Under a sanitizer nothing is counted.
namespace test {

inline std::atomic<std::size_t> allocated{0};

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool counts_allocations = false;
#else
inline constexpr bool counts_allocations = true;
#endif

/// Allocations a call, over many calls, after one that warms up (Go: testing.AllocsPerRun).
template <class F>
double allocations_per_run(int runs, F f) {
    f();
    const std::size_t before = allocated + ctx::detail::pool_served();
    for (int i = 0; i < runs; ++i) f();
    const std::size_t after = allocated + ctx::detail::pool_served();
    return static_cast<double>((after - before) / static_cast<std::size_t>(runs));
}

/// Processor time of this thread: does not grow while others have the machine.
inline double cpu_nanoseconds() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

} // namespace test

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
void* operator new(std::size_t n) {
    test::allocated.fetch_add(1, std::memory_order_relaxed);
    if (void* p = std::malloc(n > 0 ? n : 1)) return p;
    throw std::bad_alloc();
}
void* operator new(std::size_t n, std::align_val_t a) {
    test::allocated.fetch_add(1, std::memory_order_relaxed);
    const auto align = static_cast<std::size_t>(a);
    if (void* p = std::aligned_alloc(align, (n + align - 1) / align * align)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
    std::free(p);
}
#endif
