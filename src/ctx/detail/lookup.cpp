// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <vector>

/// What a context answers when it is asked for a value. How value nodes help with that stands in
/// value_node.h.
namespace ctx::detail {
namespace {

/// Where a search ended: at a binding; at a custom context, which is to be asked; or nowhere.
struct place {
    const value_node* binding = nullptr;
    custom_node* custom = nullptr;
};

struct is_typed {
    const key_base* key;
    std::uint8_t tag() const noexcept { return tag_of(key); }
    bool operator()(const value_node& n) const noexcept { return n.key() == key; }
};

struct is_equal {
    const any_key& key;
    std::uint8_t tag() const noexcept { return tag_of(key.hash()); }
    bool operator()(const value_node& n) const { return n.is_run_time() && n.binding().key == key; }
};

/// Among those whose tags stand in `n`, from the `i`th on, whose tag says that it may be.
template <class Match>
const value_node* check_tagged(const value_node& n, std::size_t i, std::uint8_t tag, Match match) {
    for (const std::size_t count = n.tag_bytes(); i != count; i = find_tag(n.tags(), i + 1, count, tag)) {
        const value_node* const at = n.nth(static_cast<unsigned>(i));
        if (match(*at)) return at;
    }
    return nullptr;
}

template <class Match>
place search(node* n, Match match) {
    while (n) {
        if (n->kind() == kind::value) {
            const auto* const v = static_cast<const value_node*>(n);
            if (!v->is_landmark()) {
                if (match(*v)) return {.binding = v};
                n = v->above();
                continue;
            }
            const std::uint8_t tag = match.tag();
            const std::size_t first = find_tag(v->tags(), 0, v->tag_bytes(), tag);
            if (const value_node* at = check_tagged(*v, first, tag, match)) return {.binding = at};
            n = v->next();
        } else if (n->kind() == kind::custom) {
            return {.custom = n->as_custom()};
        } else {
            n = n->parent();
        }
    }
    return {};
}

any_value held(const value_node& n) {
    if (n.is_nil()) return {};
    if (n.is_run_time()) return n.binding().held;
    const type_ops* const type = n.key()->ops();
    return any_value::refer(type, n.value_at(type->align), keeper::of(const_cast<value_node*>(&n)));
}

any_value find(node* n, const any_key& k) {
    if (k.is(cancel_node_key)) {
        cancel_node* const c = nearest_cancel(n);
        return c ? any_value::refer(&ops_of<cancel_node>, c) : any_value();
    }
    const key_base* const typed = k.typed();
    const place at = typed ? search(n, is_typed{typed}) : search(n, is_equal{k});
    if (at.binding) return held(*at.binding);
    if (at.custom) return at.custom->impl->value(k);
    return {};
}

bool binds(const value_node& n, const any_key& k) {
    const key_base* const typed = k.typed();
    return typed ? is_typed{typed}(n) : is_equal{k}(n);
}

/// The same from one context to the next, all of which are noted and told.
any_value walk(node* n, const any_key& k, std::vector<node_id>& path) {
    const bool for_node = k.is(cancel_node_key);
    observer* const o = n->watched_by();
    const node_id from = n->id();
    const std::string key = k.string();
    for (; n; n = n->parent()) {
        path.push_back(n->id());
        o->value_asked(n->id(), from, key,
                       n->kind() == kind::value && binds(*static_cast<value_node*>(n), k));
        switch (n->kind()) {
        case kind::value:
            if (const auto* v = static_cast<value_node*>(n); binds(*v, k)) return held(*v);
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

const void* of_type(const any_value& v, const type_ops* type) noexcept {
    return v.ops() == type ? v.raw() : nullptr;
}

const void* held_as(const value_node& n, const key_base& k, std::size_t align) noexcept {
    if (n.is_plain()) return n.value_at(align);
    return n.is_run_time() ? of_type(n.binding().held, k.ops()) : nullptr;
}

} // namespace

cancel_node* nearest_cancel(node* n) {
    node* const owner = n->done_owner(); // WithoutCancel has none: CTX-065, CTX-175
    if (!owner) return nullptr;
    if (cancel_node* c = owner->as_cancel()) return c;
    const any_value found = owner->as_custom()->impl->value(cancel_node_key);
    return const_cast<cancel_node*>(found.as<cancel_node>());
}

any_value value_of(node* n, const any_key& k) {
    if (!n->is_observed() || !k) return find(n, k);
    std::vector<node_id> path;
    any_value found = walk(n, k, path);
    // A nil binding stops the search and finds nothing (CTX-112); the observer sees where it stopped.
    n->watched_by()->value_looked_up(n->id(), k.string(), static_cast<bool>(found), found.string(), path);
    return found;
}

const void* typed_value_of(node* n, const key_base& k, std::size_t align) {
    if (n->is_observed()) return of_type(value_of(n, k), k.ops());
    const place at = search(n, is_typed{&k});
    if (at.binding) return held_as(*at.binding, k, align);
    return at.custom ? of_type(at.custom->impl->value(k), k.ops()) : nullptr;
}

const void* tagged_value_of(const value_node* n, std::size_t i, const key_base& k, std::size_t align) {
    if (const value_node* const at = check_tagged(*n, i, tag_of(&k), is_typed{&k}))
        return held_as(*at, k, align);
    node* const next = n->next();
    return next ? near_value_of(next, k, align) : nullptr;
}

} // namespace ctx::detail
