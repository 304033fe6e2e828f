// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"

#include <string>
#include <string_view>

namespace lab {

/// The command in words, for the log: `cancel 7 with cause "disk full"`. Empty for those that leave other
/// traces.
std::string describe(const command& c);

/// Whether a text of describe() is of a command for the clock.
bool describes_clock(std::string_view text);

} // namespace lab
