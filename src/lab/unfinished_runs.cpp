// SPDX-License-Identifier: MIT
#include "lab/unfinished_runs.h"

#include "lab/input_error.h"
#include "lab/recording_reader.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>

namespace lab {

namespace {

namespace fs = std::filesystem;

/// A file's or a folder's lock.
class held_lock {
  public:
    /// With `wait`, somebody else's end is waited for.
    held_lock(const fs::path& path, bool wait) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        held_ = fd_ >= 0 && ::flock(fd_, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0;
    }
    ~held_lock() {
        if (fd_ >= 0) ::close(fd_);
    }
    held_lock(const held_lock&) = delete;
    held_lock& operator=(const held_lock&) = delete;
    bool held() const { return held_; }

  private:
    int fd_;
    bool held_ = false;
};

std::optional<fs::path> absolute_from(const char* variable) {
    const char* const value = std::getenv(variable);
    if (!value || *value != '/') return std::nullopt; // a relative one is to be ignored, says XDG
    return fs::path(value);
}

std::int64_t unix_ms(fs::file_time_type t) {
    using namespace std::chrono;
    return duration_cast<milliseconds>(file_clock::to_sys(t).time_since_epoch()).count();
}

unfinished_run look_into(const fs::path& file) {
    std::error_code ignored;
    unfinished_run run{.file = file};
    run.ended_unix_ms = unix_ms(fs::last_write_time(file, ignored));
    try {
        recording_reader r(file);
        run.began_unix_ms = r.header().began_unix_ms;
        for (recording_block b; r.next(b);) {
            for (event& e : b.events) {
                if (e.kind != event_kind::lab_started) continue;
                run.scenario = std::move(e.name);
                run.title = std::move(e.text);
            }
        }
        run.events = r.last_seq();
    } catch (const input_error& e) {
        run.problem = e.what();
    }
    return run;
}

} // namespace

fs::path runs_folder() {
    if (const auto state = absolute_from("XDG_STATE_HOME")) return *state / "ctxlab" / "runs";
    if (const auto home = absolute_from("HOME")) return *home / ".local" / "state" / "ctxlab" / "runs";
    throw input_error("neither XDG_STATE_HOME nor HOME says where running laboratories can be recorded");
}

append_file new_run(const fs::path& folder) {
    static std::atomic<int> count{0};
    // What people put into contexts is nobody else's business.
    if (fs::create_directories(folder)) fs::permissions(folder, fs::perms::owner_all);
    const held_lock nobody_looks(folder, true); // between the file's beginning and its lock
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    append_file file(folder / (std::to_string(ms) + '-' + std::to_string(::getpid()) + '-' +
                               std::to_string(++count) + ".ctxlab"));
    if (!file.lock()) throw input_error(file.path().string() + ": another program holds its lock");
    return file;
}

std::vector<unfinished_run> unfinished_runs(const fs::path& folder) {
    std::vector<unfinished_run> runs;
    std::error_code none;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != ".ctxlab" || !entry.is_regular_file(none)) continue;
        {
            const held_lock nobody_begins(folder, true);
            if (!held_lock(entry.path(), false).held()) continue;
        }
        unfinished_run run = look_into(entry.path());
        if (run.events == 0 && run.problem.empty())
            discard(run.file);
        else
            runs.push_back(std::move(run));
    }
    std::sort(runs.begin(), runs.end(), [](const unfinished_run& a, const unfinished_run& b) {
        return a.ended_unix_ms > b.ended_unix_ms;
    });
    return runs;
}

bool discard(const fs::path& file) {
    const held_lock mine(file, false);
    std::error_code problem;
    if (!mine.held() && fs::exists(file, problem)) return false;
    return fs::remove(file, problem) || !problem;
}

} // namespace lab
