// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <string>
#include <vector>

namespace cli {

/// A run to be laid beside another: a life of a recording, or a scenario that is played for it.
///
///     cli::compared_run r = cli::find_run("leak@7");          // the scenario with seed 7
///     cli::compared_run r = cli::find_run("run.ctxlab@2");    // the second life of a recording
struct compared_run {
    std::string title;              ///< `leak, seed 7`; `run.ctxlab, life 2 of 3`
    std::vector<lab::event> events; ///< of one life, from its first one on
    std::string damage;             ///< where the recording stops being readable; empty: nowhere
};

/// `@N` is left out for a scenario's own seed, and for the last life of a recording. Throws usage_error or
/// lab::input_error.
compared_run find_run(const std::string& what);

/// The last two lives of a recording: a run and what it was forked from.
std::pair<compared_run, compared_run> last_two_lives(const std::string& file);

} // namespace cli
