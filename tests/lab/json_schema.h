// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <string>

/// The part of JSON Schema that resources/scenario.schema.json is written in.
/// Empty if `value` is accepted, otherwise where and why not. Throws for a keyword it does not know.
std::string schema_problem(const nlohmann::json& schema, const nlohmann::json& value);
