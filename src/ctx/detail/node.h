// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/error.h"
#include "ctx/observer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What is behind a context handle: as much of it as the inline functions of context.h need. The rest is in
/// tree.h.
namespace ctx::detail {

enum class kind : std::uint8_t { root, cancel, value, without_cancel, custom };

class environment;
class cancel_node;
class custom_node;
struct history;

/// How a context ended, in one byte that readers load without a lock. Written once under the node's lock,
/// after its cause; `settled` is added when everything linked below it is done too. A node without a Done of
/// its own says for ever that its owner has to be asked. `swept` is written with how a node ended if whoever
/// ended it came from the node that it hangs on: then it is settled when that one is, unless it says so
/// itself.
enum ended : std::uint8_t {
    open = 0,
    by_cancel = 1,
    by_deadline = 2,
    by_other_error = 3,
    settled = 4,
    ask_owner = 8,
    swept = 16
};

class alignas(8) node {
  public:
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    void retain() noexcept {
        if (!(flags_ & immortal)) refs_.fetch_add(1, std::memory_order_relaxed);
    }
    /// Drops one reference, and with it, iteratively, whatever that frees. Null: nothing.
    static void release(node* n) noexcept {
        if (n && !(n->flags_ & immortal)) release_counted(n);
    }
    /// Drops both handles that with_cancel and the like have given. Not null.
    static void release_two(node* n) noexcept;

    ctx::detail::kind kind() const noexcept { return kind_; }
    made_by asked() const noexcept { return asked_; }
    node* parent() const noexcept { return parent_; }
    /// The nearest of this node and its ancestors with a Done of its own; null: never done.
    inline node* done_owner() const noexcept;
    inline cancel_node* as_cancel() noexcept;
    inline custom_node* as_custom() noexcept;

    environment& env() const noexcept;
    observer* watched_by() const noexcept;
    node_id id() const noexcept;
    bool is_observed() const noexcept { return (flags_ & observed) != 0; }
    /// What is kept of an observed context; null for others.
    history* kept() const noexcept;

    /// Registered through its parent's AfterFunc method. CTX-166
    bool hides_parent_name() const noexcept { return (flags_ & named_stop_ctx) != 0; }
    std::uint8_t state() const noexcept { return state_.load(std::memory_order_acquire); }

  protected:
    enum flag : std::uint8_t {
        immortal = 1,
        own_tree = 2, // not in the real world: its environment stands in front of it
        observed = 4, // and its history in front of that
        timed = 8,    // a deadline_node
        named_stop_ctx = 16
        // the others belong to value_node
    };

    constexpr node(ctx::detail::kind k, made_by asked, node* parent, std::uint8_t flags = 0) noexcept
        : kind_(k), asked_(asked), flags_(flags), state_(k == ctx::detail::kind::cancel ? open : ask_owner),
          parent_(parent) {}
    ~node() = default;

    atomic<std::uint32_t> refs_{1};
    const ctx::detail::kind kind_;
    const made_by asked_;
    std::uint8_t flags_; // does not change once others know the node
    atomic<std::uint8_t> state_;
    node* parent_ = nullptr; // who counts it: see lifetime.cpp

  private:
    friend struct node_memory;
    friend class cancel_node;
    static void destroy(node* n) noexcept;
    [[gnu::noinline]] static void destroy_all(node* n) noexcept;
    static void release_counted(node* n) noexcept; // not null, not immortal
    [[gnu::noinline]] static void release_last(node* n) noexcept;
};

/// A node without a Done of its own. It takes over a reference to its parent.
class view_node : public node {
  public:
    node* const owner; // whose Done it shows; null: never done

  protected:
    view_node(ctx::detail::kind k, made_by asked, node* parent, node* owner_) noexcept
        : node(k, asked, parent), owner(owner_) {}
    ~view_node() = default;
};

/// Background and TODO of the real world. Never counted, never destroyed.
class real_root final : public node {
  public:
    constexpr explicit real_root(made_by asked) noexcept
        : node(ctx::detail::kind::root, asked, nullptr, immortal) {}
};
extern real_root background_root;
extern real_root todo_root;

/// Of a custom context, and of one that ended with an error of its own.
error custom_err(node* owner);
error other_err(const node* owner);

inline node* node::done_owner() const noexcept {
    switch (kind_) {
    case ctx::detail::kind::cancel:
    case ctx::detail::kind::custom:
        return const_cast<node*>(this);
    case ctx::detail::kind::value:
        return static_cast<const view_node*>(this)->owner;
    default:
        return nullptr;
    }
}

inline error err_by(std::uint8_t state, const node* owner) {
    switch (state & 3) {
    case open:
        return {};
    case by_cancel:
        return canceled;
    case by_deadline:
        return deadline_exceeded;
    default:
        return other_err(owner);
    }
}

inline error err_of(const node* n) {
    const std::uint8_t state = n->state();
    if (state != ask_owner) return err_by(state, n);
    node* const owner = n->done_owner();
    if (!owner) return {};
    return owner->state() != ask_owner ? err_by(owner->state(), owner) : custom_err(owner);
}

bool custom_is_done(node* owner);

inline bool is_done(const node* n) {
    const std::uint8_t state = n->state();
    if (state != ask_owner) return state != open;
    node* const owner = n->done_owner();
    if (!owner) return false;
    return owner->state() != ask_owner ? owner->state() != open : custom_is_done(owner);
}

} // namespace ctx::detail
