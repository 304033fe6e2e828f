// SPDX-License-Identifier: MIT
#include "ctx/detail/format.h"
#include "ctx/detail/node.h"

#include <vector>

/// What a context answers: Deadline, Done, Err, Cause, Value, String.
namespace ctx::detail {

std::optional<time_point> node::deadline() {
    for (node* n = done_owner_; n;) {
        cancel_node* c = n->as_cancel();
        if (!c) return n->as_custom()->impl->deadline();
        if (deadline_node* d = c->as_deadline()) return d->when();
        n = c->parent_ ? c->parent_->done_owner_ : nullptr;
    }
    return std::nullopt;
}

recv_chan<empty> node::done() {
    if (!done_owner_) return {};
    if (cancel_node* c = done_owner_->as_cancel()) return recv_chan<empty>(ref<selectable>(c));
    return done_owner_->as_custom()->impl->done();
}

error node::err() {
    if (!done_owner_) return {};
    if (cancel_node* c = done_owner_->as_cancel()) return c->is_done() ? c->final_err() : error{};
    return done_owner_->as_custom()->impl->err();
}

error node::cause() {
    error e = err();
    if (!e) return e;
    if (cancel_node* behind = nearest_cancel())
        if (behind->is_done()) return behind->final_cause();
    return e; // CTX-066
}

cancel_node* node::nearest_cancel() {
    return const_cast<cancel_node*>(find(cancel_node_key, nullptr).as<cancel_node>());
}

any_value node::value(const any_key& k) {
    observer* const o = watched_by();
    if (!o || !observed_ || !k) return find(k, nullptr);
    std::vector<node_id> path;
    any_value found = find(k, &path);
    // A nil binding stops the search and finds nothing (CTX-112); the observer sees where it stopped.
    o->value_looked_up(id(), k.string(), static_cast<bool>(found), found.string(), path);
    return found;
}

any_value node::find(const any_key& k, std::vector<node_id>* path) {
    const bool for_node = k.is(cancel_node_key);
    for (node* n = this; n; n = n->parent_) {
        if (path && n->observed_) path->push_back(n->id());
        switch (n->kind_) {
        case kind::value:
            if (const auto* v = static_cast<value_node*>(n); v->key == k) return v->held;
            break;
        case kind::cancel:
            if (for_node) return any_value::refer(&ops_of<cancel_node>, static_cast<cancel_node*>(n));
            break;
        case kind::without_cancel:
            if (for_node) return {}; // CTX-065, CTX-175
            break;
        case kind::custom:
            return static_cast<custom_node*>(n)->impl->value(k);
        case kind::root:
            return {};
        }
    }
    return {};
}

std::string node::own_string() {
    switch (kind_) {
    case kind::root:
        return asked_ == made_by::todo ? "context.TODO" : "context.Background";
    case kind::custom:
        return static_cast<custom_node*>(this)->impl->string();
    case kind::without_cancel:
        return ".WithoutCancel";
    case kind::value: {
        auto* v = static_cast<value_node*>(this);
        return ".WithValue(" + v->key.string() + ", " + v->held.string() + ")";
    }
    case kind::cancel:
        break;
    }
    auto* c = static_cast<cancel_node*>(this);
    if (deadline_node* d = c->as_deadline())
        return ".WithDeadline(" +
               format_time(env().time(), d->wall(),
                           d->made_from_wall() ? std::nullopt : std::optional(d->when())) +
               " [" +
               to_string(saturating_sub(d->when(), env().time().now())) + "])";
    return c->as_registration() ? ".AfterFunc" : ".WithCancel";
}

std::string node::string() {
    std::vector<node*> chain;
    const char* start = "";
    for (node* n = this; n; n = n->parent_) {
        chain.push_back(n);
        if (n->kind_ == kind::custom) break;
        if (n->named_stop_ctx_) {
            start = "context.stopCtx"; // CTX-166
            break;
        }
    }
    std::string out = start;
    for (auto at = chain.rbegin(); at != chain.rend(); ++at) out += (*at)->own_string();
    return out;
}

void announce(node* n, bool born_done, const call_site& where) {
    observer* const o = n->watched_by();
    if (!o) return;
    origin& from = n->kept()->made;
    from.where = where;
    from.when = n->env().time().now();
    creation made{.id = n->id(),
                  .parent = n->parent() ? n->parent()->id() : 0,
                  .asked = n->asked(),
                  .born_done = born_done,
                  .deadline = {},
                  .own_string = n->own_string(),
                  .key = {},
                  .value = {},
                  .where = where};
    if (n->kind() == kind::value) {
        auto* v = static_cast<value_node*>(n);
        made.key = v->key.string();
        made.value = v->held.string();
    }
    if (cancel_node* c = n->as_cancel())
        if (deadline_node* d = c->as_deadline()) made.deadline = d->when();
    o->created(made);
}

} // namespace ctx::detail
