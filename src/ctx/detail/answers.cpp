// SPDX-License-Identifier: MIT
#include "ctx/detail/format.h"
#include "ctx/detail/tree.h"

#include <vector>

/// What a context answers: Deadline, Done, Err, Cause, Value, String.
namespace ctx::detail {

std::optional<time_point> deadline_of(node* n) {
    for (n = n->done_owner(); n;) {
        cancel_node* c = n->as_cancel();
        if (!c) return n->as_custom()->impl->deadline();
        if (deadline_node* d = c->as_deadline()) return d->when();
        n = c->parent()->done_owner();
    }
    return std::nullopt;
}

recv_chan<empty> done_of(node* n) {
    node* const owner = n->done_owner();
    if (!owner) return {};
    if (cancel_node* c = owner->as_cancel()) return recv_chan<empty>(ref<selectable>(c));
    return owner->as_custom()->impl->done();
}

error custom_err(node* owner) {
    return owner->as_custom()->impl->err();
}

error cause_of(node* n) {
    error e = err_of(n);
    if (!e) return e;
    if (cancel_node* behind = nearest_cancel(n))
        if (behind->is_done()) return behind->final_cause();
    return e; // CTX-066
}

cancel_node* nearest_cancel(node* n) {
    return const_cast<cancel_node*>(find(n, cancel_node_key, nullptr).as<cancel_node>());
}

any_value value_of(node* n, const any_key& k) {
    observer* const o = n->watched_by();
    if (!o || !k) return find(n, k, nullptr);
    std::vector<node_id> path;
    any_value found = find(n, k, &path);
    // A nil binding stops the search and finds nothing (CTX-112); the observer sees where it stopped.
    o->value_looked_up(n->id(), k.string(), static_cast<bool>(found), found.string(), path);
    return found;
}

any_value find(node* n, const any_key& k, std::vector<node_id>* path) {
    const bool for_node = k.is(cancel_node_key);
    for (; n; n = n->parent()) {
        if (path) path->push_back(n->id());
        switch (n->kind()) {
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

namespace {

std::string deadline_string(deadline_node& d) {
    const clock& time = d.env().time();
    return ".WithDeadline(" +
           format_time(time, d.wall(), d.made_from_wall() ? std::nullopt : std::optional(d.when())) + " [" +
           to_string(saturating_sub(d.when(), time.now())) + "])";
}

std::string own_string(node* n) {
    switch (n->kind()) {
    case kind::root:
        return n->asked() == made_by::todo ? "context.TODO" : "context.Background";
    case kind::custom:
        return n->as_custom()->impl->string();
    case kind::without_cancel:
        return ".WithoutCancel";
    case kind::value: {
        auto* v = static_cast<value_node*>(n);
        return ".WithValue(" + v->key.string() + ", " + v->held.string() + ")";
    }
    case kind::cancel:
        break;
    }
    cancel_node* const c = n->as_cancel();
    if (deadline_node* d = c->as_deadline()) return deadline_string(*d);
    return c->as_registration() ? ".AfterFunc" : ".WithCancel";
}

} // namespace

std::string string_of(node* n) {
    std::vector<node*> chain;
    const char* start = "";
    for (; n; n = n->parent()) {
        chain.push_back(n);
        if (n->kind() == kind::custom) break;
        if (n->hides_parent_name()) {
            start = "context.stopCtx"; // CTX-166
            break;
        }
    }
    std::string out = start;
    for (auto at = chain.rbegin(); at != chain.rend(); ++at) out += own_string(*at);
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
                  .own_string = own_string(n),
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
