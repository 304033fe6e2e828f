// SPDX-License-Identifier: MIT
#include "lab/held_moment.h"

#include "lab/narration.h"
#include "lab/narration_parts.h"
#include "lab/woken_threads.h"

#include <algorithm>

/// The order of steps is that of ctx/detail/propagate.cpp: a context is done, its waiters are woken, its
/// timer is stopped, its children follow, each taken out of the list as it is visited; the one at which it
/// began does so last: it leaves its parent, stops its timer, and the propagation is over.
namespace lab {

namespace {

using expected = std::vector<next_event>;

/// Those that a propagation through `id` will still visit: registered with it directly, or through values.
std::vector<id_t> registered_children(const state& s, id_t id) {
    std::vector<id_t> found, open{id};
    while (!open.empty()) {
        const context_info* c = s.context(open.back());
        open.pop_back();
        if (!c) continue;
        for (const id_t child : c->children) {
            const context_info* k = s.context(child);
            if (!k || k->cancel_parent != id) continue;
            if (k->registered && !k->dropped)
                found.push_back(child);
            else if (!owns_done(k->kind) || k->kind == context_kind::custom)
                open.push_back(child);
        }
    }
    return found;
}

bool is_root(const context_info& c) {
    return c.done_by == c.id;
}

bool has_running_timer(const context_info& c) {
    return c.own_deadline && !c.fired && !c.born_done;
}

bool leaves_parent(const context_info& c, const state& s) {
    const context_info* p = s.context(c.cancel_parent);
    return p && !p->done;
}

/// The propagation that began at `c` has been everywhere below it.
expected after_all_below(const context_info& c, const state& s) {
    if (leaves_parent(c, s)) return {{event_kind::context_detached, c.id}};
    if (has_running_timer(c)) return {{event_kind::timer_stopped, c.id}};
    return {{event_kind::wave_finished, c.id}};
}

/// Nothing is left to do at `id`, which was visited, and below: on to a sibling, of it or of those above.
expected after_subtree(id_t id, const state& s) {
    const context_info* c = s.context(id);
    do {
        if (!c || c->visited_from == 0) return {};
        if (c->nth < c->of) return {{event_kind::child_visited, c->visited_from}};
        c = s.context(c->visited_from);
    } while (c && !is_root(*c));
    return c ? after_all_below(*c, s) : expected{};
}

expected into_children(const context_info& c, const state& s) {
    if (!registered_children(s, c.id).empty()) return {{event_kind::child_visited, c.id}};
    return is_root(c) ? after_all_below(c, s) : after_subtree(c.id, s);
}

expected after_woken(const context_info& c, const state& s) {
    if (!is_root(c) && has_running_timer(c)) return {{event_kind::timer_stopped, c.id}};
    return into_children(c, s);
}

expected after_done(const event& at, const context_info& c, const state& s) {
    if (c.kind == context_kind::after_func || c.born_done) return {};
    if (at.value > 0) return {{event_kind::waiters_woken, c.id}};
    return after_woken(c, s);
}

expected after_detached(const event& at, const context_info& c, const state& s) {
    const bool in_passing = c.visited_from == at.parent && at.parent != 0;
    if (c.kind == context_kind::after_func) {
        if (!in_passing) return {{event_kind::context_done, c.id}};
        expected next{{event_kind::after_func_run, c.id}};
        if (c.done) next = after_subtree(c.id, s); // taken back meanwhile
        return next;
    }
    if (!in_passing) {
        if (has_running_timer(c)) return {{event_kind::timer_stopped, c.id}};
        return {{event_kind::wave_finished, c.id}};
    }
    if (c.done) return {{event_kind::found_done, c.id}};
    return {{event_kind::context_done, c.id}, {event_kind::found_done, c.id}};
}

expected after_start(const context_info& c) {
    if (c.done) return {{event_kind::found_done, c.id}};
    return {{event_kind::context_done, c.id}, {event_kind::found_done, c.id}};
}

expected after_created(const event& at) {
    if (!at.on || !owns_done(at.ctx_kind)) return {};
    if (at.ctx_kind == context_kind::after_func) return {{event_kind::after_func_run, at.context}};
    return {{event_kind::context_done, at.context}};
}

expected after_asked(const event& at, const context_info& c) {
    if (at.on || c.parent == 0 || c.kind == context_kind::custom)
        return {{event_kind::value_looked_up, at.by}};
    return {{event_kind::value_asked, c.parent}};
}

expected after_context_event(const event& at, const context_info& c, const state& s) {
    switch (at.kind) {
    case event_kind::context_created:
        return after_created(at);
    case event_kind::cancel_called:
    case event_kind::deadline_expired:
        return after_start(c);
    case event_kind::child_visited:
        return {{event_kind::context_detached, c.id}};
    case event_kind::context_detached:
        return after_detached(at, c, s);
    case event_kind::context_done:
        return after_done(at, c, s);
    case event_kind::waiters_woken:
        return after_woken(c, s);
    case event_kind::timer_stopped:
        return is_root(c) ? expected{{event_kind::wave_finished, c.id}} : into_children(c, s);
    case event_kind::after_func_run:
        return c.visited_from != 0 ? after_subtree(c.id, s) : expected{};
    case event_kind::found_done:
        return at.by == at.context ? expected{} : after_subtree(c.id, s);
    case event_kind::value_asked:
        return after_asked(at, c);
    default:
        return {};
    }
}

std::string name_list(const std::vector<id_t>& ids, const state& s) {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(ids.size(), most); ++i) {
        if (i > 0) text += i + 1 == ids.size() ? " or " : ", ";
        text += context_label(s, ids[i]);
    }
    return ids.size() > most ? text + " or another" : text;
}

std::string visit_text(id_t parent, const state& s) {
    const std::vector<id_t> left = registered_children(s, parent);
    const std::string from = " of " + context_label(s, parent);
    if (left.size() == 1) return "the cancellation goes to " + name_list(left, s) + ", the last child" + from;
    return "the cancellation goes to one of " + std::to_string(left.size()) + " children" + from +
           ", in an order that only the seed decides: " + name_list(left, s);
}

std::string plan_text(const next_event& n, const state& s) {
    const std::string name = context_label(s, n.context);
    switch (n.kind) {
    case event_kind::context_done:
        return "Err and cause of " + name + " are set and its Done is closed, in one step";
    case event_kind::waiters_woken:
        return "those who wait for the Done of " + name + " are woken";
    case event_kind::found_done:
        return "it is found that " + name + " is done already, so nothing changes there";
    case event_kind::child_visited:
        return visit_text(n.context, s);
    case event_kind::context_detached:
        return name + " is taken out of its parent's list of children";
    case event_kind::timer_stopped:
        return "the timer of " + name + " is stopped";
    case event_kind::wave_finished:
        return "the cancellation of " + name + " is complete and its call returns";
    case event_kind::after_func_run:
        return "the function registered as " + name + " starts";
    case event_kind::value_asked:
        return "the search goes up to " + name;
    case event_kind::value_looked_up:
        return "the search ends, and the answer goes back to " + name;
    default:
        return "the worker returns";
    }
}

std::string leaving_text(const event& at, const state& s) {
    switch (at.kind) {
    case event_kind::found_done:
        if (at.on) return "it waits until the other cancellation has gone through";
        return "the call returns";
    case event_kind::wave_finished:
    case event_kind::value_looked_up:
    case event_kind::context_created:
    case event_kind::context_done:
    case event_kind::after_func_run:
        return "the call returns to whoever made it";
    case event_kind::worker_noticed:
        return "the worker cleans up and returns";
    default:
        break;
    }
    const std::size_t live = s.counts().live_workers;
    return live == 0 ? "no worker is left" : "whoever is ready runs, and after that the next timer is due";
}

std::string next_text(const event& at, const expected& next, const state& s) {
    std::string text = next.empty() ? leaving_text(at, s) : plan_text(next.front(), s);
    const bool threads = s.counts().active_requests > 0; // without requests only the laboratory's own acts
    if (next.size() > 1 && threads) text += ", unless another thread is first";
    return "Next, " + text;
}

/// Is the Done of `owner` that of this context, too?
bool has_done_of(const state& s, id_t context, id_t owner) {
    if (context == owner) return true;
    const context_info* c = s.context(context);
    return c && (c->kind == context_kind::with_value || c->kind == context_kind::custom) &&
           c->cancel_parent == owner;
}

/// The first that is about to be woken; 0: none.
id_t first_waiter(const state& s, id_t context) {
    for (const worker_info& w : s.workers())
        if (w.state == worker_state::waiting && selects_on_done(w.spans.back().what) &&
            has_done_of(s, w.context, context))
            return w.id;
    return 0;
}

/// Whom it concerns: who is woken next, or else who acts, or else the first that lives under the context.
id_t worker_of(const event& at, const expected& next, const state& s, id_t acting) {
    if (!next.empty() && next.front().kind == event_kind::waiters_woken)
        return first_waiter(s, next.front().context);
    if (at.worker != 0) return at.worker;
    if (acting != 0) return acting;
    const context_info* c = s.context(at.context);
    if (!c) return 0;
    for (const id_t id : c->workers) {
        const worker_info* w = s.worker(id);
        if (w && w->state != worker_state::exited) return id;
    }
    return 0;
}

} // namespace

bool next_event::matches(const event& e) const {
    if (e.kind != kind) return false;
    if (worker != 0) return e.worker == worker;
    if (context == 0) return true;
    return kind == event_kind::child_visited ? e.parent == context : e.context == context;
}

std::vector<next_event> next_events(const event& at, const state& s) {
    if (at.kind == event_kind::worker_noticed) {
        const worker_info* w = s.worker(at.worker);
        if (!w || w->kind == "handler" || w->kind == "backend") return {}; // code outside of the catalogue
        return {{.kind = event_kind::worker_exited, .context = 0, .worker = at.worker}};
    }
    const context_info* c = s.context(at.context);
    return c ? after_context_event(at, *c, s) : expected{};
}

held_moment held_at(const event& at, const state& s, id_t acting_worker) {
    held_moment m{.seq = at.seq,
                  .happened = sentence(at, s),
                  .next = {},
                  .expected = next_events(at, s),
                  .context = at.context,
                  .worker = 0,
                  .code = {}};
    m.worker = worker_of(at, m.expected, s, acting_worker);
    m.next = next_text(at, m.expected, s);
    if (const worker_info* w = s.worker(m.worker)) m.code = w->code;
    return m;
}

} // namespace lab
