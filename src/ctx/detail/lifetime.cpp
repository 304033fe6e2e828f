// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <mutex>
#include <utility>

/// Who keeps a node alive, and what happens when nobody does any more. The rules stand at the top of tree.h.
namespace ctx::detail {

#ifndef CTX_EXPLORE
static_assert(sizeof(void*) != 8 || sizeof(cancel_node) <= 64, "one line of the processor's cache");
static_assert(sizeof(void*) != 8 || sizeof(deadline_node) <= 104);
#endif

namespace {

/// References to one node that this thread was to give up, and gives up all at once: while it runs many that
/// have waited for the node, in whose count it would meet the others that do. The first is its own, so none
/// of them is the last.
struct refs_kept_back {
    cancel_node* to = nullptr;
    std::uint32_t count = 0;
};

} // namespace

constinit real_root background_root(made_by::background);
constinit real_root todo_root(made_by::todo);

void node_memory::free(node* n) noexcept {
    if (n->kind() == kind::cancel && !(n->flags_ & node::observed) && n->asked() != made_by::after_func) {
        const std::size_t room = n->flags_ & node::own_tree ? env_room : 0;
        return n->flags_ & node::timed ? destroy_as<deadline_node>(n, room)
                                       : destroy_as<cancel_node>(n, room);
    }
    free_other(n);
}

/// Of any kind.
void node_memory::free_other(node* n) noexcept {
    history* const past = kept(n);
    const std::size_t room = (n->flags_ & node::own_tree ? env_room : 0) + (past ? history_room : 0);
    if (past) past->~history();
    switch (n->kind()) {
    case kind::root:
        return destroy_as<root_node>(n, room);
    case kind::value:
        return free_value(static_cast<value_node*>(n), room);
    case kind::without_cancel:
        return destroy_as<without_cancel_node>(n, room);
    case kind::custom:
        return destroy_as<custom_node>(n, room);
    case kind::cancel:
        break;
    }
    auto* const c = static_cast<cancel_node*>(n);
    if (c->is_registration()) return destroy_as<registration_node>(n, room);
    if (c->as_deadline()) return destroy_as<deadline_node>(n, room);
    destroy_as<cancel_node>(n, room);
}

void node::destroy(node* n) noexcept {
    if (cancel_node* c = n->as_cancel();
        c && c->below_.load(std::memory_order_relaxed) == 0 && !(n->flags_ & observed))
        return node_memory::free(n);
    destroy_all(n);
}

void node::destroy_all(node* n) noexcept {
    // A pinned subtree goes with its owner; the nodes waiting for that are chained through prev_.
    cancel_node* rest = nullptr;
    for (;;) {
        if (n->flags_ & observed) n->watched_by()->dropped(n->id());
        if (cancel_node* c = n->as_cancel()) c->free_owned(rest);
        node_memory::free(n);
        if (!rest) return;
        n = rest;
        rest = rest->prev_;
    }
}

bool cancel_node::drop_one_of_many() noexcept {
    if (refs_kept_back& kept = per_thread<refs_kept_back>(); kept.to == this) {
        ++kept.count;
        return true;
    }
    std::uint32_t refs = refs_.load(std::memory_order_acquire);
    return (refs & counted_refs) != 1 &&
           refs_.compare_exchange_strong(refs, refs - 1, std::memory_order_acq_rel);
}

node* cancel_node::drop_last() noexcept {
    std::uint32_t refs = refs_.load(std::memory_order_acquire);
    if (below_.load(std::memory_order_acquire) != 0) {
        if (refs == (list_ref | 1) && left_to_children(refs)) return nullptr;
    } else {
        // Nothing will be linked any more. Who emptied the list may be about to let go of the lock, and may
        // have counted what hung in it: looked at after that.
        lock_.wait_unlocked();
        refs = refs_.load(std::memory_order_acquire);
        if ((refs & counted_refs) == 1 && sources_in(refs) == 0) return leave();
    }
    return drop_slowly();
}

void node::release_two(node* n) noexcept {
    cancel_node* const c = static_cast<cancel_node*>(n);
    // As in drop_last().
    const bool empty = c->below_.load(std::memory_order_acquire) == 0;
    if (empty) c->lock_.wait_unlocked();
    const std::uint32_t refs = c->refs_.load(std::memory_order_acquire);
    const bool nobody_else = empty && (refs & cancel_node::counted_refs) == 2 && c->sources_in(refs) == 0;
    if (nobody_else) {
        c->refs_.store(refs - 1, std::memory_order_relaxed);
        return release(c->leave());
    }
    c->refs_.fetch_sub(1, std::memory_order_release);
    release_counted(c);
}

void node::release_counted(node* n) noexcept {
    if (n->kind_ == kind::cancel && static_cast<cancel_node*>(n)->drop_one_of_many()) return;
    release_last(n);
}

/// And goes on to what loses one by that. Of a cancel node it is perhaps the last one, and of others any.
void node::release_last(node* n) noexcept {
    for (bool last = true; n && !(n->flags_ & immortal); last = false) {
        if (cancel_node* c = n->as_cancel()) {
            if (!last && c->drop_one_of_many()) return;
            n = c->drop_last();
            continue;
        }
        // Who holds the only reference need not count.
        if (n->refs_.load(std::memory_order_acquire) != 1 &&
            n->refs_.fetch_sub(1, std::memory_order_acq_rel) != 1)
            return;
        node* const up = n->parent_;
        if (n->kind_ != kind::value || !value_node::free_small(static_cast<value_node*>(n))) destroy(n);
        n = up;
    }
}

/// The last handle goes, and there is no source of cancellation. False: no child counts this node, or `refs`
/// is not true any more.
bool cancel_node::left_to_children(std::uint32_t refs) noexcept {
    const std::lock_guard lock(lock_);
    if (counted_children_ == 0 || refs_.load(std::memory_order_relaxed) != refs) return false;
    refs_.store(list_ref, std::memory_order_relaxed); // whoever would change it needs the lock
    return true;
}

node* cancel_node::drop_slowly() noexcept {
    for (;;) {
        std::uint32_t refs = refs_.load(std::memory_order_acquire);
        if ((refs & counted_refs) != 1) {
            if (refs_.compare_exchange_weak(refs, refs - 1, std::memory_order_acq_rel)) return nullptr;
            continue;
        }
        // The last one, but for the sources of cancellation.
        const std::uint32_t sources = sources_in(refs);
        bool owns_children = false;
        if (below_.load(std::memory_order_acquire) == 0) {
            lock_.wait_unlocked();
            if (refs_.load(std::memory_order_acquire) != refs) continue;
        } else if (refs & list_ref) {
            const std::lock_guard lock(lock_);
            if (refs_.load(std::memory_order_relaxed) != refs) continue;
            if (sources == 0) { // whoever would change it needs the lock
                refs_.store(list_ref, std::memory_order_relaxed);
                if (!nobody_counts()) return nullptr; // the last child goes on from here
                refs_.store(1, std::memory_order_relaxed);
            } else {
                refs_.fetch_sub(1, std::memory_order_acq_rel);
                if (!nobody_counts()) return nullptr;
                refs_.fetch_add(1, std::memory_order_relaxed);
                owns_children = has_children();
            }
        }
        if (sources == 0) return leave();
        if (!owns_children && !(is_registration() && pinned())) {
            // Nobody could notice any more when this ends: take the sources' references back. A source that
            // is acting right now keeps its own and drops it itself.
            take_back_sources();
            if ((refs_.load(std::memory_order_acquire) & source_refs) < sources) continue;
        }
        if (refs_.compare_exchange_strong(refs, refs - 1, std::memory_order_acq_rel)) return nullptr;
    }
}

void cancel_node::release_as_source() noexcept {
    std::uint32_t refs = refs_.load(std::memory_order_acquire);
    for (;;) {
        // The last reference of all is dropped like any other.
        const bool last = (refs & (counted_refs | source_refs)) == source_ref;
        if (refs_.compare_exchange_weak(refs, refs - source_ref + last, std::memory_order_acq_rel)) {
            if (last) node::release(this);
            return;
        }
    }
}

/// Of a node without counted children.
bool cancel_node::pinned() noexcept {
    if (is_registration()) return !static_cast<const registration_node*>(this)->claimed();
    return has_children(); // which its list owns, so they are pinned
}

/// Of a linked node.
cancel_node* cancel_node::link_target() const noexcept {
    if (const annex* a = annex_if_any(); a && a->behind) return a->behind;
    return static_cast<cancel_node*>(parent_->done_owner());
}

/// The caller holds the only reference, and no child counts this node.
node* cancel_node::leave() noexcept {
    const auto now = static_cast<std::uint8_t>(link_.load(std::memory_order_acquire) & membership_bits);
    if (now == fresh || now == apart) {
        node* const up = now == apart ? parent_ : nullptr;
        destroy(this);
        return up;
    }
    if (now == released) {
        lock_.wait_unlocked(); // who passed it may still be about to let go of its lock
        return free_released();
    }
    cancel_node* const p = link_target(); // lives: it is an ancestor
    node* const up = parent_ == p ? nullptr : parent_;
    const std::uint8_t how = p->part_with(this);
    if (how & closed) return leave_closed();
    if (!(how & stays)) destroy(this);
    if (!(how & goes_on)) return up;
    if (!up) return p;
    node::release(p);
    return up;
}

/// Of a node that nobody counts but its list. It stays if something has to happen through it.
std::uint8_t cancel_node::part_with(cancel_node* child) noexcept {
    if (const unsigned in = child->link_.load(std::memory_order_relaxed) / in_share)
        return part_with_in_share(child, spread()[in - 1]);
    const std::lock_guard lock(lock_);
    if (is_done()) return closed;
    cancel_node* head = first();
    const std::uint8_t how = take_out(child, head, counted_children_);
    set_first(head);
    return how | last_child_left();
}

std::uint8_t cancel_node::part_with_in_share(cancel_node* child, share& s) noexcept {
    {
        const std::lock_guard lock(s.lock);
        if (s.closed) return closed;
        // Who drops the last one gives it up before looking at the shares.
        if (has_handles()) return take_out(child, s.first, s.counted);
    }
    const std::lock_guard lock(lock_);
    std::uint8_t how = left;
    {
        const std::lock_guard inner(s.lock);
        if (s.closed) return closed;
        how = take_out(child, s.first, s.counted);
    }
    return how | last_child_left();
}

std::uint8_t cancel_node::take_out(cancel_node* child, cancel_node*& first, std::uint32_t& counted) noexcept {
    --counted;
    if (child->pinned()) {
        take_over(child);
        return stays;
    }
    remove(first, child);
    return left;
}

/// The list owns it from now on.
void cancel_node::take_over(cancel_node* child) noexcept {
    const auto where =
        static_cast<std::uint8_t>(child->link_.load(std::memory_order_relaxed) & ~membership_bits);
    child->refs_.store(0, std::memory_order_relaxed);
    child->link_.store(static_cast<std::uint8_t>(owned | where), std::memory_order_relaxed);
    child->parent_ = child->link_target();
}

/// With the lock held: is it up to a child that left to go on where the last handle left off? Then it is
/// given a reference to do so.
std::uint8_t cancel_node::last_child_left() noexcept {
    if (!nobody_counts()) return left;
    const std::uint32_t refs = refs_.load(std::memory_order_acquire);
    if (refs & counted_refs) return left;
    if (refs & source_refs)
        refs_.fetch_add(1, std::memory_order_relaxed);
    else // whoever would change it needs the lock
        refs_.store(1, std::memory_order_relaxed);
    return goes_on;
}

/// Its list is closed, and so belongs to whoever closed it, until that one has passed this node and has let
/// go of its lock.
node* cancel_node::leave_closed() noexcept {
    {
        const std::lock_guard lock(lock_);
        if ((link_.load(std::memory_order_relaxed) & membership_bits) != released) {
            refs_.store(0, std::memory_order_relaxed);
            return nullptr;
        }
    }
    return free_released();
}

node* cancel_node::free_released() noexcept {
    cancel_node* const p = link_target();
    node* const up = parent_;
    destroy(this);
    if (up != p) node::release(p); // not the last one: `up` has one too
    return up;
}

void keep_refs_back(selectable& done) noexcept {
    give_up_kept_back();
    auto& n = static_cast<cancel_node&>(done);
    if (n.is_observed()) return;
    n.retain();
    per_thread<refs_kept_back>() = {&n, 1};
}

void give_up_kept_back() noexcept {
    const refs_kept_back kept = std::exchange(per_thread<refs_kept_back>(), {});
    if (!kept.to) return;
    if (kept.count > 1) kept.to->refs_.fetch_sub(kept.count - 1, std::memory_order_release);
    kept.to->release();
}

} // namespace ctx::detail
