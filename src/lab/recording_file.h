// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_log.h"
#include "lab/recording.h"
#include "lab/recording_writer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

/// Whole recordings.
namespace lab {

/// A recording on its way to a file of the user's: the file is what it was, or not there, until commit().
///
///     lab::recording_save save("run.ctxlab", header);   // throws now if nothing can be written there
///     ...
///     save.commit(log, lives);
///
/// Everything throws input_error that names the file.
class recording_save {
  public:
    recording_save(std::filesystem::path file, const recording_header& header);
    recording_save(const recording_save&) = delete;
    recording_save& operator=(const recording_save&) = delete;
    ~recording_save();

    /// The log as it is now, up to event `last`, and its lives in their order. Once.
    void commit(const event_log& log, std::span<const life> lives, std::uint64_t last = UINT64_MAX);

  private:
    std::filesystem::path file_;
    std::filesystem::path
        temporary_; ///< in the same folder, so that it can take the file's place; empty: it has
    recording_writer writer_;
};

/// In one go.
void save_recording(const std::filesystem::path& file, const recording_header& header, const event_log& log,
                    std::span<const life> lives);

/// By its name, which ends in .ctxlab, or by how it begins. False too if it cannot be read.
bool is_recording(const std::filesystem::path& file);

struct recording {
    recording_header header;
    std::vector<event> events;
    std::vector<life> lives; ///< with their inputs; at least one
    std::optional<recording_damage> damage;
};

/// Throws input_error, as recording_reader does.
recording load_recording(const std::filesystem::path& file);

/// Opened into an empty log, for those who follow one.
struct opened_recording {
    recording_header header;
    std::vector<life> lives;
    std::optional<recording_damage> damage;
    bool given_up = false; ///< it was not read to its end, because nobody wanted that any more
};

/// Called after each block with how many bytes of how many have been read. False: give up.
using reading_progress = std::function<bool(std::uint64_t bytes, std::uint64_t of)>;

opened_recording open_recording(const std::filesystem::path& file, event_log& log,
                                const reading_progress& progress = {});

} // namespace lab
