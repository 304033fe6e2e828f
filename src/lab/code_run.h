// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/inputs.h"
#include "lab/log_view.h"
#include "lab/scenario.h"

#include <vector>

namespace lab {

/// A command of a run that did not come from its scenario. Ids are the run's.
struct run_input {
    std::uint64_t seq = 0; ///< of its command_issued event
    lab_time at{};
    command what;
};

/// The scenario with what people did during a run of it, as one list: for code_go.h and code_cpp.h. Refused
/// commands and those of the laboratory itself (clock, sweep, reset) are left out. `run` is the log of that
/// run, from its lab_started. Throws input_error for a command about a context that no command made.
scenario with_inputs(const scenario& s, const std::vector<run_input>& inputs, const std::vector<event>& run);

/// The same of a life as a laboratory or a recording has it; without a scenario it is what people did, alone.
/// `log` has the life's events.
scenario with_inputs(const life& l, const log_view& log);

} // namespace lab
