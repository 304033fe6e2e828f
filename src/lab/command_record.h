// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"

#include <nlohmann/json.hpp>

#include <string_view>

/// Commands as recordings keep them: every member as it was given, also what the laboratory then refused.
///
///     {"do":"new_context","parent":1,"kind":"with_timeout","timeout_ns":2000000000}
///
/// (`command_json.h` reads what a person wrote, and checks it.)
namespace lab {

/// Members that are at their defaults are left out.
nlohmann::ordered_json to_json(const command& c);

/// Throws input_error that names the member. `where` is what errors about a scenario call the text.
command command_from_json(const nlohmann::json& j, std::string_view where);

} // namespace lab
