// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <mutex>

/// Cancelling: mark a node, then everything linked below it, top down, without recursion. The list of a node
/// that is marked belongs to the thread that marked it, which walks it without a lock.
///
/// Two walks. That of an observed node keeps to Go's order in everything, and settles each node when what is
/// below it is done. The other one, a sweep, looks at each node once: what is to be marked is one list, into
/// which a node's children are put when it is, and only the node where the sweep began is settled at its end.
/// A thread that finds a swept node done waits for that one.
namespace ctx::detail {

namespace {

/// How deep this thread is in propagations. One that a hook of another began waits for nobody: two threads in
/// hooks could wait for each other.
struct propagations {
    int depth = 0;
};

struct propagating {
    propagating() noexcept { ++per_thread<propagations>().depth; }
    ~propagating() { --per_thread<propagations>().depth; }
    propagating(const propagating&) = delete;
    propagating& operator=(const propagating&) = delete;
    static int depth() noexcept { return per_thread<propagations>().depth; }
};

/// Those who wait until somebody else's propagation has gone through a node. They are so few that all of
/// them share one bell, which costs a propagation nothing for each node: it looks at how many they are
/// without ordering that against the node's state, and in the end once more, in order.
struct settling {
    atomic<std::uint32_t> waiting{0};
    atomic<std::uint32_t> rings{0};

