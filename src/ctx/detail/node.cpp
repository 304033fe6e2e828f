// SPDX-License-Identifier: MIT
#include "ctx/detail/node.h"

namespace ctx::detail {

history* node::kept() noexcept {
    if (!observed_) return nullptr;
    void* const start = kind_ == kind::cancel ? static_cast<void*>(static_cast<cancel_node*>(this))
                                              : static_cast<void*>(this);
    return reinterpret_cast<history*>(static_cast<std::byte*>(start) - history_room);
}

void node::free(node* n) noexcept {
    history* const past = n->kept();
    void* start = n;
    if (cancel_node* c = n->as_cancel()) {
        start = c;
        if (registration_node* r = c->as_registration())
            r->~registration_node();
        else if (deadline_node* d = c->as_deadline())
            d->~deadline_node();
        else
            c->~cancel_node();
    } else if (n->kind_ == kind::value) {
        static_cast<value_node*>(n)->~value_node();
    } else if (n->kind_ == kind::without_cancel) {
        static_cast<without_cancel_node*>(n)->~without_cancel_node();
    } else if (n->kind_ == kind::custom) {
        static_cast<custom_node*>(n)->~custom_node();
    } else {
        static_cast<root_node*>(n)->~root_node();
    }
    if (past) past->~history();
    ::operator delete(past ? past : start);
}

void node::release(node* n) noexcept {
    while (n && !n->immortal_) {
        node* up = nullptr;
        if (!drop(n, up)) return;
        n = up;
    }
}

bool node::drop(node* n, node*& up) noexcept {
    cancel_node* c = n->as_cancel();
    if (!c) {
        if (n->refs_.fetch_sub(1, std::memory_order_acq_rel) != 1) return false;
        up = n->parent_;
        destroy(n);
        return true;
    }
    return c->drop_reference(up);
}

bool cancel_node::drop_reference(node*& up) noexcept {
    std::uint32_t refs = refs_.load(std::memory_order_acquire);
    for (;;) {
        const std::uint32_t sources = sources_.load(std::memory_order_acquire);
        if (refs == 1 + sources && sources > 0 && !pinned()) {
            // Nobody could notice any more when this ends: take the sources' references back. A source that
            // is acting right now keeps its own and drops it itself.
            release_sources();
            if (sources_.load(std::memory_order_acquire) < sources) {
                refs = refs_.load(std::memory_order_acquire);
                continue;
            }
        }
        if (refs > 1) {
            if (refs_.compare_exchange_weak(refs, refs - 1, std::memory_order_acq_rel)) return false;
            continue;
        }
        cancel_node* const in = linked_to_.load(std::memory_order_acquire);
        if (!in) {
            if (!refs_.compare_exchange_weak(refs, 0, std::memory_order_acq_rel)) continue;
            break;
        }
        // The last reference of a linked child goes under the list's lock, so that a propagation that finds
        // the child in the list either takes a reference before, or does not find it. `in` lives: it is an
        // ancestor.
        in->mutex_.lock();
        if (linked_to_.load(std::memory_order_relaxed) != in ||
            !refs_.compare_exchange_strong(refs, 0, std::memory_order_acq_rel)) {
            in->mutex_.unlock();
            refs = refs_.load(std::memory_order_acquire);
            continue;
        }
        if (pinned()) {
            list_owned_ = true;
            ++in->pins_;
            up = std::exchange(parent_, nullptr);
            in->mutex_.unlock();
            return true;
        }
        in->remove_child(this);
        in->mutex_.unlock();
        break;
    }
    up = parent_;
    destroy(this);
    return true;
}

bool cancel_node::pinned() const noexcept {
    // pins_ cannot change here: whoever could change it holds a reference to this node through a child.
    if (is_registration()) return !static_cast<const registration_node*>(this)->claimed();
    return pins_ > 0;
}

void node::destroy(node* n) noexcept {
    // A pinned subtree goes with its owner; the nodes waiting for that are chained through up_.
    cancel_node* rest = nullptr;
    for (;;) {
        if (observer* o = n->watched_by(); o && n->observed_) o->dropped(n->id());
        if (cancel_node* c = n->as_cancel()) {
            while (cancel_node* child = c->first_) {
                c->remove_child(child);
                child->up_ = rest;
                rest = child;
            }
        }
        free(n);
        if (!rest) return;
        n = rest;
        rest = rest->up_;
    }
}

void cancel_node::push_child(cancel_node* c) noexcept {
    c->prev_ = last_;
    c->next_ = nullptr;
    (last_ ? last_->next_ : first_) = c;
    last_ = c;
    ++children_;
    c->linked_to_.store(this, std::memory_order_release);
}

void cancel_node::remove_child(cancel_node* c) noexcept {
    (c->prev_ ? c->prev_->next_ : first_) = c->next_;
    (c->next_ ? c->next_->prev_ : last_) = c->prev_;
    --children_;
    if (std::exchange(c->list_owned_, false)) --pins_;
    c->linked_to_.store(nullptr, std::memory_order_release);
}

} // namespace ctx::detail
