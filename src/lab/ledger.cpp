// SPDX-License-Identifier: MIT
#include "lab/ledger.h"

#include "lab/durations.h"

#include <utility>

namespace lab {

namespace {

std::string counted(std::uint64_t n, const std::string& thing) {
    return std::to_string(n) + ' ' + thing + (n == 1 ? "" : "s");
}

} // namespace

template <class F>
void ledger::book(id_t owner, F entry) {
    entry(contexts_[owner]);
    if (const id_t request = known_[owner].request; request != 0) entry(requests_[request]);
}

void ledger::on_created(const event& e) {
    known_context c;
    if (const auto parent = known_.find(e.parent); parent != known_.end()) {
        c.request = parent->second.request;
        if (e.ctx_kind == context_kind::with_value || e.ctx_kind == context_kind::custom)
            c.owner = parent->second.owner;
    }
    if (owns_done(e.ctx_kind) && e.ctx_kind != context_kind::custom) {
        c.owner = e.context;
        c.dead = e.on;
    }
    known_[e.context] = std::move(c);
}

void ledger::end(id_t context, lab_time at) {
    const auto found = known_.find(context);
    if (found == known_.end() || found->second.dead) return;
    found->second.dead = true;
    const std::vector<id_t> left = std::exchange(found->second.workers, {});
    for (const id_t id : left)
        if (const auto w = workers_.find(id); w != workers_.end()) start_overtime(w->second, at);
}

void ledger::start_overtime(known_worker& w, lab_time at) {
    w.overtime = true;
    w.since = at;
    book(w.owner, [&](account& a) {
        ++a.workers;
        ++a.live;
        a.since += at;
    });
}

void ledger::on_exited(const event& e) {
    const auto found = workers_.find(e.worker);
    if (found == workers_.end()) return;
    if (const known_worker w = found->second; w.overtime) {
        book(w.owner, [&](account& a) {
            --a.live;
            a.since -= w.since;
            a.past += e.at - w.since;
        });
    }
    workers_.erase(found);
}

void ledger::apply(const event& e) {
    now_ = e.at;
    switch (e.kind) {
    case event_kind::lab_started:
        *this = {};
        now_ = e.at;
        break;
    case event_kind::context_created:
        on_created(e);
        break;
    case event_kind::context_done:
        end(e.context, e.at);
        break;
    case event_kind::request_started:
        known_[e.context].request = e.request;
        break;
    case event_kind::worker_started: {
        const auto c = known_.find(e.context);
        const id_t owner = c == known_.end() ? 0 : c->second.owner;
        known_worker& w = workers_[e.worker] = {.owner = owner};
        if (owner == 0) break;
        known_context& o = known_[owner];
        if (o.dead)
            start_overtime(w, e.at);
        else
            o.workers.push_back(e.worker);
        break;
    }
    case event_kind::worker_running:
        if (const auto w = workers_.find(e.worker); w != workers_.end() && w->second.overtime)
            book(w->second.owner, [](account& a) { ++a.resumes; });
        break;
    case event_kind::worker_exited:
        on_exited(e);
        break;
    case event_kind::swept:
        for (const id_t id : e.path) known_.erase(id);
        break;
    default:
        break;
    }
}

std::string sentence(const std::string& subject, const account& a, lab_time now) {
    std::string text = subject + ": " + counted(a.workers, "worker") + " went on for " +
                       duration_text(a.overtime(now)) + " after it was over, and ran " +
                       counted(a.resumes, "time");
    if (a.live > 0) text += "; " + std::to_string(a.live) + (a.live == 1 ? " still does" : " still do");
    return text;
}

} // namespace lab
