// SPDX-License-Identifier: MIT
#pragma once

#include "lab/recording.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

/// What a laboratory was told, as a recording keeps it beside the events: lives and their inputs.
///
///     {"record":"life","first_seq":57,"clock":"virtual","running":true,"speed":1,"seed":7,"scenario":{...}}
///     {"record":"input","seq":61,"turn":9,"at_ns":500000000,"who":"you",
///      "command":{"do":"cancel_context","context":4}}
///     {"record":"recorded_only","first_seq":57,"why":"requests over sockets"}
namespace lab {

/// A life as it began, without its inputs; also in the header of a recording.
nlohmann::ordered_json to_json(const life& l);

/// Throws input_error that begins with `where`.
life life_from_json(const nlohmann::json& j, const std::string& where);

std::string life_record(const life& l);
std::string input_record(const input& i);
std::string note_record(const life_note& n);

/// Adds what `json` says to `out`; records of a later version are passed over. Throws input_error that begins
/// with `where`.
void read_life_record(std::string_view json, const std::string& where, recording_block& out);

} // namespace lab
