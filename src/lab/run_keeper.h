// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_log.h"
#include "lab/recording.h"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// Records a running laboratory, so that a crash loses no more than its last second.
///
///     lab::laboratory lab(...);
///     lab::run_keeper keeper(lab.log(), header, [&] { return lab.lives(); });
///
/// A thread of its own follows the log. While something happens it writes twice a second, and what it has
/// written is on the disk; while nothing happens it sleeps. What it writes is a recording like any other, in
/// a folder that unfinished_runs.h looks into at the next start. A disk that is full or gone does not disturb
/// the laboratory: the keeper goes on trying, and problem() says why.
///
/// Thread safety: every member may be called from any thread.
/// Lifetime: it ends before the log and before what `lives` asks. Its end is the orderly end of the run, and
/// removes the file.
namespace lab {

class run_keeper {
  public:
    /// Gives the lives that are in the log, in their order; called on the keeper's thread. Empty: inputs are
    /// not recorded.
    using life_source = std::function<std::vector<life>()>;

    run_keeper(const event_log& log, recording_header header, life_source lives,
               std::filesystem::path folder);
    ~run_keeper();
    run_keeper(const run_keeper&) = delete;
    run_keeper& operator=(const run_keeper&) = delete;

    /// Empty until the first event has been written.
    std::filesystem::path file() const;
    /// The newest event that a crash would not lose.
    std::uint64_t safe_seq() const;
    /// Why nothing can be written; empty: it can.
    std::string problem() const;

  private:
    class pen;
    void run(const std::stop_token& stop);
    void pause(const std::stop_token& stop);

    const event_log& log_;
    const recording_header header_;
    const life_source lives_;
    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::condition_variable_any stopping_;
    std::filesystem::path file_; // guarded by mutex_, like what follows
    std::uint64_t safe_seq_ = 0;
    std::string problem_;
    std::jthread thread_;
};

} // namespace lab
