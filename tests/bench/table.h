// SPDX-License-Identifier: MIT
#pragma once

#include "results.h"

#include <ostream>

namespace bench {

/// The rows, and then the peers, aligned for a terminal.
void print_table(const results& all, std::ostream& out);
/// How many rows with an aim reached it, and which did not. True if none fell short.
bool print_verdict(const results& all, std::ostream& out);
/// The same for programs, with the figures of every round.
void write_json(const results& all, const figures& cpp, const figures& go, const std::filesystem::path& file);

/// The cells of a row, as texts: title, unit, Go, ctx, ratio, aim, reached.
std::vector<std::string> cells(const row& r);
/// Title, unit, std::stop, plain, ctx.
std::vector<std::string> cells(const peer& p);

} // namespace bench
