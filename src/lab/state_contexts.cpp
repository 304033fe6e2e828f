// SPDX-License-Identifier: MIT
#include "lab/state.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace lab {

namespace {

constexpr std::string_view canceled_text = "context canceled";
constexpr std::string_view expired_text = "context deadline exceeded";

/// Shows its ancestor's Done and Err instead of having its own. A custom context counts as one until the log
/// says that it ended by itself.
bool is_view(context_kind k) {
    return k == context_kind::with_value || k == context_kind::custom;
}

bool is_root(context_kind k) {
    return k == context_kind::background || k == context_kind::todo;
}

std::string default_name(context_kind k, id_t id) {
    std::string name(go_name(k));
    return is_root(k) ? name : name + ' ' + std::to_string(id);
}

/// What a child of `parent` registers with.
id_t cancel_source(const context_info& parent) {
    if (is_view(parent.kind)) return parent.cancel_parent;
    return owns_done(parent.kind) ? parent.id : 0;
}

context_info made_from(const event& e, const context_info* parent) {
    context_info c;
    c.id = e.context;
    c.parent = e.parent;
    c.kind = e.ctx_kind;
    c.name = e.name.empty() ? default_name(e.ctx_kind, e.context) : e.name;
    c.suffix = e.text;
    c.key = e.key;
    c.value = e.data;
    c.created = e.at;
    c.born_done = e.on;
    c.own_deadline = e.deadline;
    if (e.deadline) {
        c.deadline = e.deadline;
        c.deadline_owner = c.id;
    } else if (parent && c.kind != context_kind::without_cancel) {
        c.deadline = parent->deadline;
        c.deadline_owner = parent->deadline_owner;
    }
    if (parent && c.kind != context_kind::without_cancel) c.cancel_parent = cancel_source(*parent);
    c.registered = owns_done(c.kind) && !is_view(c.kind) && !c.born_done && c.cancel_parent != 0;
    return c;
}

context_state state_of(const std::string& err) {
    return err == expired_text ? context_state::deadline_exceeded : context_state::canceled;
}

} // namespace

void state::count(context_state s, int change) {
    std::size_t& n = s == context_state::active     ? totals_.active
                     : s == context_state::canceled ? totals_.canceled
                                                    : totals_.expired;
    n += static_cast<std::size_t>(change);
}

void state::on_created(const event& e) {
    if (e.context == 0 || context_at_.contains(e.context)) return;
    const context_info* parent = context(e.parent);
    context_info made = made_from(e, parent);
    std::string err, cause;
    id_t by = made.id;
    if (made.born_done) {
        if (parent && parent->state != context_state::active) {
            err = parent->err;
            cause = parent->cause;
            by = parent->done_by;
        } else {
            // The only other way to be born done is a deadline that has passed. If it has a cause,
            // context_done says it.
            err = cause = takes_deadline(made.kind) ? expired_text : canceled_text;
        }
    }
    if (parent) edit_context(e.parent)->children.push_back(made.id);
    context_at_.set(made.id, contexts_.size());
    contexts_.push_back(std::move(made));
    count(context_state::active, +1);
    ++shape_version_;
    if (e.on) end_context(contexts_.edit(contexts_.size() - 1), err, cause, by, e);
}

/// One that nobody refers to any more counts as active no longer, though nothing ended it: a value, mostly.
void state::on_dropped(const event& e) {
    const context_info* c = context(e.context);
    if (!c || c->dropped) return;
    context_info* const dropped = edit_context(e.context); // what `c` points to may be gone now
    dropped->dropped = true;
    if (dropped->state == context_state::active) count(context_state::active, -1);
}

void state::on_cancel_starts(const event& e) {
    const context_info* c = context(e.context);
    if (!c || c->state != context_state::active) return;
    if (e.kind == event_kind::deadline_expired) edit_context(e.context)->fired = true;
    wave_ = {.root = e.context,
             .front = e.context,
             .at = e.at,
             .first_seq = e.seq,
             .reached = 0,
             .finished = false};
}

void state::on_visited(const event& e) {
    if (!wave_.finished) wave_.front = e.context;
    context_info* c = edit_context(e.context);
    if (!c) return;
    c->visited_from = e.parent;
    c->nth = e.value;
    c->of = e.of;
}

void state::on_done(const event& e) {
    context_info* c = edit_context(e.context);
    if (!c) return;
    if (!wave_.finished && wave_.root == e.by) {
        wave_.front = e.context;
        ++wave_.reached;
    }
    // What was derived at birth is only a guess at err and cause; otherwise the first end wins.
    if (c->state == context_state::active || c->born_done) end_context(*c, e.err, e.cause, e.by, e);
}

void state::end_context(context_info& c, const std::string& err, const std::string& cause, id_t by,
                        const event& e) {
    count(c.state, -1);
    c.state = state_of(err);
    count(c.state, +1);
    c.err = err;
    c.cause = cause;
    c.done = e.at;
    c.done_by = by;
    c.done_seq = e.seq;
    c.registered = false;
    show_in_views(c, e);
}

void state::show_in_views(const context_info& ended, const event& e) {
    std::vector<const context_info*> shown{&ended};
    while (!shown.empty()) {
        const context_info* from = shown.back();
        shown.pop_back();
        for (const id_t id : from->children) {
            const context_info* view = context(id);
            if (!view || !is_view(view->kind) || view->state != context_state::active) continue;
            context_info* c = edit_context(id);
            count(c->state, -1);
            c->state = ended.state;
            count(c->state, +1);
            c->err = ended.err;
            c->cause = ended.cause;
            c->done = e.at;
            c->done_by = ended.done_by;
            c->done_seq = e.seq;
            shown.push_back(c);
        }
    }
}

void state::on_after_func_run(const event& e) {
    context_info* c = edit_context(e.context);
    if (!c) return;
    c->fired = true;
    if (c->state != context_state::active) return;
    const context_info* from = context(c->cancel_parent);
    if (from && from->state != context_state::active) {
        end_context(*c, from->err, from->cause, from->done_by, e);
    } else {
        end_context(*c, std::string(canceled_text), std::string(canceled_text), c->id, e);
    }
}

void state::on_swept(const event& e) {
    const std::unordered_set<id_t> gone(e.path.begin(), e.path.end());
    std::unordered_set<id_t> parents;
    for (const id_t id : gone) {
        if (const context_info* c = context(id)) {
            if (!c->dropped || c->state != context_state::active) count(c->state, -1);
            if (!gone.contains(c->parent)) parents.insert(c->parent);
        }
    }
    for (const id_t id : parents) {
        if (context_info* p = edit_context(id)) {
            p->children.erase_if([&](id_t child) { return gone.contains(child); });
        }
    }
    forget_workers_of(e.path);
    for (const id_t id : e.path) context_at_.erase(id);
    const std::size_t moved = contexts_.erase_if([&](const context_info& c) { return gone.contains(c.id); });
    for (std::size_t i = moved; i < contexts_.size(); ++i) context_at_.set(contexts_[i].id, i);
    ++shape_version_;
}

} // namespace lab
