// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"
#include "ctx/observer.h"

#include <optional>

namespace ctx::detail {

/// Go's default form of a time: `2009-11-10 23:00:02.5 +0000 UTC m=+2.500000000`; the last part only for one
/// that has a monotonic reading. CTX-213
std::string format_time(const clock& on, system_time wall, const std::optional<time_point>& monotonic);

/// `handler.cpp:42`; empty if the place is not known.
std::string place(const call_site& at);

} // namespace ctx::detail
