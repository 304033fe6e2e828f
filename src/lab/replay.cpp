// SPDX-License-Identifier: MIT
#include "lab/replay.h"

#include "lab/event_hash.h"

#include <algorithm>

namespace lab {

std::shared_ptr<const rerun> fork_at(life l, const log_view& log, std::uint64_t up_to) {
    auto plan = std::make_shared<rerun>();
    plan->expected = running_hashes(log);
    plan->up_to = up_to;
    plan->what = std::move(l);
    if (plan->what.here.seq == up_to) plan->exactly = plan->what.here;
    std::erase_if(plan->what.inputs, [&](const input& in) { return in.seq > up_to; });
    return plan;
}

std::shared_ptr<const rerun> fork_before(life l, const log_view& log, std::size_t which) {
    const input in = l.inputs.at(which);
    auto plan = std::make_shared<rerun>(*fork_at(std::move(l), log, in.seq - 1));
    plan->exactly = {.seq = in.seq - 1, .turn = in.turn, .at = in.at, .held = in.held};
    return plan;
}

fork replay(std::shared_ptr<const rerun> plan, options o) {
    o.with = nullptr;
    o.from = std::move(plan);
    auto lab = std::make_unique<laboratory>(std::move(o));
    const reply r = lab->replayed();
    if (!r.ok()) return {.lab = nullptr, .error = r.error};
    return {.lab = std::move(lab), .error = {}};
}

std::string check_replay(const life& l, const log_view& log) {
    return replay(fork_at(l, log, l.first_seq - 1 + log.size()), {.as_fast_as_possible = true}).error;
}

} // namespace lab
