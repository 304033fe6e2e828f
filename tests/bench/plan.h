// SPDX-License-Identifier: MIT
#pragma once

#include "results.h"

/// Which programs have to run, and which of their rows.
namespace bench {

/// Prints a line an area: its name, the filter for Google Benchmark, and those for Go with one processor and
/// with two; `-` where there is nothing to run. `wanted` is a regular expression over names and titles.
void print_plan(const results& all, const std::string& wanted, bool heavy);

/// Prints the names and titles of those rows.
void print_list(const results& all, const std::string& wanted);

} // namespace bench
