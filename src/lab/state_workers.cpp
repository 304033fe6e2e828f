// SPDX-License-Identifier: MIT
#include "lab/state.h"

#include <unordered_set>
#include <utility>

namespace lab {

namespace {

void begin_span(worker_info& w, lab_time at, worker_state state, const std::string& what) {
    w.state = state;
    if (!w.spans.empty() && w.spans.back().state == state && w.spans.back().what == what) return;
    w.spans.push_back({.from = at, .state = state, .what = what});
}

} // namespace

void state::on_worker_started(const event& e) {
    if (e.worker == 0 || worker_at_.contains(e.worker)) return;
    worker_info w;
    w.id = e.worker;
    w.context = e.context;
    w.kind = e.text;
    w.name = e.name.empty() ? (e.text.empty() ? "worker" : e.text) + ' ' + std::to_string(e.worker) : e.name;
    w.code = e.data;
    w.started = e.at;
    begin_span(w, e.at, worker_state::running, {});
    if (context_info* c = edit_context(e.context)) {
        c->workers.push_back(w.id);
        ++c->live_workers;
    }
    ++totals_.live_workers;
    worker_at_.set(w.id, workers_.size());
    workers_.push_back(std::move(w));
}

void state::on_worker(const event& e) {
    const worker_info* known = worker(e.worker);
    if (!known || known->state == worker_state::exited) return;
    worker_info* w = edit_worker(e.worker);
    const bool leaked = w->state == worker_state::leaked;
    switch (e.kind) {
    case event_kind::worker_running:
        // It is leaked until it looks at its context, whatever it does meanwhile.
        begin_span(*w, e.at, leaked ? worker_state::leaked : worker_state::running, {});
        break;
    case event_kind::worker_waiting:
        begin_span(*w, e.at, leaked ? worker_state::leaked : worker_state::waiting, e.text);
        break;
    case event_kind::worker_noticed:
        if (leaked) --totals_.leaked;
        if (!w->noticed) w->noticed = e.at;
        begin_span(*w, e.at, worker_state::running, {});
        break;
    case event_kind::worker_leaked:
        on_worker_leaked(*w, e);
        break;
    default:
        on_worker_exited(*w, e);
        break;
    }
}

void state::on_worker_leaked(worker_info& w, const event& e) {
    if (w.state == worker_state::leaked) return;
    ++totals_.leaked;
    if (!w.leaked) w.leaked = e.at;
    const std::string what = w.spans.back().what;
    begin_span(w, e.at, worker_state::leaked, what);
}

void state::on_worker_exited(worker_info& w, const event& e) {
    if (w.state == worker_state::leaked) --totals_.leaked;
    w.state = worker_state::exited;
    w.reason = e.text;
    w.exited = e.at;
    --totals_.live_workers;
    if (context_info* c = edit_context(w.context)) --c->live_workers;
}

void state::forget_workers_of(const std::vector<id_t>& contexts) {
    std::unordered_set<id_t> gone;
    for (const id_t id : contexts) {
        const context_info* c = context(id);
        if (!c) continue;
        for (const id_t worker_id : c->workers) {
            if (worker_at_.contains(worker_id)) gone.insert(worker_id);
        }
    }
    if (gone.empty()) return;
    // A live one stays in the picture, whoever swept its context away.
    std::erase_if(gone, [&](id_t id) { return worker(id)->state != worker_state::exited; });
    for (const id_t id : gone) worker_at_.erase(id);
    const std::size_t moved = workers_.erase_if([&](const worker_info& w) { return gone.contains(w.id); });
    for (std::size_t i = moved; i < workers_.size(); ++i) worker_at_.set(workers_[i].id, i);
}

} // namespace lab
