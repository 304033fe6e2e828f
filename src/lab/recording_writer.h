// SPDX-License-Identifier: MIT
#pragma once

#include "lab/append_file.h"
#include "lab/recording.h"
#include "lab/recording_encoder.h"

#include <string>

/// Writes a recording while it happens.
///
///     lab::recording_writer w(lab::append_file("run.ctxlab"), header);
///     for (const lab::event& e : log.read(0)) w.append(e);
///     w.flush();     // from now on a crash loses nothing of it
///     w.finish();
///
/// Where a disk fails, it throws input_error that names the file. Nothing is lost by it: the same call can be
/// made again, and the file always ends with a whole block. Thread safety: none.
namespace lab {

class recording_writer {
  public:
    recording_writer(append_file file, const recording_header& header);

    /// Events of one log, without a gap. Memory is bounded: full blocks go to the file at once.
    void append(const event& e);
    /// What is new in a life since it was last given: its beginning, unless it is the header's, its inputs,
    /// and whether it can be executed again. Throws input_error, and goes on without it, if that is nothing
    /// that could be read again.
    void append(const life& now);

    /// What was appended is on the disk.
    void flush();
    /// And nothing more will come.
    void finish();

    append_file& file() { return file_; }

  private:
    void write_blocks();
    void note(const std::string& json);

    append_file file_;
    recording_encoder encoder_;
    std::string block_; ///< could not be written yet
    bool ended_ = false;
    // Of the life that was given last:
    std::uint64_t life_ = 1;
    std::size_t inputs_ = 0;
    std::string recorded_only_;
};

} // namespace lab
