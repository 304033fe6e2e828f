// SPDX-License-Identifier: MIT
#pragma once

#include "lab/log_view.h"
#include "lab/subject_index.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Two futures side by side: where two runs part, and what became of everything in either.
///
///     const lab::comparison c = lab::compare(ghost, live);   // each from its lab_started on
///     if (c.same()) return;
///     show(c.first->left.sentence, c.first->right.sentence);
///     for (const lab::compared& thing : c.things)
///         if (thing.differs()) show(thing.name, thing.left_fate, thing.right_fate);
///
/// Compared is what happens, event by event (lab/event_hash.h): neither wall time, nor how the runs began
/// (scenario and seed are facts of their own), nor when somebody paused or stepped the clock. A thing on one
/// side is the same as one on the other if it hangs below the same thing under the same name, and as many of
/// that name came before it; so runs of different scenarios can be laid side by side, too.
///
/// Value types and pure functions. Cost: O(n) in both logs.
namespace lab {

enum class side : std::uint8_t { left, right };

/// An event of one side, as it read there and then. Of a run that is over before: seq 0, no sentence.
struct told {
    std::uint64_t seq = 0;
    std::uint64_t number = 0; ///< of all events of its run, from 1
    lab_time at{};
    std::string sentence;
};

struct first_difference {
    std::uint64_t same = 0; ///< events that both have before it, of those that are compared
    told left, right;       ///< at most one of them is over

    const told& of(side s) const { return s == side::left ? left : right; }
};

/// Something that can be said of a thing on both sides.
struct fact {
    std::string name; ///< "Err", "done", "exited", "overtime" ...
    std::string left, right;
    bool differs = false;

    const std::string& of(side s) const { return s == side::left ? left : right; }
};

/// A context, worker, request or call, and what became of it on either side.
struct compared {
    subject::sort sort = subject::sort::context;
    std::string name;
    id_t left = 0, right = 0; ///< its id there; 0: there is none
    std::vector<fact> facts;  ///< none, if all are the same, or it is on one side only

    /// What became of it, in words; empty where there is none.
    std::string left_fate, right_fate;

    id_t id(side s) const { return s == side::left ? left : right; }
    const std::string& fate(side s) const { return s == side::left ? left_fate : right_fate; }
    bool differs() const;
};

struct comparison {
    std::vector<fact> runs;   ///< scenario, seed
    std::vector<fact> totals; ///< contexts, workers, leaks, requests, overtime, events, when it ended
    std::optional<first_difference> first;
    /// Contexts first, then workers, requests, calls; each in the left side's order, then what only the right
    /// has.
    std::vector<compared> things;

    /// The same happened. The scenario's name and the seed may differ all the same.
    bool same() const { return !first; }
    std::size_t differing() const; ///< things
};

/// Whole lives, or beginnings of lives.
comparison compare(const log_view& left, const log_view& right);

/// Where two lives part, without the rest: `same` and the events' numbers, no sentences.
std::optional<first_difference> first_difference_of(const log_view& left, const log_view& right);

} // namespace lab
