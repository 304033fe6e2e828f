// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <string>
#include <vector>

namespace lab {

/// What a run came to, in the lines that the programs of code_go.h and code_cpp.h print after their times:
/// each worker's exit, each value found, how each context ended, what became of each AfterFunc; in
/// alphabetical order, because what happens at one moment has none.
std::vector<std::string> code_outcome(const std::vector<event>& run);

} // namespace lab
