// SPDX-License-Identifier: MIT
#pragma once

#include "lab/scenario.h"

#include <nlohmann/json.hpp>

namespace lab {

/// The scenario as a file has it (docs/formats.md); parse_scenario makes the same scenario of it. What the
/// reader had filled in (fields of workers, names) is written out.
nlohmann::ordered_json to_json(const scenario& s);

} // namespace lab
