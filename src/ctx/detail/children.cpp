// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <mutex>
#include <utility>
#include <vector>

/// The list of a node's children: a ring in the node, and, once threads have met on its lock, more of them in
/// shares.
namespace ctx::detail {

namespace {

/// Which share of every list is this thread's.
struct place {
    unsigned share = next_thread_number() % shares;
    unsigned meetings = 0;
};

} // namespace

annex& cancel_node::own_annex() {
    if (annex* const a = annex_if_any()) return *a;
    auto* const a = new annex;
    a->first = first();
    below_.store(reinterpret_cast<std::uintptr_t>(a) | 1, std::memory_order_release);
    return *a;
}

void cancel_node::delete_annex() noexcept {
    delete annex_if_any();
}

bool cancel_node::link_slowly(cancel_node* p, bool met) noexcept {
    if (p->is_done()) return false;
    if (share* const all = p->spread()) {
        place& here = per_thread<place>();
        // Where another thread is, this one looks for a share of its own.
        for (unsigned tries = 0; !all[here.share].lock.try_lock(); here.share = (here.share + 1) % shares) {
            if (++tries < shares) continue;
            all[here.share].lock.lock();
            break;
        }
        const unsigned mine = here.share;
        share& s = all[mine];
        const std::lock_guard lock(s.lock, std::adopt_lock);
        // A child that is made after its parent is done must not come out alive, also if the share is still
        // open.
        if (s.closed || p->is_done()) return false;
        push(s.first, this);
        ++s.counted;
        link_.store(static_cast<std::uint8_t>(linked + (mine + 1) * in_share), std::memory_order_relaxed);
        return true;
    }
    p->lock_.lock();
    const bool open_ = !p->is_done();
    if (open_) {
        cancel_node* head = p->first();
        push(head, this);
        p->set_first(head);
        ++p->counted_children_;
        link_.store(linked, std::memory_order_relaxed);
    }
    p->lock_.unlock();
    if (met && open_ && !(p->flags_ & own_tree) &&
        ++per_thread<place>().meetings % meetings_before_shares == 0)
        p->spread_out();
    return open_;
}

void cancel_node::spread_out() noexcept try {
    if (flags_ & observed || (flags_ & own_tree && env().shuffles_siblings())) return;
    auto all = std::make_unique<share[]>(shares);
    const std::lock_guard lock(lock_);
    if (is_done() || spread()) return;
    own_annex().spread.store(all.release(), std::memory_order_release);
} catch (const std::bad_alloc&) { // then they go on meeting on one lock
}

bool cancel_node::no_share_counts() noexcept {
    if (share* const all = spread()) {
        for (unsigned i = 0; i < shares; ++i) {
            const std::lock_guard lock(all[i].lock);
            if (all[i].counted > 0) return false;
        }
    }
    return true;
}

bool cancel_node::annex_has_children() noexcept {
    if (first()) return true;
    if (share* const all = spread()) {
        for (unsigned i = 0; i < shares; ++i) {
            const std::lock_guard lock(all[i].lock);
            if (all[i].first) return true;
        }
    }
    return false;
}

/// The one before the first is the last one still.
cancel_node* cancel_node::close_list() {
    const std::uint32_t children = std::exchange(counted_children_, 0);
    if (refs_.load(std::memory_order_acquire) == list_ref) // whoever would change it needs the lock
        refs_.store(children, std::memory_order_relaxed);
    else if (children > 0)
        refs_.fetch_add(children - list_ref, std::memory_order_relaxed);
    if (!first()) return nullptr;
    if (flags_ & own_tree && env().shuffles_siblings()) shuffle_children();
    cancel_node* const head = first();
    head->prev_->next_ = nullptr;
    set_first(nullptr);
    return head;
}

/// After it is done, with the lock held: adds what is in the shares to the closed list.
cancel_node* cancel_node::close_shares(cancel_node* children) noexcept {
    share* const all = spread();
    if (!all) return children;
    cancel_node* last = children ? children->prev_ : nullptr;
    for (unsigned i = 0; i < shares; ++i) {
        const std::lock_guard lock(all[i].lock);
        all[i].closed = true;
        refs_.fetch_add(std::exchange(all[i].counted, 0), std::memory_order_relaxed);
        cancel_node* const head = std::exchange(all[i].first, nullptr);
        if (!head) continue;
        (last ? last->next_ : children) = head;
        last = head->prev_;
        last->next_ = nullptr;
    }
    if (children) children->prev_ = last;
    return children;
}

/// What the lists own is put in front of `rest`, chained through prev_.
void cancel_node::free_owned(cancel_node*& rest) noexcept {
    const auto take = [&rest](cancel_node* head) {
        while (head) {
            cancel_node* const c = head;
            remove(head, c);
            c->prev_ = rest;
            rest = c;
        }
    };
    take(first());
    set_first(nullptr);
    if (share* const all = spread())
        for (unsigned i = 0; i < shares; ++i) take(std::exchange(all[i].first, nullptr));
}

void cancel_node::shuffle_children() {
    std::vector<cancel_node*> all;
    for (cancel_node* c = first(); c != first() || all.empty(); c = c->next_) all.push_back(c);
    if (all.size() < 2) return;
    for (std::size_t i = all.size() - 1; i > 0; --i) std::swap(all[i], all[env().sibling_random() % (i + 1)]);
    for (std::size_t i = 0; i < all.size(); ++i) {
        cancel_node* const after = all[(i + 1) % all.size()];
        all[i]->next_ = after;
        after->prev_ = all[i];
    }
    set_first(all.front());
}

std::size_t cancel_node::child_count() noexcept {
    std::size_t count = 0;
    const auto add = [&count](cancel_node* const start) {
        if (!start) return;
        cancel_node* c = start;
        do {
            registration_node* const r = c->as_registration();
            if (r ? !r->claimed() : !c->is_done()) ++count;
            c = c->next_;
        } while (c != start);
    };
    const std::lock_guard lock(lock_);
    add(first());
    if (share* const all = spread()) {
        for (unsigned i = 0; i < shares; ++i) {
            const std::lock_guard inner(all[i].lock);
            add(all[i].first);
        }
    }
    return count;
}

} // namespace ctx::detail
