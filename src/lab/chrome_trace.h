// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <string>
#include <vector>

namespace lab {

/// The log as Chrome-trace JSON, which Perfetto opens: contexts and workers as tracks, an arrow from the end of a
/// context to each worker that noticed it.
std::string chrome_trace(const std::vector<event>& events);

} // namespace lab
