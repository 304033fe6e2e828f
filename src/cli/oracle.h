// SPDX-License-Identifier: MIT
#pragma once

#include <istream>
#include <ostream>
#include <span>
#include <string>

/// Runs oracle scripts on the library under virtual time and prints what it observed, a JSON object a line:
/// the same bytes that real Go prints.
namespace cli {

/// `name` is what complaints call the input. Throws lab::input_error if the script is not valid.
void run_oracle(std::istream& in, const std::string& name, std::ostream& out);

/// `ctxlab-cli oracle [FILE]`; gives the exit status.
int oracle_command(std::span<const std::string> arguments);

} // namespace cli
