// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/state.h"

#include <string>

namespace lab {

/// One plain sentence that says what `e` was. `s` is the state that contains it (names are looked up there).
/// The same text feeds the event list, the status line, `--format text` and a screen reader.
std::string sentence(const event& e, const state& s);

/// `+1.250 s`: laboratory time as every view writes it.
std::string clock_text(lab_time t);

} // namespace lab
