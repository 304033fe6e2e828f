// SPDX-License-Identifier: MIT
#pragma once

#include "cli/oracle_world.h"

#include <string>

namespace cli {

/// The printed form of a context in which every `WithDeadline(<time> [<duration>])` of the library reads
/// `WithDeadline(@<N>ms [<M>ms])`. Keys, values and names are left alone, whatever they look like.
std::string script_name(const oracle_context& c);

} // namespace cli
