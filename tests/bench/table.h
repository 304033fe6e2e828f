// SPDX-License-Identifier: MIT
#pragma once

#include "results.h"

#include <ostream>

namespace bench {

/// The rows, aligned for a terminal.
void print_table(const std::vector<row>& rows, std::ostream& out);
/// How many rows with an aim reached it, and which did not. True if all of them did.
bool print_verdict(const std::vector<row>& rows, std::ostream& out);
/// The same for programs, with the figures of every round.
void write_json(const std::vector<row>& rows, const figures& cpp, const figures& go,
                const std::filesystem::path& file);

/// `8 x`, `<= 1 ms`, `10 x or a load`, empty.
std::string aim_text(const row& r);
/// `yes`, `no`, empty.
std::string reached_text(const row& r);

} // namespace bench
