// SPDX-License-Identifier: MIT
#pragma once

#include "lab/replay.h"

#include <memory>
#include <string>
#include <vector>

/// Taking back one's own actions, by executing the life again without the last one and what came after it.
///
///     lab::undo_stack actions;                                   // "you"
///     if (auto plan = actions.undo(laboratory.inputs(), events)) // events of the life that goes on
///         laboratory.post(lab::reset_lab{.from = plan});
///
/// Actions are inputs that changed something: contexts and workers made, cancels, sweeps. The clock's
/// commands are not, but those after an action go with it, and come back with it. What was undone can be done
/// again until a new input comes. Thread safety: as a standard container.
namespace lab {

class undo_stack {
  public:
    explicit undo_stack(std::string who = "you") : who_(std::move(who)) {}

    bool can_undo(const life& now) const;
    bool can_redo(const life& now) const;

    /// The plan that ends just before the last own action; null if there is none.
    std::shared_ptr<const rerun> undo(const life& now, const log_view& log);

    /// The plan that ends where the life was when the action was undone; null if nothing was, or a new input
    /// came.
    std::shared_ptr<const rerun> redo(const life& now);

  private:
    struct undone {
        std::shared_ptr<const rerun> back; ///< the whole life, as it was
        std::size_t inputs_left = 0;       ///< in the life without the action
    };

    std::vector<undone> undone_;
    std::string who_;
};

} // namespace lab
