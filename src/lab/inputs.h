// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/scenario.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What went into a life of a laboratory. On the virtual clock, scenario, seed and inputs give the same log
/// again.
///
///     const lab::life before = laboratory.inputs();
///     if (before.recorded_only.empty()) fork_at(before, 40);   // replay.h
///
/// Value types. Sequence numbers are those of the log that the life was lived in.
namespace lab {

/// A command that came from outside: from a person, the API, the CLI; not from the scenario's own script.
struct input {
    std::uint64_t seq = 0;  ///< of its command_issued event; of a question, of its answer
    std::uint64_t turn = 0; ///< how many acts (a worker's turn, a timer) the laboratory had begun before it
    lab_time at{};
    bool held = false;    ///< it came while the laboratory's thread was held in the middle of an act
    bool changed = false; ///< it was accepted, and is of the kind that one may want to undo
    std::string who;      ///< "you", "api", "cli" ...
    command what;
};

/// A moment of a life, exactly: acts tell moments apart that no event does.
struct place {
    std::uint64_t seq = 0;  ///< of the last event before it
    std::uint64_t turn = 0; ///< acts begun
    lab_time at{};
    bool held = false; ///< in the middle of an act
};

/// Who pauses the clock where a replay ends.
inline constexpr const char* replays = "replay";

struct life {
    std::shared_ptr<const scenario> with; ///< none: it began empty
    std::int64_t seed = 1;
    clock_mode mode =
        clock_mode::virtual_time; ///< the clock as it was when the life began, like what follows
    bool running = true;
    double speed = 1;
    std::uint64_t first_seq = 1; ///< of its lab_started event
    std::vector<input> inputs;   ///< in the order in which they were executed
    place here;                  ///< the moment at which somebody asked for this
    /// Why it cannot be executed again ("requests over sockets"); empty: it can.
    std::string recorded_only;
};

/// Which of a log's lives, in their order, an event is in; there is at least one.
inline std::size_t life_at(std::span<const life> all, std::uint64_t seq) {
    const auto later = std::upper_bound(all.begin() + 1, all.end(), seq,
                                        [](std::uint64_t s, const life& l) { return s < l.first_seq; });
    return static_cast<std::size_t>(later - all.begin()) - 1;
}

/// A life to be executed again up to an event.
struct rerun {
    life what;
    /// Stop at the first moment at which the laboratory can stop once this event is in the log: at a hook of
    /// the library, or between two acts.
    std::uint64_t up_to = 0;
    std::optional<place> exactly = {}; ///< instead of the first such moment
    /// Running hash (event_hash.h) after each event of the life, to compare with; may end before `up_to`.
    std::vector<std::uint64_t> expected;
};

} // namespace lab
