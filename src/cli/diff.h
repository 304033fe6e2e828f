// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

namespace cli {

/// `ctxlab-cli diff`: see its --help. Gives the exit status; throws usage_error or lab::input_error.
int diff_command(std::span<const std::string> arguments);

} // namespace cli
