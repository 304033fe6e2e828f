// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

namespace cli {

/// `ctxlab-cli export`: a scenario as a program, or what it did as a file for other tools.
int export_command(std::span<const std::string> arguments);

} // namespace cli
