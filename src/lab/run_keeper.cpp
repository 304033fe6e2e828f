// SPDX-License-Identifier: MIT
#include "lab/run_keeper.h"

#include "lab/input_error.h"
#include "lab/recording_writer.h"
#include "lab/unfinished_runs.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lab {

namespace {

using namespace std::chrono_literals;

/// How long it waits for more before it writes. With the time that a disk takes it is less than a second.
constexpr auto collecting_time = 500ms;

} // namespace

/// What the keeper's thread writes with.
class run_keeper::pen {
  public:
    pen(const event_log& log, const recording_header& header, const std::filesystem::path& folder)
        : log_(log), header_(header), folder_(folder) {}

    ~pen() {
        std::error_code ignored; // what cannot be removed is offered at the next start
        if (writer_) std::filesystem::remove(writer_->file().path(), ignored);
    }

    std::uint64_t seen() const { return seen_; }

    /// Everything up to now. Throws input_error; the next call goes on where this one stopped.
    std::filesystem::path write(const life_source& lives) {
        constexpr std::size_t at_once = 8192;
        if (!writer_) writer_.emplace(new_run(folder_), header_);
        std::optional<input_error> unreadable;
        try {
            if (lives) append_lives(lives());
        } catch (const input_error& e) {
            unreadable = e; // no reason not to keep the events
        }
        for (std::uint64_t last = log_.last_seq(); seen_ < last;) {
            for (const event& e : log_.read(seen_, std::min<std::uint64_t>(at_once, last - seen_))) {
                writer_->append(e);
                seen_ = e.seq;
            }
        }
        writer_->flush();
        if (unreadable) throw input_error(*unreadable);
        return writer_->file().path();
    }

  private:
    /// Lives that were over when this was called last have nothing new.
    void append_lives(const std::vector<life>& all) {
        for (const life& l : all) {
            if (l.first_seq < life_) continue;
            life_ = l.first_seq;
            writer_->append(l);
        }
    }

    const event_log& log_;
    const recording_header& header_;
    const std::filesystem::path& folder_;
    std::optional<recording_writer> writer_;
    std::uint64_t seen_ = 0;
    std::uint64_t life_ = 0; ///< the life that went on when they were asked for last, by its first event
};

run_keeper::run_keeper(const event_log& log, recording_header header, life_source lives,
                       std::filesystem::path folder)
    : log_(log), header_(std::move(header)), lives_(std::move(lives)), folder_(std::move(folder)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

run_keeper::~run_keeper() = default;

void run_keeper::run(const std::stop_token& stop) {
    pen p(log_, header_, folder_);
    bool behind = false;
    while (behind || log_.wait_after(p.seen(), stop)) {
        pause(stop);
        if (stop.stop_requested()) return;
        std::string problem;
        std::filesystem::path file;
        try {
            file = p.write(lives_);
        } catch (const std::exception& e) { // a folder that cannot be made, or anything else about the disk
            problem = e.what();
        }
        behind = !problem.empty();
        const std::lock_guard lock(mutex_);
        problem_ = problem;
        if (behind) continue;
        file_ = file;
        safe_seq_ = p.seen();
    }
}

void run_keeper::pause(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, stop, collecting_time, [] { return false; });
}

std::filesystem::path run_keeper::file() const {
    const std::lock_guard lock(mutex_);
    return file_;
}

std::uint64_t run_keeper::safe_seq() const {
    const std::lock_guard lock(mutex_);
    return safe_seq_;
}

std::string run_keeper::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

} // namespace lab
