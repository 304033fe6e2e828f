// SPDX-License-Identifier: MIT
#include "lab/cause_links.h"

#include <algorithm>

namespace lab {

void cause_links::add(const event& e) {
    const std::uint64_t cause = cause_by(e);
    links_.resize(std::max<std::size_t>(links_.size(), e.seq + 1));
    if (cause == 0) return;
    link& mine = links_[e.seq];
    link& from = links_[cause];
    mine.cause = static_cast<std::uint32_t>(cause);
    mine.earlier_effect = from.last_effect;
    from.last_effect = static_cast<std::uint32_t>(e.seq);
}

std::optional<std::uint64_t> cause_links::cause_of(std::uint64_t seq) const {
    if (seq >= links_.size() || links_[seq].cause == 0) return {};
    return links_[seq].cause;
}

std::vector<std::uint64_t> cause_links::effects_of(std::uint64_t seq) const {
    std::vector<std::uint64_t> effects;
    if (seq < links_.size())
        for (std::uint32_t at = links_[seq].last_effect; at != 0; at = links_[at].earlier_effect)
            effects.push_back(at);
    std::reverse(effects.begin(), effects.end());
    return effects;
}

std::uint64_t cause_links::cause_by(const event& e) {
    switch (e.kind) {
    case event_kind::lab_started:
        contexts_.clear();
        workers_.clear();
        requests_.clear();
        return 0;
    case event_kind::swept:
        for (const id_t id : e.path) contexts_.erase(id);
        return 0;
    case event_kind::worker_started:
        workers_[e.worker] = {.context = e.context, .noticed = 0};
        return 0;
    case event_kind::worker_noticed:
        if (const std::uint64_t end = end_of(e.context)) {
            if (const auto w = workers_.find(e.worker); w != workers_.end()) w->second.noticed = e.seq;
            return end;
        }
        return 0;
    case event_kind::worker_leaked:
        return end_of(e.context);
    case event_kind::worker_exited:
        return cause_of_exit(e);
    case event_kind::request_started:
        requests_[e.request] = {.context = e.context, .aborted_by = 0, .ended = 0};
        contexts_[e.context].request = e.request;
        return 0;
    case event_kind::request_ended:
        return cause_of_request_end(e);
    default:
        return cause_of_context(e);
    }
}

std::uint64_t cause_links::cause_of_context(const event& e) {
    switch (e.kind) {
    case event_kind::context_created:
        created(e);
        return e.on ? end_of(e.parent) : 0;
    case event_kind::cancel_called: {
        context_trace& c = contexts_[e.context];
        // Only the call that wins ends it; the next ones come too late.
        if (c.done == 0 && c.started == 0) c.started = e.seq;
        const auto r = requests_.find(c.request);
        return r != requests_.end() && r->second.context == e.context ? r->second.ended : 0;
    }
    case event_kind::deadline_expired: {
        context_trace& c = contexts_[e.context];
        if (c.done == 0 && c.started == 0) c.started = e.seq;
        return 0;
    }
    case event_kind::context_done:
        return cause_of_done(e);
    case event_kind::child_visited:
        return end_of(e.parent);
    case event_kind::context_detached:
    case event_kind::timer_stopped:
    case event_kind::wave_finished:
        return trace(e.context) ? trace(e.context)->done : 0;
    case event_kind::after_func_run:
        return end_of(e.context);
    default:
        return 0;
    }
}

void cause_links::created(const event& e) {
    const context_trace* parent = trace(e.parent);
    contexts_[e.context] = {
        .parent = e.ctx_kind == context_kind::without_cancel ? 0 : e.parent,
        .request = parent ? parent->request : 0,
        .started = 0,
        .done = 0,
    };
}

std::uint64_t cause_links::cause_of_done(const event& e) {
    context_trace& c = contexts_[e.context];
    const std::uint64_t cause = e.by == e.context || e.by == 0 ? c.started : end_of(c.parent);
    if (c.done == 0) c.done = e.seq;
    return cause;
}

std::uint64_t cause_links::cause_of_exit(const event& e) {
    const auto w = workers_.find(e.worker);
    if (w == workers_.end() || w->second.noticed == 0) return 0;
    if (const context_trace* c = trace(w->second.context))
        if (const auto r = requests_.find(c->request); r != requests_.end()) r->second.aborted_by = e.seq;
    return w->second.noticed;
}

std::uint64_t cause_links::cause_of_request_end(const event& e) {
    const auto r = requests_.find(e.request);
    if (r == requests_.end()) return 0;
    r->second.ended = e.seq;
    if (e.req_state != request_state::client_gone && e.req_state != request_state::timed_out) return 0;
    return r->second.aborted_by != 0 ? r->second.aborted_by : end_of(r->second.context);
}

const cause_links::context_trace* cause_links::trace(id_t context) const {
    const auto it = contexts_.find(context);
    return it == contexts_.end() ? nullptr : &it->second;
}

/// The event that ended it, or the nearest context above whose end is its own; 0: nothing yet.
std::uint64_t cause_links::end_of(id_t context) const {
    for (const context_trace* c = trace(context); c; c = trace(c->parent))
        if (c->done != 0) return c->done;
    return started_above(context);
}

std::uint64_t cause_links::started_above(id_t context) const {
    for (const context_trace* c = trace(context); c; c = trace(c->parent))
        if (c->started != 0) return c->started;
    return 0;
}

} // namespace lab
