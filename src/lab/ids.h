// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace lab {

/// Names a context, a worker, a request or a client call, each in a number space of its own, from 1. 0 is "none".
using id_t = std::uint64_t;

/// The laboratory's Background is always context 1.
inline constexpr id_t root_id = 1;

/// Laboratory time: nanoseconds since the last reset.
using lab_time = std::chrono::nanoseconds;

/// Milliseconds as the API and the scenario files write them.
inline double to_ms(lab_time t) { return std::chrono::duration<double, std::milli>(t).count(); }

} // namespace lab
