// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <ostream>

namespace cli {

/// The contexts of a moment, each below its parent, with their workers; one a line.
void write_tree(std::ostream& out, const lab::state& s);

} // namespace cli
