// SPDX-License-Identifier: MIT
#pragma once

/// Everything through which threads meet in this library. These are the standard's own, unless the library is
/// compiled for tests/explore, which runs it under every order of these operations (docs/concurrency.md).
#ifdef CTX_EXPLORE
#include "explore/instruments.h"
#else

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace ctx::detail {

template <class T>
using atomic = std::atomic<T>;
using mutex = std::mutex;

/// A lock like M: M itself. (tests/explore looks into it in one place, and takes it for granted in the
/// others.)
template <class M>
using lock_like = M;

/// The calling thread's own T, made when it first asks.
template <class T>
T& per_thread() {
    thread_local T value;
    return value;
}

/// No operation of this thread before it is seen after one behind it.
inline void full_fence() noexcept {
#ifdef __SANITIZE_THREAD__ // which does not know fences
    static atomic<int> everybody{0};
    everybody.fetch_add(1, std::memory_order_seq_cst);
#else
    std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

/// Between two looks at a value that another thread is about to change.
inline void yield() noexcept {
    std::this_thread::yield();
}

/// The same, for the `round`th time: gives the processor a breath first, then other threads, and in the end
/// sleeps for up to a millisecond, so that a thread of high priority cannot keep the one it waits for from
/// running.
inline void wait_a_little(unsigned round) noexcept {
    if (round < 64) {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    } else if (round < 80) {
        std::this_thread::yield();
    } else {
        std::this_thread::sleep_for(std::chrono::microseconds(round < 90 ? 1u << (round - 80) : 1000u));
    }
}

/// How often a thread tries to get a small_mutex before it sleeps.
inline constexpr int spins_before_sleep = 40;

/// How often a thread looks at a Done, with breaths between, before it waits for it.
inline constexpr int looks_before_wait = 8;

/// How often in a row one thread has to take a biased_mutex before it is the favourite.
inline constexpr std::uint16_t first_patience = 1024;

/// How many shares a list of children is split into, and how often a thread has to meet another one on the
/// lock of a list before it is.
inline constexpr unsigned shares = 8;
inline constexpr unsigned meetings_before_shares = 8;

/// Threads get numbers in the order in which they first ask.
inline unsigned next_thread_number() noexcept {
    static std::atomic<unsigned> threads{0};
    return threads.fetch_add(1, std::memory_order_relaxed);
}

/// Where a thread's random choices begin.
inline std::uint64_t random_seed() noexcept {
    const auto now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    const std::uint64_t thread = std::hash<std::thread::id>()(std::this_thread::get_id());
    return (now << 20) ^ (thread * 0x9E3779B97F4A7C15u);
}

} // namespace ctx::detail

#endif
