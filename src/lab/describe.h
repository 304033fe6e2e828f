// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"

#include <string>

namespace lab {

/// The command in words, for the log: `cancel 7 with cause "disk full"`. Empty for those that leave other
/// traces.
std::string describe(const command& c);

} // namespace lab
