// SPDX-License-Identifier: MIT
#pragma once

#include "lab/append_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// The folder in which running laboratories are recorded, and what crashed programs left there. Whoever
/// records holds the lock of its file; a lock ends with its process, however that ends.
namespace lab {

/// `ctxlab/runs` in $XDG_STATE_HOME, otherwise in ~/.local/state. Throws input_error if there is neither.
std::filesystem::path runs_folder();

/// A new file in the folder, which is made if it is not there, locked for as long as it is open. Throws
/// input_error or std::filesystem::filesystem_error.
append_file new_run(const std::filesystem::path& folder);

struct unfinished_run {
    std::filesystem::path file;
    std::string scenario; ///< of its last life; empty: none
    std::string title;    ///< the scenario's
    std::int64_t began_unix_ms = 0;
    std::int64_t ended_unix_ms = 0; ///< when it was written to for the last time
    std::uint64_t events = 0;
    std::string problem; ///< why it cannot be opened; empty: it can
};

/// What no running program writes to any more, the newest first. It reads the files, which takes about half a
/// second for a million events; files without an event are removed. A folder that is not there holds nothing.
std::vector<unfinished_run> unfinished_runs(const std::filesystem::path& folder);

/// Removes the file, unless a running program writes to it: then false.
bool discard(const std::filesystem::path& file);

} // namespace lab
