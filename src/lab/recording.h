// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/inputs.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a recording (`.ctxlab`, docs/formats.md) is made of. `recording_writer.h` writes one,
/// `recording_reader.h` reads one, `recording_file.h` does either in one go.
namespace lab {

struct recording_header {
    std::string program;            ///< version of the program that wrote it
    std::int64_t began_unix_ms = 0; ///< when the log began
    bool fast = false;              ///< virtual time jumped from timer to timer
    life first;                     ///< the laboratory's first life as it began, without its inputs
};

/// What a life turned out to be after its beginning was written.
struct life_note {
    std::uint64_t first_seq = 0; ///< of the life
    std::string recorded_only;
};

/// A part of the stream.
struct recording_block {
    std::vector<event> events;
    std::vector<life> lives;   ///< that began, without their inputs
    std::vector<input> inputs; ///< of the life in which their seq is
    std::vector<life_note> notes;
};

/// Where and why a recording stops being readable. Everything before was read.
struct recording_damage {
    std::uint64_t byte = 0;     ///< where the block begins that cannot be read
    std::uint64_t block = 0;    ///< its number, from 1
    std::uint64_t last_seq = 0; ///< the last event before it; 0: none
    std::string problem;
    bool unended = false; ///< nothing is missing but the end, as if whoever wrote it was killed

    /// `run.ctxlab: byte 6120 (block 5, after event 128): it is cut off`.
    std::string text(const std::string& where) const;
};

inline constexpr int recording_version = 1;

/// A writer closes a block when it has a quarter of the events that were before it, within these bounds, or
/// so many bytes: what is lost where a file is cut off is a small part of it, of a short recording, too.
inline constexpr std::size_t events_per_small_block = 32;
inline constexpr std::size_t events_per_block = 512;
inline constexpr std::size_t bytes_per_block = 256 * 1024;
/// A reader takes nothing larger: few bytes must not become any number of events. One event alone may make a
/// block larger than bytes_per_block.
inline constexpr std::size_t most_events_per_block = 65'536;
inline constexpr std::size_t largest_block = 64 << 20;
inline constexpr std::size_t largest_header = 16 << 20;

} // namespace lab
