// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

/// Moments and spans of time: nanoseconds in 64 bits, as in Go.
///
///     const ctx::time_point due = ctx::saturating_add(clock->now(), 90s);
///     ctx::to_string(ctx::saturating_sub(due, clock->now()));   // "1m30s"
///
/// Thread safety: plain values. Lifetime: none.
namespace ctx {

using duration = std::chrono::nanoseconds;
/// A moment on the monotonic clock of a tree.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
using system_time = std::chrono::time_point<std::chrono::system_clock, duration>;

/// `t + d`, held at the ends of the range instead of overflowing. CTX-091, CTX-102
time_point saturating_add(time_point t, duration d) noexcept;
/// `a - b`, held at the ends of the range.
duration saturating_sub(time_point a, time_point b) noexcept;

/// Go's Duration.String: `1m30s`, `1.5µs`, `0s`. CTX-214
std::string to_string(duration d);

} // namespace ctx
