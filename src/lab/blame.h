// SPDX-License-Identifier: MIT
#pragma once

#include "lab/log_view.h"
#include "lab/state.h"

#include <optional>
#include <string>
#include <vector>

/// Who ended a context, by which way that came to it, and what came of it.
///
///     if (const auto b = lab::blame_for(events, picture, 7))
///         for (const std::string& line : lab::sentences(*b, picture)) show(line);
///
/// Pure functions of a gapless piece of a log, from its `lab_started` on, and the picture at its end.
/// Cost: of the depth, and of the distance in the log between the call and the end it brought.
namespace lab {

enum class culprit : std::uint8_t {
    person,     ///< a command, `who` says from where: "you", "api"
    scenario,   ///< a line of the scenario
    worker,     ///< a worker's own code
    after_func, ///< a function that an earlier end started
    timer,      ///< a deadline
    client,     ///< the client of a request has left
    request,    ///< a request was over, so its handler's context was, too
    program,    ///< code of the laboratory itself, such as a server that stops
};

struct hop {
    id_t context = 0;
    std::uint64_t seq = 0; ///< of its end
    lab_time at{};
    lab_time took{};            ///< since the hop before, or since the call
    std::int64_t wall_took = 0; ///< the same in wall time, ns; 0 where the log has none
    bool at_birth = false;      ///< it was made below a context that was done already
};

struct reaction {
    id_t worker = 0;
    std::optional<lab_time> to_notice; ///< from the end of its context
    std::optional<lab_time> to_exit;
};

struct blame {
    id_t context = 0;
    std::string err, cause;
    culprit by = culprit::program;
    std::string who;            ///< person: from where the command came
    id_t worker = 0;            ///< by a worker: which
    id_t registration = 0;      ///< by an after_func: which
    id_t request = 0;           ///< by a client or a request: which
    std::uint64_t call_seq = 0; ///< of the call or of the timer; 0: the log does not have it
    lab_time called{};
    std::vector<hop> path; ///< from the context of the call down to this one
    std::vector<reaction> reactions;
};

/// Empty if the context is not done, or not in the picture.
std::optional<blame> blame_for(const log_view& log, const state& s, id_t context);

/// In plain words: who, the way, the workers.
std::vector<std::string> sentences(const blame& b, const state& s);

} // namespace lab
