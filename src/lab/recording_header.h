// SPDX-License-Identifier: MIT
#pragma once

#include "lab/recording.h"
#include "lab/recording_schema.h"

#include <string>
#include <string_view>

/// The first line of a recording: JSON, its last member a checksum of all that stands before it.
namespace lab {

/// With its end of line. Throws input_error if the scenario is none that could be read again.
std::string header_line(const recording_header& h);

struct read_header {
    recording_header header;
    recording_schema schema;
};

/// `line` without its end. Throws input_error that begins with `where`.
read_header parse_header_line(std::string_view line, const std::string& where);

/// What every recording begins with.
inline constexpr std::string_view recording_magic = R"({"format":"ctxlab-recording","version":)";

} // namespace lab
