// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace cli {

/// `run.ctxlab`, or `run.ctxlab@2`: a recording, or one of its lives.
bool names_recording(const std::string& what);

/// Writes a life of a recording, the last one if none is named, as `ndjson`, `perfetto`, `go` or `cpp`; "-"
/// is standard output. Gives the exit status: 1 for a recording that is damaged, of which what can be read is
/// written. Throws usage_error or lab::input_error.
int export_recording(const std::string& what, const std::string& as, const std::string& output);

/// Text to a file, which is not touched if something fails, or to standard output.
void write_whole(const std::string& text, const std::string& output);

} // namespace cli
