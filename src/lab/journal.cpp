// SPDX-License-Identifier: MIT
#include "lab/journal.h"

namespace lab {

std::uint64_t journal::begin(std::shared_ptr<const lab_clock> clock) {
    const std::lock_guard lock(mutex_);
    clock_ = std::move(clock);
    return ++life_;
}

std::uint64_t journal::record(std::uint64_t life, event e) {
    const std::lock_guard lock(mutex_);
    if (life != life_) return 0;
    append(std::move(e));
    return live_.seq();
}

void journal::record(event e) {
    const std::lock_guard lock(mutex_);
    if (e.kind == event_kind::request_ended && !live_.request(e.request)) return;
    if (e.kind == event_kind::client_ended && !live_.client(e.client)) return;
    append(std::move(e));
}

void journal::append(event e) {
    // Threads of the HTTP half read the clock on their own: in the log time does not go back.
    e.at = clock_->lab_now();
    if (e.kind != event_kind::lab_started && e.at < live_.now()) e.at = live_.now();
    if (wall_times_) e.wall_ns = std::chrono::steady_clock::now().time_since_epoch().count() - began_;
    e.seq = live_.seq() + 1;
    live_.apply(e);
    log_.append(std::move(e));
}

state journal::snapshot() const {
    const std::lock_guard lock(mutex_);
    state s = live_;
    if (clock_) s.set_now(clock_->lab_now());
    return s;
}

} // namespace lab
