// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/input_error.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// A scenario: commands with times and a seed, read from JSON and checked completely before anything runs.
namespace lab {

/// One line of a scenario. Ids of contexts are the file's words; the runner maps them to the laboratory's numbers.
struct scenario_command {
    lab_time at{};
    command what;
    std::string id;      ///< the word by which later lines name what this one makes; empty: none
    std::string context; ///< the word for the parent (new_context) or the context (all others)
    std::string cancels; ///< after_func: the word for what its callback cancels
};

struct scenario {
    std::string name;
    std::string title;
    std::string description;
    std::int64_t seed = 1;
    std::vector<scenario_command> commands; ///< sorted by time; equal times keep the file's order

    bool needs_sockets() const;
};

/// Reads one scenario. `where` is what errors call the text (a file name). Throws input_error.
scenario parse_scenario(std::string_view json, std::string_view where);

/// Reads a file; throws input_error also when it cannot be read or is larger than 4 MiB.
scenario load_scenario(const std::filesystem::path& file);

/// The scenarios shipped with the program, by name.
std::vector<scenario> shipped_scenarios();

/// By shipped name, or else as a path. Throws input_error that names what is known.
scenario find_scenario(std::string_view name_or_path);

} // namespace lab
