// SPDX-License-Identifier: MIT
#pragma once

#include "lab/compare.h"

#include <ostream>
#include <string>

namespace cli {

/// A comparison for people: where the runs part, then a table of what differs.
void write_difference(std::ostream& out, const lab::comparison& c, const std::string& left,
                      const std::string& right);

/// The same and everything else, as JSON.
void write_difference_json(std::ostream& out, const lab::comparison& c, const std::string& left,
                           const std::string& right);

} // namespace cli
