// SPDX-License-Identifier: MIT
#include "lab/recorder.h"

#include <utility>

namespace lab {

recorder::recorder(journal& j, gate& g, std::shared_ptr<lab_clock> clock, std::uint64_t seed)
    : journal_(j), gate_(g), clock_(std::move(clock)), life_(j.begin(clock_)), scheduler_(clock_, seed) {}

std::string& recorder::next_name() {
    thread_local std::string name;
    return name;
}

recorder::actor& recorder::acting() {
    thread_local actor here;
    return here;
}

void recorder::record_and_pass(event e, gate::passage here) {
    here.worker = e.worker != 0 ? e.worker : acting().worker;
    here.seq = record(std::move(e));
    if (here.seq != 0) gate_.pass(here);
}

namespace {

/// What a thread has made is born done: the hook that says so comes next, and is the last.
bool& birth_goes_on() {
    thread_local bool pending = false;
    return pending;
}

bool take_birth() {
    return std::exchange(birth_goes_on(), false);
}

constexpr gate::passage hook{.at = gate::point::hook};
constexpr gate::passage last_hook{.at = gate::point::hook, .last = true};

} // namespace

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
    const bool ends = c.born_done && owns_done(e.ctx_kind);
    birth_goes_on() = ends;
    record_and_pass(std::move(e), {.at = gate::point::aside, .last = !ends});
}

void recorder::cancel_called(ctx::node_id id, const ctx::error& cause) {
    record_and_pass({.kind = event_kind::cancel_called,
                     .context = id,
                     .by = acting().by,
                     .worker = acting().worker,
                     .err = ctx::canceled.text(),
                     .cause = cause.text()},
                    hook);
}

void recorder::deadline_expired(ctx::node_id id) {
    record_and_pass({.kind = event_kind::deadline_expired, .context = id}, hook);
}

void recorder::visiting_nth(ctx::node_id parent, ctx::node_id child, std::size_t nth, std::size_t of) {
    record_and_pass({.kind = event_kind::child_visited,
                     .context = child,
                     .parent = parent,
                     .value = static_cast<std::int64_t>(nth),
                     .of = static_cast<std::int64_t>(of)},
                    hook);
}

void recorder::done_with(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by,
                         std::size_t waiters) {
    const bool born = take_birth();
    const std::uint64_t seq = record({.kind = event_kind::context_done,
                                      .context = id,
                                      .by = by,
                                      .value = static_cast<std::int64_t>(waiters),
                                      .err = err.text(),
                                      .cause = cause.text()});
    ended_.store(true, std::memory_order_release);
    tell();
    if (seq != 0) gate_.pass({.at = gate::point::node, .last = born, .seq = seq, .worker = acting().worker});
}

void recorder::woken(ctx::node_id id, std::size_t waiters) {
    record_and_pass(
        {.kind = event_kind::waiters_woken, .context = id, .value = static_cast<std::int64_t>(waiters)},
        hook);
}

void recorder::found_done(ctx::node_id id, ctx::node_id by, bool waits) {
    record_and_pass({.kind = event_kind::found_done, .on = waits, .context = id, .by = by},
                    {.last = waits || by == id, .waits = waits});
}

void recorder::wave_finished(ctx::node_id root, std::size_t count) {
    record_and_pass(
        {.kind = event_kind::wave_finished, .context = root, .value = static_cast<std::int64_t>(count)},
        {.at = gate::point::wave, .last = true});
}

void recorder::detached(ctx::node_id id, ctx::node_id parent) {
    record_and_pass({.kind = event_kind::context_detached, .context = id, .parent = parent}, hook);
}

void recorder::timer_stopped(ctx::node_id id) {
    record_and_pass({.kind = event_kind::timer_stopped, .context = id}, hook);
}

void recorder::after_func_started(ctx::node_id id) {
    record_and_pass({.kind = event_kind::after_func_run, .context = id}, take_birth() ? last_hook : hook);
}

void recorder::after_func_stopped(ctx::node_id id) {
    record_and_pass({.kind = event_kind::context_done,
                     .context = id,
                     .by = id,
                     .err = ctx::canceled.text(),
                     .cause = ctx::canceled.text()},
                    last_hook);
}

void recorder::dropped(ctx::node_id id) {
    record({.kind = event_kind::context_dropped, .context = id});
}

void recorder::value_asked(ctx::node_id at, ctx::node_id from, const std::string& key, bool found) {
    record_and_pass({.kind = event_kind::value_asked, .on = found, .context = at, .by = from, .key = key},
                    {.at = gate::point::aside});
}

void recorder::value_looked_up(ctx::node_id id, const std::string& key, bool found, const std::string& value,
                               std::span<const ctx::node_id> path) {
    record_and_pass({.kind = event_kind::value_looked_up,
                     .on = found,
                     .context = id,
                     .key = key,
                     .data = found ? value : "",
                     .path = {path.begin(), path.end()}},
                    {.at = gate::point::aside, .last = true});
}

} // namespace lab
