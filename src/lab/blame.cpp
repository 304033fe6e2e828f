// SPDX-License-Identifier: MIT
#include "lab/blame.h"

#include <algorithm>

namespace lab {

namespace {

/// The nearest before `seq` that `fits`; null if the life began before that.
template <class Fits>
const event* last_before(const log_view& log, std::uint64_t seq, Fits fits) {
    while (seq-- > 1) {
        const event* e = log.find(seq);
        if (!e || e->kind == event_kind::lab_started) return nullptr;
        if (fits(*e)) return e;
    }
    return nullptr;
}

/// Whose Done a view shows.
const context_info* owner_of(const state& s, const context_info* c) {
    while (c && (c->kind == context_kind::with_value || c->kind == context_kind::custom) && c->parent != 0)
        c = s.context(c->parent);
    return c;
}

/// From where the end came to it; 0: it began here.
id_t came_from(const context_info& c) {
    if (c.done_by == c.id) return 0;
    return c.visited_from != 0 ? c.visited_from : c.cancel_parent;
}

std::vector<const context_info*> way_to(const state& s, const context_info* c) {
    std::vector<const context_info*> way;
    while (c) {
        way.push_back(c);
        c = owner_of(s, s.context(came_from(*c)));
    }
    std::reverse(way.begin(), way.end());
    return way;
}

const event* call_of(const log_view& log, const context_info& root) {
    return last_before(log, root.done_seq, [&](const event& e) {
        const bool call = e.kind == event_kind::cancel_called || e.kind == event_kind::deadline_expired;
        return call && e.context == root.id;
    });
}

bool asks_to_cancel(const event& e, id_t context) {
    const std::string words = "cancel " + std::to_string(context);
    if (e.kind != event_kind::command_issued || !e.text.starts_with(words)) return false;
    return e.text.size() == words.size() || e.text[words.size()] == ' ';
}

void name_request(blame& b, const request_info& r) {
    b.request = r.id;
    b.by = r.state == request_state::client_gone ? culprit::client : culprit::request;
}

void name_caller(blame& b, const log_view& log, const state& s, const event& call) {
    b.call_seq = call.seq;
    b.called = call.at;
    if (call.kind == event_kind::deadline_expired) {
        b.by = culprit::timer;
    } else if (call.worker != 0) {
        b.by = culprit::worker;
        b.worker = call.worker;
    } else if (call.by != 0) {
        b.by = culprit::after_func;
        b.registration = call.by;
    } else if (const event* asked = last_before(
                   log, call.seq, [](const event& e) { return e.kind == event_kind::command_issued; });
               asked && asks_to_cancel(*asked, call.context)) {
        b.by = asked->name == "scenario" ? culprit::scenario : culprit::person;
        b.who = asked->name;
    } else {
        for (const request_info& r : s.requests())
            if (r.context == call.context) name_request(b, r);
    }
}

std::vector<hop> hops(const log_view& log, const std::vector<const context_info*>& way, const event* call) {
    std::vector<hop> path;
    const event* before = call;
    for (const context_info* c : way) {
        hop h{.context = c->id, .seq = c->done_seq, .at = c->done.value_or(lab_time{})};
        const event* e = log.find(c->done_seq);
        if (before) h.took = h.at - before->at;
        if (before && e && e->wall_ns != 0) h.wall_took = e->wall_ns - before->wall_ns;
        h.at_birth = c->born_done;
        path.push_back(h);
        if (e) before = e;
    }
    return path;
}

std::vector<reaction> reactions_to(const state& s, const context_info& c) {
    std::vector<reaction> all;
    for (const id_t id : c.workers) {
        const worker_info* w = s.worker(id);
        if (!w || (w->exited && *w->exited < *c.done)) continue;
        reaction r{.worker = id};
        const lab_time since = std::max(*c.done, w->started);
        if (w->noticed) r.to_notice = *w->noticed - since;
        if (w->exited) r.to_exit = *w->exited - since;
        all.push_back(r);
    }
    return all;
}

} // namespace

std::optional<blame> blame_for(const log_view& log, const state& s, id_t context) {
    const context_info* const asked = s.context(context);
    const context_info* const owner = owner_of(s, asked);
    if (!asked || !asked->done || !owner || !owner->done) return std::nullopt;
    blame b{.context = context, .err = asked->err, .cause = asked->cause};
    const std::vector<const context_info*> way = way_to(s, owner);
    const context_info& root = *way.front();
    const event* const call = call_of(log, root);
    if (call) {
        name_caller(b, log, s, *call);
    } else if (root.born_done && takes_deadline(root.kind)) {
        b.by = culprit::timer; // its deadline had passed when it was made
        b.called = root.created;
    }
    b.path = hops(log, way, call);
    b.reactions = reactions_to(s, *asked);
    return b;
}

} // namespace lab
