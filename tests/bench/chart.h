// SPDX-License-Identifier: MIT
#pragma once

#include "results.h"

#include <string>

namespace bench {

/// An SVG of small charts, one a series: how the cost of one grows with their number, on logarithmic axes,
/// this library and Go. Follows the reader's colour scheme.
std::string growth_chart(const std::vector<series>& all);

/// An SVG of the rows that are compared with Go: how many times better, and the aim.
std::string ratio_chart(const std::vector<row>& rows);

} // namespace bench
