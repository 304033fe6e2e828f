// SPDX-License-Identifier: MIT
#include "ctx/detail/format.h"
#include "ctx/detail/tree.h"
#include "ctx/select.h"

#include <vector>

/// What a context answers: Deadline, Done, Err, Cause, String. Value is in lookup.cpp.
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

case_channel lent_done(const context& c) {
    node* const owner = node_access::get(c)->done_owner();
    if (!owner) return case_channel(case_channel::lent{nullptr});
    if (cancel_node* const made_here = owner->as_cancel()) return case_channel(case_channel::lent{made_here});
    return case_channel(owner->as_custom()->impl->done().keep());
}

error custom_err(node* owner) {
    return owner->as_custom()->impl->err();
}

bool custom_is_done(node* owner) {
    return owner->as_custom()->impl->done().closed();
}

error cause_of(node* n) {
    error e = err_of(n);
    if (!e) return e;
    if (cancel_node* behind = nearest_cancel(n))
        if (behind->is_done()) return behind->final_cause();
    return e; // CTX-066
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
        return ".WithValue(" + v->key_string() + ", " + v->value_string() + ")";
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
        made.key = v->key_string();
        made.value = v->value_string();
    }
    if (cancel_node* c = n->as_cancel())
        if (deadline_node* d = c->as_deadline()) made.deadline = d->when();
    o->created(made);
}

void announce_value(value_node* n, const call_site& where) {
    announce(n, static_cast<bool>(err_of(n)), where);
}

} // namespace ctx::detail