    void ring() noexcept {
        rings.fetch_add(1, std::memory_order_acq_rel);
        rings.notify_all();
    }
};
constinit settling bell;

/// Err and cause of a context that ended with neither Canceled nor DeadlineExceeded.
class ending_pair final : public error_object {
  public:
    ending_pair(error e, error c) : err(std::move(e)), cause(std::move(c)) {}
    std::string text() const override { return err.text(); }
    const error err, cause;
};

std::uint8_t way_of(const error& err) noexcept {
    if (err == canceled) return by_cancel;
    return err == deadline_exceeded ? by_deadline : by_other_error;
}

const ending_pair& pair_in(const error& e) {
    return static_cast<const ending_pair&>(*e.object());
}

} // namespace

error other_err(const node* owner) {
    return pair_in(static_cast<const cancel_node*>(owner)->cause_).err;
}

error cancel_node::final_cause() const noexcept {
    return (state() & 3) == by_other_error ? pair_in(cause_).cause : cause_;
}

void cancel_node::cancel(const error& cause, const trigger& by) {
    if (!end_alone(by_cancel, cause ? cause : canceled, false)) cancel_all(canceled, cause, by);
}

void cancel_node::cancel(const error& err, const error& cause, const trigger& by) {
    if (!err) panic("context: internal error: missing cancel error");
    if (err != deadline_exceeded || !end_alone(by_deadline, cause ? cause : err, false))
        cancel_all(err, cause, by);
}

/// The usual case in short: nobody observes it, waits for it, or hangs on it.
bool cancel_node::end_alone(std::uint8_t how, const error& cause, bool held) noexcept {
    if ((flags_ & observed) || is_registration()) return false;
    lock_.lock();
    if (below_.load(std::memory_order_relaxed) != 0 || !waiters_.empty() ||
        state_.load(std::memory_order_relaxed) != open) {
        lock_.unlock();
        return false;
    }
    new (&cause_) error(cause); // it was empty
    state_.store(how | settled, std::memory_order_release);
    lock_.unlock();
    const std::uint32_t sources = refs_.load(std::memory_order_acquire) & source_refs;
    if (sources == 0) return true;
    if (held && sources == source_ref && (flags_ & timed))
        static_cast<deadline_node*>(this)->disarm_held();
    else
        take_back_sources();
    return true;
}

void cancel_node::cancel_all(const error& err, const error& cause, const trigger& by) {
    const error& why = cause ? cause : err;
    if (registration_node* r = as_registration()) return r->run();
    const wave begun = flags_ & observed ? begin_wave(by) : wave{};
    marked found;
    std::size_t count = 1;
    {
        const propagating here;
        found = mark(err, why, begun, nullptr);
        if (found.children && flags_ & observed)
            count += propagate(found.children, err, why, begun);
        else if (found.children)
            sweep(found.children, err, why);
        if (found.first) {
            settle();
            full_fence();
            if (bell.waiting.load(std::memory_order_relaxed) > 0) bell.ring();
        }
    }
    if (!found.first) {
        meet_done(id(), propagating::depth() == 0);
        return;
    }
    if (flags_ & observed) detach_self();
    release_sources();
    if (observer* o = watched_by()) o->wave_finished(id(), count);
}

cancel_node::marked cancel_node::mark(const error& err, const error& cause, const wave& by, cancel_node* list,
                                      std::uint8_t also) {
    const bool quiet = !(flags_ & observed);
    marked result{.first = true};
    bool waited_for = false, gone = false, was_owned = false;
    std::size_t waiting = 0;
    {
        const std::lock_guard lock(lock_);
        if (is_done()) return {};
        waited_for = !waiters_.empty();
        if (waited_for && !quiet) waiting = waiters_.count();
        result.children = close_shares(end_as(err, cause, by, also));
        if (quiet && !waited_for) {
            if (!result.children) settle_alone();
            if (list && (also || !result.children) && !has_sources()) {
                result.passed = true;
                was_owned = (link_.load(std::memory_order_relaxed) & membership_bits) == owned;
                gone = let_go();
            }
        }
    }
    if (result.passed) {
        if (gone) free_passed(this, was_owned);
        return result;
    }
    observer* const o = watched_by();
    if (o) o->done_with(id(), err, cause, by.by, waiting);
    if (waited_for) wake_done(*this);
    if (o && waited_for) o->woken(id(), waiting);
    return result;
}

/// Of a child in a sweep: mark() and pass() in short. Its children come before what is `pending`.
bool cancel_node::pass_simply(std::uint8_t how, const error& cause, cancel_node*& pending) {
    if (is_registration() || how == by_other_error) return false;
    bool gone = false, was_owned = false;
    {
        const std::lock_guard lock(lock_);
        const std::uintptr_t below = below_.load(std::memory_order_relaxed);
        if ((below & 1) || has_sources() || !waiters_.empty() || is_done()) return false;
        new (&cause_) error(cause); // it was empty
        if (cancel_node* const children = close_list()) {
            children->prev_->next_ = pending;
            pending = children;
        } else {
            how |= settled;
        }
        state_.store(how | swept, std::memory_order_release);
        was_owned = link_.load(std::memory_order_relaxed) % in_share == owned;
        gone = let_go();
    }
    if (gone) free_passed(this, was_owned);
    return true;
}

cancel_node* cancel_node::end_as(const error& err, const error& cause, const wave& by, std::uint8_t also) {
    const std::uint8_t how = way_of(err);
    cause_ = how == by_other_error ? error::make<ending_pair>(err, cause) : cause;
    keep_ending(by);
    cancel_node* const children = close_list();
    state_.store(how | also, std::memory_order_release);
    return children;
}

std::uint32_t cancel_node::length_of(const cancel_node* list) noexcept {
    std::uint32_t n = 0;
    for (; list; list = list->next_) ++n;
    return n;
}

std::size_t cancel_node::propagate(cancel_node* child, const error& err, const error& cause, const wave& by) {
    std::size_t count = 0;
    observer* const o = watched_by();
    cancel_node* at = this;
    for (;;) {
        if (!child) {
            if (at == this) return count;
            at->settle();
            cancel_node* const up = at->prev_;
            child = at->next_;
            pass(at);
            at = up;
            continue;
        }
        cancel_node* const next = child->next_;
        if (next) __builtin_prefetch(next, 1);
        if (o) {
            if (history* const family =
                    at->kept()) { // not if it hangs here through a context of another tree
                if (family->visited == 0) family->children = length_of(child);
                o->visiting_nth(at->id(), child->id(), ++family->visited, family->children);
                o->detached(child->id(), at->id());
            }
        }
        if (registration_node* r = child->as_registration()) {
            r->run();
            pass(child);
            child = next;
            continue;
        }
        const marked found = child->mark(err, cause, by, at);
        if (found.first) {
            ++count;
            if (!found.passed) child->release_sources();
        } else {
            // Somebody else may be cancelling it. What is below it must be done before this call returns.
            // Waits only ever go downwards in the tree, so they cannot form a circle.
            child->meet_done(by.by, propagating::depth() == 1);
        }
        if (found.children) {
            child->prev_ = at;
            at = child;
            child = found.children;
            continue;
        }
        if (!found.passed) {
            if (found.first) child->settle();
            pass(child);
        }
        child = next;
    }
}

/// Of a node that nobody observes. What hangs on a node that is marked counts it, so it lives until that has
/// been passed.
void cancel_node::sweep(cancel_node* pending, const error& err, const error& cause) {
    const wave unseen;
    const std::uint8_t how = way_of(err);
    while (cancel_node* const child = pending) {
        pending = child->next_;
        if (pending) __builtin_prefetch(pending, 1);
        if (child->pass_simply(how, cause, pending)) continue;
        if (registration_node* r = child->as_registration()) {
            r->run();
            pass(child);
            continue;
        }
        const marked found = child->mark(err, cause, unseen, this, swept);
        if (found.children) {
            __builtin_prefetch(found.children, 1);
            found.children->prev_->next_ = pending;
            pending = found.children;
        }
        if (found.passed) continue;
        if (found.first)
            child->release_sources();
        else
            child->meet_done(0, propagating::depth() == 1);
        pass(child);
    }
}

bool cancel_node::let_go() noexcept {
    link_.store(released, std::memory_order_release);
    return refs_.load(std::memory_order_acquire) == 0;
}

void cancel_node::pass(cancel_node* child) noexcept {
    bool was_owned = false, gone = false;
    {
        const std::lock_guard lock(child->lock_);
        was_owned = (child->link_.load(std::memory_order_relaxed) & membership_bits) == owned;
        gone = child->let_go();
    }
    if (gone) free_passed(child, was_owned);
}

void cancel_node::free_passed(cancel_node* child, bool was_owned) noexcept {
    if (was_owned) return destroy(child);
    cancel_node* const list = child->link_target();
    node* const up = child->parent_;
    destroy(child);
    if (up != list) node::release(up);
    node::release(list);
}

/// Before anybody can know that it is done.
void cancel_node::settle_alone() noexcept {
    state_.store(state_.load(std::memory_order_relaxed) | settled, std::memory_order_release);
}

void cancel_node::settle() noexcept {
    const std::uint8_t now = state_.load(std::memory_order_relaxed);
    if (now & settled) return;
    state_.store(now | settled, std::memory_order_release);
    if (bell.waiting.load(std::memory_order_relaxed) > 0) bell.ring();
}

/// Also found by going up to where the sweep began that went through here. What is found is kept, so that
/// those who ask next do not go far.
bool cancel_node::is_settled() noexcept {
    std::uint8_t now = state();
    if (now & settled) return true;
    const cancel_node* top = this;
    while ((now & (swept | settled)) == swept) {
        top = top->link_target();
        now = top->state();
    }
    if (!(now & settled)) return false;
    for (cancel_node* n = this; n != top; n = n->link_target())
        n->state_.store((n->state() & by_other_error) | settled, std::memory_order_release);
    return true;
}

void cancel_node::wait_settled() noexcept {
    if (is_settled()) return;
    bell.waiting.fetch_add(1, std::memory_order_relaxed);
    full_fence();
    for (;;) {
        const std::uint32_t before = bell.rings.load(std::memory_order_acquire);
        if (is_settled()) break;
        bell.rings.wait(before, std::memory_order_acquire);
    }
    bell.waiting.fetch_sub(1, std::memory_order_relaxed);
}

/// It was marked by somebody else before.
void cancel_node::meet_done(node_id begun_at, bool may_wait) {
    if (observer* o = watched_by()) o->found_done(id(), begun_at, may_wait && !is_settled());
    if (may_wait) wait_settled();
}

void cancel_node::detach_self() noexcept {
    if (link_.load(std::memory_order_acquire) != linked) return; // an observed tree has no shares
    cancel_node* const p = link_target();
    p->lock();
    const bool in_list = !p->is_done();
    if (in_list) {
        cancel_node* head = p->first();
        remove(head, this);
        p->set_first(head);
        --p->counted_children_;
        p->node::retain();
        link_.store(released, std::memory_order_release);
    }
    p->unlock();
    if (observer* o = watched_by(); o && in_list) o->detached(id(), p->id());
}

void cancel_node::take_back_sources() {
    if (deadline_node* d = as_deadline(); d && d->disarm()) {
        if (observer* o = watched_by(); o && is_done()) o->timer_stopped(id());
        release_as_source();
    }
    std::shared_ptr<foreign_link> link;
    if (annex* const a = annex_if_any()) {
        const std::lock_guard lock(lock_);
        link = std::move(a->foreign);
    }
    for (; link; link = std::move(link->next))
        if (link->sever()) release_as_source();
}

void done_retain(selectable& done) noexcept {
    static_cast<cancel_node&>(done).retain();
}
void done_release(selectable& done) noexcept {
    static_cast<cancel_node&>(done).release();
}
bool done_is_closed(const selectable& done) noexcept {
    return static_cast<const cancel_node&>(done).is_done();
}
link_queue& done_waiters(selectable& done) noexcept {
    return static_cast<cancel_node&>(done).waiters_;
}

} // namespace ctx::detail
