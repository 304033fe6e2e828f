// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Durations as Go writes them, in both directions: `1.5s`, `300ms`, `2m`, `1h30m0s`.
namespace lab {

/// What Go's time.ParseDuration accepts, with its rounding. Otherwise nothing, and `why` is Go's error text:
/// `time: missing unit in duration "12"`.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text, std::string& why);

/// The same; throws std::invalid_argument with that text.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// Go's Duration.String.
std::string duration_text(std::chrono::nanoseconds d);

} // namespace lab
