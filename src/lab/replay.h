// SPDX-License-Identifier: MIT
#pragma once

#include "lab/inputs.h"
#include "lab/laboratory.h"
#include "lab/log_view.h"

#include <memory>
#include <string>
#include <vector>

/// Executing a life again, to go on from one of its moments.
///
///     auto plan = lab::fork_at(laboratory.inputs(), events, 40);   // events: of that life, the first is its
///     lab_started lab::fork other = lab::replay(plan);                         // in a laboratory of its
///     own, numbered from 1 laboratory.post(lab::reset_lab{.from = plan}, done);         // or in place, as
///     the next life
///
/// The log is compared with the earlier one event by event; the first that differs ends the replay with an
/// error. Afterwards the laboratory is paused; in the middle of an act (a propagation, say) its thread is
/// held there by step mode. Cost: what the life did, without waiting.
namespace lab {

/// A plan to stop after event `up_to`, or at the next hook or end of an act if that event is not at one; if
/// nothing has happened since that event, just as the life was when it was asked for. `log` holds the life's
/// events from its first one on, as far as they are to be compared.
std::shared_ptr<const rerun> fork_at(life l, const log_view& log, std::uint64_t up_to);

/// A plan to stop just before input `which` of the life came.
std::shared_ptr<const rerun> fork_before(life l, const log_view& log, std::size_t which);

/// What came of a replay.
struct fork {
    std::unique_ptr<laboratory> lab; ///< null if there was an error
    std::string error; ///< why the life cannot be executed again, or the first event that differs
};

/// In a fresh laboratory; waits. Of `o` only the pace counts; the rest is the life's.
fork replay(std::shared_ptr<const rerun> plan, options o = {});

/// Compares a whole life with what comes of executing it again. Empty if it is the same.
std::string check_replay(const life& l, const log_view& log);

} // namespace lab
