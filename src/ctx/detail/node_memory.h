// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/environment.h"
#include "ctx/detail/history.h"
#include "ctx/detail/node.h"
#include "ctx/detail/pool_cache.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace ctx::detail {

/// What a node is made in: its environment stands in front of it, unless that is the real world's, and its
/// history in front of that.
struct node_memory {
    static constexpr std::size_t env_room = alignof(std::max_align_t);

    static environment* own_env(const node* n) noexcept {
        return n->flags_ & node::own_tree ? *env_slot(n) : nullptr;
    }
    static history* kept(const node* n) noexcept {
        if (!(n->flags_ & node::observed)) return nullptr;
        return reinterpret_cast<history*>(start_of(n) - env_room - history_room);
    }

    template <class N, class... A>
    static N* make(environment* own_env, A&&... arguments) {
        return make_sized<N>(own_env, sizeof(N), std::forward<A>(arguments)...);
    }
    /// In a tree that nobody observes; null: the real world. `A` are small.
    template <class N, class... A>
    static N* make_quiet(environment* own_env, A... arguments) {
        return own_env ? make_quiet_in<N>(*own_env, arguments...)
                       : new (pool_take(sizeof(N))) N(arguments...);
    }
    /// Makes an N at the beginning of `size` bytes.
    template <class N, class... A>
    static N* make_sized(environment* own_env, std::size_t size, A&&... arguments);
    template <class N, class... A>
    static N* make_in_tree(environment* own_env, std::size_t size, A&&... arguments);
    static void free(node* n) noexcept;

  private:
    template <class N, class... A>
    [[gnu::noinline]] static N* make_quiet_in(environment& own_env, A... arguments) {
        auto* const raw = static_cast<std::byte*>(pool_take(env_room + sizeof(N)));
        N* const n = new (raw + env_room) N(arguments...);
        n->flags_ |= node::own_tree;
        *env_slot(n) = &own_env;
        return n;
    }
    [[gnu::noinline]] static void free_other(node* n) noexcept;
    static std::byte* start_of(const node* n) noexcept {
        return reinterpret_cast<std::byte*>(const_cast<node*>(n));
    }
    static environment** env_slot(const node* n) noexcept {
        // Through an integer, as the compiler warns of a real root, which has nothing in front of it.
        return reinterpret_cast<environment**>(reinterpret_cast<std::uintptr_t>(n) - env_room);
    }
    static void free_value(value_node* n, std::size_t room) noexcept; // value_node.cpp
    template <class N>
    static void destroy_as(node* n, std::size_t room) noexcept {
        static_cast<N*>(n)->~N();
        pool_put(start_of(n) - room, room + sizeof(N));
    }
};

template <class N, class... A>
inline N* node_memory::make_sized(environment* own_env, std::size_t size, A&&... arguments) {
    if constexpr (noexcept(new (static_cast<void*>(nullptr)) N(std::declval<A>()...)))
        if (!own_env) return new (pool_take(size)) N(std::forward<A>(arguments)...);
    return make_in_tree<N>(own_env, size, std::forward<A>(arguments)...);
}

template <class N, class... A>
[[gnu::noinline]] N* node_memory::make_in_tree(environment* own_env, std::size_t size, A&&... arguments) {
    const bool watched = own_env && own_env->watched_by();
    const std::size_t room = (watched ? history_room : 0) + (own_env ? env_room : 0);
    auto* const raw = static_cast<std::byte*>(pool_take(room + size));
    N* n = nullptr;
    try {
        n = new (raw + room) N(std::forward<A>(arguments)...);
    } catch (...) {
        pool_put(raw, room + size);
        throw;
    }
    if (!own_env) return n;
    n->flags_ |= node::own_tree;
    *env_slot(n) = own_env;
    if (watched) {
        n->flags_ |= node::observed;
        new (raw) history{.made = {.id = own_env->next_id(), .tree = own_env}, .ended = {}};
    }
    return n;
}

inline environment& node::env() const noexcept {
    environment* const own = node_memory::own_env(this);
    return own ? *own : *environment::real();
}
inline observer* node::watched_by() const noexcept {
    environment* const own = node_memory::own_env(this);
    return own ? own->watched_by() : nullptr;
}
inline history* node::kept() const noexcept {
    return node_memory::kept(this);
}
inline node_id node::id() const noexcept {
    const history* const h = kept();
    return h ? h->made.id : 0;
}

} // namespace ctx::detail
