// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/state.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

/// A picture as `GET /api/v1/state` and `ctxlab-cli run --state` give it.
namespace lab {

/// Times are milliseconds of laboratory time, whole ones without a fraction. Members that do not apply are
/// null.
nlohmann::ordered_json to_json(const state& s);

/// `{"mode","running","speed"}`, the answer of `POST /api/v1/clock`.
nlohmann::ordered_json to_json(const clock_info& c);

/// The kinds of workers and their fields, as `GET /api/v1/workers/kinds` lists them.
nlohmann::ordered_json to_json(const std::vector<worker_kind>& kinds);

/// The JSON as text. Texts from outside that are not UTF-8 get the replacement character instead of an
/// exception.
std::string json_text(const nlohmann::ordered_json& j, int indent = -1);

/// Milliseconds as a JSON number: an integer if nothing is lost by it.
nlohmann::ordered_json ms_json(lab_time t);

} // namespace lab
