// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/input_error.h"

#include <nlohmann/json.hpp>

#include <string>

/// An event as a line of the log's file format, and back.
///
///     {"v":1,"seq":9,"at_ns":500000000,"at_ms":500,"kind":"context_done","context":2,
///      "err":"context canceled","cause":"context canceled","by":2}
///
/// `v` is the version of the format. After `kind` come exactly the members that the kind fills, each of them
/// always; only `deadline_ns` is left out when there is none, and `wall_ns` in a deterministic run.
namespace lab {

inline constexpr int event_format_version = 1;

nlohmann::ordered_json to_json(const event& e);

/// One line without its end. Texts that are not UTF-8 get the replacement character.
std::string to_line(const event& e);

/// Throws input_error that names the member: `by: "x": expected a whole number from 0`. Members it does not
/// know are left alone, so later minor additions can be read.
event event_from_json(const nlohmann::json& j);

} // namespace lab
