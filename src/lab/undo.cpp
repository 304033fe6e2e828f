// SPDX-License-Identifier: MIT
#include "lab/undo.h"

#include <algorithm>
#include <optional>

namespace lab {
namespace {

std::optional<std::size_t> last_action(const life& l, const std::string& who) {
    for (std::size_t i = l.inputs.size(); i-- > 0;)
        if (l.inputs[i].changed && l.inputs[i].who == who) return i;
    return std::nullopt;
}

/// Without the pause in which a replay has ended.
std::size_t own_inputs(const life& l, std::size_t most = SIZE_MAX) {
    const auto end = l.inputs.begin() + static_cast<std::ptrdiff_t>(std::min(most, l.inputs.size()));
    return static_cast<std::size_t>(
        std::count_if(l.inputs.begin(), end, [](const input& in) { return in.who != replays; }));
}

} // namespace

bool undo_stack::can_undo(const life& now) const {
    return now.recorded_only.empty() && last_action(now, who_);
}

bool undo_stack::can_redo(const life& now) const {
    return !undone_.empty() && undone_.back().inputs_left == own_inputs(now);
}

std::shared_ptr<const rerun> undo_stack::undo(const life& now, const log_view& log) {
    const auto which = last_action(now, who_);
    if (!which || !now.recorded_only.empty()) return nullptr;
    if (!can_redo(now)) undone_.clear();
    undone_.push_back(
        {.back = fork_at(now, log, now.first_seq - 1 + log.size()), .inputs_left = own_inputs(now, *which)});
    return fork_before(now, log, *which);
}

std::shared_ptr<const rerun> undo_stack::redo(const life& now) {
    if (!can_redo(now)) {
        undone_.clear();
        return nullptr;
    }
    const auto back = undone_.back().back;
    undone_.pop_back();
    return back;
}

} // namespace lab
