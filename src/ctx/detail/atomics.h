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

/// A lock like M: M itself. (tests/explore looks into it in one place, and takes it for granted in the others.)
template <class M>
using lock_like = M;

/// The calling thread's own T, made when it first asks.
template <class T>
T& per_thread() {
    thread_local T value;
    return value;
}

/// Between two looks at a value that another thread is about to change.
inline void yield() noexcept {
    std::this_thread::yield();
}

/// How often a thread tries to get a small_mutex before it sleeps.
inline constexpr int spins_before_sleep = 40;

/// Where a thread's random choices begin.
inline std::uint64_t random_seed() noexcept {
    const auto now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    const std::uint64_t thread = std::hash<std::thread::id>()(std::this_thread::get_id());
    return (now << 20) ^ (thread * 0x9E3779B97F4A7C15u);
}

} // namespace ctx::detail

#endif
