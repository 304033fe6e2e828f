// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/state.h"

#include <string>
#include <string_view>

namespace lab {

/// The command in words, for the log: `cancel 7 with cause "disk full"`. Empty for those that leave other
/// traces.
std::string describe(const command& c);

/// Such a text with the name of the context that it speaks of instead of its number: `cancel request with
/// cause "disk full"`.
std::string with_name(std::string text, const state& s);

/// Whether a text of describe() is of a command for the clock.
bool describes_clock(std::string_view text);

} // namespace lab
