// SPDX-License-Identifier: MIT
#pragma once

#include "lab/scenario.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// A scenario as the two program writers see it (code_go.h, code_cpp.h): who is derived from whom, workers
/// with all their fields, and what is certain to come to an end.
namespace lab {

/// The root, or nothing at all.
inline constexpr std::size_t no_index = static_cast<std::size_t>(-1);

struct code_context {
    std::string label; ///< what the laboratory shows
    std::string words; ///< what its variable is called after
    new_context made;
    std::size_t parent = no_index;
    std::size_t cancels = no_index; ///< after_func: what its callback cancels
    bool ends = false;              ///< is done some time, whatever the workers do
};

struct code_worker {
    std::string label;
    new_worker spec; ///< complete
    std::size_t context = no_index;
    std::size_t cancels = no_index; ///< operation: what its failure cancels
    bool ends = false;
};

struct code_request {
    std::string label;
    send_request what;
};

/// One thing that happens: which one of the list that belongs to it.
struct code_step {
    enum class act { derive, start, cancel, look_up, send };
    lab_time at{};
    act what = act::derive;
    std::size_t which = 0; ///< derive, cancel, look_up: a context (look_up: maybe the root); start: a worker
    std::optional<std::string> text; ///< cancel: the cause; look_up: the key
};

struct code_plan {
    std::string name, title, description;
    std::int64_t seed = 1;
    std::vector<code_context> contexts;
    std::vector<code_worker> workers;
    std::vector<code_request> requests;
    std::vector<code_step> steps;      ///< in the order in which they happen
    std::vector<std::string> keys;     ///< of values, each once
    std::vector<std::string> channels; ///< each once
    /// When everything that ends by itself has ended, at the latest.
    lab_time horizon{};

    bool starts(std::string_view kind) const;
    bool derives(context_kind kind) const;
    bool looks_up() const;
    /// A worker may be left for ever.
    bool may_stay() const;
    /// It is ended by a timer or a callback: maybe after all commands, so the program waits for that.
    bool waits_for(std::size_t context) const;
};

/// Commands of the laboratory itself (sweep, clock) are left out: a program has no picture to sweep.
/// Throws input_error for what cannot be written down.
code_plan plan_of(const scenario& s);

} // namespace lab
