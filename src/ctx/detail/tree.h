// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/cancel_node.h"
#include "ctx/detail/node_memory.h"
#include "ctx/detail/value_node.h"

#include <memory>
#include <optional>
#include <string>

/// The nodes behind context handles.
///
/// Ownership (lifetime.cpp). A node lives while somebody counts it in refs_: handles, its value nodes and
/// views, sources of cancellation that may still act through it (an armed timer, a watcher). A cancel node P
/// also lives while it has linked children: being in P's list is a child's reference to P, counted by the
/// list. Nobody counts a linked child for being linked: its last reference is dropped under the list's lock
/// and takes it out, or, if something still has to happen through it (it is *pinned*: an AfterFunc that has
/// not run, or a pinned child of its own), leaves it to the list, which then owns it. Such a child keeps P
/// alive no longer, so there is no cycle: when P goes, what its list owns goes with it (CTX-302, CTX-306).
///
/// Cancelling (propagate.cpp). The one who marks P closes its list in the same step: nothing is added any
/// more, nobody but the marker takes anything out, and each child in it gets a counted reference to P. The
/// marker walks the list without a lock. A child whose last reference goes meanwhile stays where it is for
/// the marker to free.
///
/// Shares. A node on whose lock threads meet gets shares of its list, each with a lock of its own; a thread
/// links new children into its share. A share is closed after its node is done. Not in trees that somebody
/// observes, or whose order of siblings is given: there the list is one.
///
/// Locks. The selectable's lock of a cancel node guards its children and its waiters, and its step from open
/// to done. No thread holds the locks of two nodes, but for a select, which locks by address. Below it: the
/// locks of its shares, one at a time; and a clock's lock. No user code and no observer runs under them.
///
/// Publication. cause, then state (release); readers load state (acquire). Waiters are woken after that.
namespace ctx::detail {

/// The Background or TODO of a tree of its own.
class root_node final : public node {
  public:
    root_node(made_by asked, std::shared_ptr<environment> env)
        : node(kind::root, asked, nullptr), own_(std::move(env)) {}

  private:
    friend struct node_memory;
    ~root_node() = default;
    const std::shared_ptr<environment> own_;
};

class without_cancel_node final : public view_node {
  public:
    explicit without_cancel_node(node* parent)
        : view_node(kind::without_cancel, made_by::without_cancel, parent, nullptr) {
        parent->retain();
    }

  private:
    friend struct node_memory;
    ~without_cancel_node() = default;
};

class custom_node final : public node {
  public:
    custom_node(std::shared_ptr<custom_context> c, std::shared_ptr<environment> env)
        : node(kind::custom, made_by::custom, nullptr), impl(std::move(c)), own_(std::move(env)) {}
    const std::shared_ptr<custom_context> impl;

  private:
    friend struct node_memory;
    ~custom_node() = default;
    const std::shared_ptr<environment> own_; // null: the real world
};

/// The private key with which a context is asked for the nearest cancel node behind it.
extern const key<cancel_node> cancel_node_key;

inline cancel_node* node::as_cancel() noexcept {
    return kind_ == kind::cancel ? static_cast<cancel_node*>(this) : nullptr;
}
inline custom_node* node::as_custom() noexcept {
    return kind_ == kind::custom ? static_cast<custom_node*>(this) : nullptr;
}
inline deadline_node* cancel_node::as_deadline() noexcept {
    return flags_ & timed ? static_cast<deadline_node*>(this) : nullptr;
}
inline registration_node* cancel_node::as_registration() noexcept {
    return is_registration() ? static_cast<registration_node*>(this) : nullptr;
}

/// The answers of a context (answers.cpp).
std::optional<time_point> deadline_of(node* n);
recv_chan<empty> done_of(node* n);
error cause_of(node* n);
any_value value_of(node* n, const any_key& k);
/// Who answers the private key: the cancel node behind this context, through views and custom contexts; or
/// null.
cancel_node* nearest_cancel(node* n);
std::string string_of(node* n);

/// The bridge between handles and nodes.
struct node_access {
    static node* get(const context& c) noexcept { return c.node_; }
    static context adopt(node* n) noexcept { return context(n); }
    static context share(node* n) noexcept {
        n->retain();
        return context(n);
    }
    /// Gives the children of a cancellable context shares, as if threads had met there.
    static void spread_out(const context& c) { c.node_->as_cancel()->spread_out(); }
    /// A function that takes over a reference.
    template <class F>
    static F function(cancel_node* n) noexcept {
        return F(n);
    }
};

/// Tells the observer that `n` exists; before anything can happen to it.
void announce(node* n, bool born_done, const call_site& where);

} // namespace ctx::detail
