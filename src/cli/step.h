// SPDX-License-Identifier: MIT
#pragma once

#include "lab/laboratory.h"

#include <iosfwd>

namespace cli {

/// Goes through what is in the laboratory step by step, and says at each held moment what has happened and
/// what comes next. Reads one answer a line: empty, a step; `s SIZE`, a step of that size from now on; `r`,
/// run on; `q`, or the end of the input, quit. `prompts`: a person is asked. True: run on.
bool step_through(lab::laboratory& l, lab::step_size size, std::istream& in, std::ostream& out, bool prompts);

/// Throws usage_error for another word.
lab::step_size step_size_of(const std::string& word);

} // namespace cli
