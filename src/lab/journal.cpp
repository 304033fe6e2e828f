// SPDX-License-Identifier: MIT
#include "lab/journal.h"

namespace lab {

std::uint64_t journal::begin(std::shared_ptr<lab_clock> clock) {
    const std::lock_guard lock(mutex_);
    clock_ = std::move(clock);
    return ++life_;
}

std::uint64_t journal::record(std::uint64_t life, event e) {
    const std::lock_guard lock(mutex_);
    return life == life_ ? append(std::move(e)) : 0;
}

std::uint64_t journal::record(event e) {
    const std::lock_guard lock(mutex_);
    if (e.kind == event_kind::request_ended && !live_.request(e.request)) return 0;
    if (e.kind == event_kind::client_ended && !live_.client(e.client)) return 0;
    return append(std::move(e));
}

void journal::watch(std::function<void(const event&)> f) {
    const std::lock_guard lock(mutex_);
    watcher_ = std::move(f);
}

std::uint64_t journal::append(event e) {
    if (!clock_->on_own_thread()) clock_->share();
    // Threads of the HTTP half read the clock on their own: in the log time does not go back.
    e.at = clock_->lab_now();
    if (e.kind != event_kind::lab_started && e.at < live_.now()) e.at = live_.now();
    if (wall_times_) e.wall_ns = std::chrono::steady_clock::now().time_since_epoch().count() - began_;
    e.seq = live_.seq() + 1;
    live_.apply(e);
    if (watcher_) watcher_(e);
    return log_.append(std::move(e));
}

state journal::snapshot() const {
    const std::lock_guard lock(mutex_);
    state s = live_;
    if (clock_) s.set_now(clock_->lab_now());
    return s;
}

} // namespace lab
