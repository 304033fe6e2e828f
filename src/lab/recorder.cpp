// SPDX-License-Identifier: MIT
#include "lab/recorder.h"

namespace lab {

recorder::recorder(journal& j, gate& g, std::shared_ptr<lab_clock> clock, std::uint64_t seed)
    : journal_(j), gate_(g), clock_(std::move(clock)), life_(j.begin(clock_)), scheduler_(clock_, seed) {}

std::string& recorder::next_name() {
    thread_local std::string name;
    return name;
}

void recorder::record_and_pass(event e, gate::point p) {
    record(std::move(e));
    pass(p);
}

void recorder::created(const ctx::creation& c) {
    static_assert(static_cast<int>(context_kind::custom) == static_cast<int>(ctx::made_by::custom));
    event e{.kind = event_kind::context_created,
            .ctx_kind = static_cast<context_kind>(c.asked),
            .on = c.born_done,
            .context = c.id,
            .parent = c.parent,
            .name = next_name(),
            .text = c.own_string,
            .key = c.key,
            .data = c.value};
    if (c.deadline) e.deadline = c.deadline->time_since_epoch();
    record_and_pass(std::move(e), gate::point::hook);
}

void recorder::cancel_called(ctx::node_id id, const ctx::error& cause) {
    record_and_pass({.kind = event_kind::cancel_called,
                     .context = id,
                     .err = ctx::canceled.text(),
                     .cause = cause.text()},
                    gate::point::hook);
}

void recorder::deadline_expired(ctx::node_id id) {
    record_and_pass({.kind = event_kind::deadline_expired, .context = id}, gate::point::hook);
}

void recorder::visiting(ctx::node_id parent, ctx::node_id child) {
    record_and_pass({.kind = event_kind::child_visited, .context = child, .parent = parent},
                    gate::point::hook);
}

void recorder::done(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by) {
    record({.kind = event_kind::context_done,
            .context = id,
            .by = by,
            .err = err.text(),
            .cause = cause.text()});
    ended_.store(true, std::memory_order_release);
    if (on_ended_ && !closed_.load(std::memory_order_acquire)) on_ended_();
    pass(gate::point::node);
}

void recorder::wave_finished(ctx::node_id root, std::size_t count) {
    record_and_pass(
        {.kind = event_kind::wave_finished, .context = root, .value = static_cast<std::int64_t>(count)},
        gate::point::wave);
}

void recorder::detached(ctx::node_id id, ctx::node_id parent) {
    record_and_pass({.kind = event_kind::context_detached, .context = id, .parent = parent},
                    gate::point::hook);
}

void recorder::timer_stopped(ctx::node_id id) {
    record_and_pass({.kind = event_kind::timer_stopped, .context = id}, gate::point::hook);
}

void recorder::after_func_started(ctx::node_id id) {
    record_and_pass({.kind = event_kind::after_func_run, .context = id}, gate::point::hook);
}

void recorder::after_func_stopped(ctx::node_id id) {
    record_and_pass({.kind = event_kind::context_done,
                     .context = id,
                     .by = id,
                     .err = ctx::canceled.text(),
                     .cause = ctx::canceled.text()},
                    gate::point::hook);
}

void recorder::dropped(ctx::node_id id) {
    record({.kind = event_kind::context_dropped, .context = id});
}

void recorder::value_looked_up(ctx::node_id id, const std::string& key, bool found, const std::string& value,
                               std::span<const ctx::node_id> path) {
    record_and_pass({.kind = event_kind::value_looked_up,
                     .on = found,
                     .context = id,
                     .key = key,
                     .data = found ? value : "",
                     .path = {path.begin(), path.end()}},
                    gate::point::hook);
}

} // namespace lab
