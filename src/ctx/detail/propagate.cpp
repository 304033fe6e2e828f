// SPDX-License-Identifier: MIT
#include "ctx/detail/node.h"

#include <vector>

/// Cancelling: mark a node, then everything linked below it, top down, without recursion and without holding
/// a lock over more than one node.
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

} // namespace

void cancel_node::cancel(const error& err, const error& cause, const trigger& by) {
    if (!err) panic("context: internal error: missing cancel error");
    const error& why = cause ? cause : err;
    if (registration_node* r = as_registration()) {
        r->run();
        return;
    }
    const wave begun = observed_ ? begin_wave(by) : wave{};
    if (const propagating here; mark(err, why, begun)) {
        const std::size_t count = 1 + propagate(err, why, begun);
        detach_self();
        release_sources();
        if (observer* o = watched_by()) o->wave_finished(id(), count);
        return;
    }
    if (propagating::depth() == 0) wait_settled();
}

bool cancel_node::mark(const error& err, const error& cause, const wave& by) {
    {
        const std::lock_guard lock(mutex_);
        if (done_.load(std::memory_order_relaxed)) return false;
        cause_ = cause;
        err_ = err;
        keep_ending(by);
        done_.store(true, std::memory_order_release);
        if (env().shuffles_siblings()) shuffle_children();
    }
    wake_done(*this);
    if (observer* o = watched_by()) o->done(id(), err, cause, by.by);
    return true;
}

std::size_t cancel_node::propagate(const error& err, const error& cause, const wave& by) {
    std::size_t count = 0;
    observer* const o = watched_by();
    cancel_node* at = this;
    for (;;) {
        if (cancel_node* child = at->pop_child()) {
            if (o) o->visiting(at->id(), child->id());
            if (o) o->detached(child->id(), at->id());
            if (registration_node* r = child->as_registration()) {
                r->run();
                child->node::release();
            } else if (child->mark(err, cause, by)) {
                ++count;
                child->release_sources();
                child->up_ = at;
                at = child;
            } else {
                // Somebody else is cancelling it. What is below it must be done before this call returns.
                // Waits only ever go downwards in the tree, so they cannot form a circle.
                if (propagating::depth() == 1) child->wait_settled();
                child->node::release();
            }
            continue;
        }
        at->settle();
        if (at == this) return count;
        cancel_node* const up = at->up_;
        at->node::release();
        at = up;
    }
}

void cancel_node::settle() noexcept {
    settled_.store(1, std::memory_order_release);
    settled_.notify_all();
}

void cancel_node::wait_settled() noexcept {
    settled_.wait(0, std::memory_order_acquire);
}

cancel_node* cancel_node::pop_child() noexcept {
    const std::lock_guard lock(mutex_);
    cancel_node* const c = first_;
    if (!c) return nullptr;
    // A child that the list owns has no reference of its own; any other cannot drop its last one while we
    // hold the lock.
    c->refs_.fetch_add(1, std::memory_order_relaxed);
    remove_child(c);
    return c;
}

void cancel_node::detach_self() {
    cancel_node* const in = linked_to_.load(std::memory_order_acquire);
    if (!in) return;
    {
        // `in` lives as long as this node's chain of parents, or, if `in` owns this node, as long as the
        // caller's reference came from a propagation of `in` itself, which has unlinked it already.
        const std::lock_guard lock(in->mutex_);
        if (linked_to_.load(std::memory_order_relaxed) != in) return;
        in->remove_child(this);
    }
    if (observer* o = watched_by()) o->detached(id(), in->id());
}

void cancel_node::release_sources() {
    if (deadline_node* d = as_deadline(); d && d->disarm()) {
        if (observer* o = watched_by(); o && is_done()) o->timer_stopped(id());
        release_as_source();
    }
    std::shared_ptr<foreign_link> link;
    {
        const std::lock_guard lock(mutex_);
        link = std::move(foreign_);
    }
    for (; link; link = std::move(link->next))
        if (link->sever()) release_as_source();
}

void cancel_node::shuffle_children() {
    std::vector<cancel_node*> all;
    all.reserve(children_);
    for (cancel_node* c = first_; c; c = c->next_) all.push_back(c);
    if (all.size() < 2) return;
    for (std::size_t i = all.size() - 1; i > 0; --i) std::swap(all[i], all[env().sibling_random() % (i + 1)]);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i]->prev_ = i > 0 ? all[i - 1] : nullptr;
        all[i]->next_ = i + 1 < all.size() ? all[i + 1] : nullptr;
    }
    first_ = all.front();
    last_ = all.back();
}

std::size_t cancel_node::child_count() noexcept {
    const std::lock_guard lock(mutex_);
    return children_;
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

system_time deadline_node::wall() noexcept {
    duration::rep known = wall_.load(std::memory_order_relaxed);
    if (known == not_asked.time_since_epoch().count()) {
        const duration::rep now = env().time().to_system(when_).time_since_epoch().count();
        if (wall_.compare_exchange_strong(known, now, std::memory_order_relaxed)) known = now;
    }
    return system_time(duration(known));
}

void deadline_node::arm() {
    if (is_done()) return;
    retain_as_source();
    env().time().arm(*this, when_);
    armed_.store(true, std::memory_order_release);
    {
        // Who marked it before has been in here; who marks it later finds it armed.
        const std::lock_guard lock(mutex_);
        if (!done_.load(std::memory_order_relaxed)) return;
    }
    release_sources();
}

bool deadline_node::disarm() noexcept {
    return armed_.exchange(false, std::memory_order_acq_rel) && env().time().disarm(*this);
}

void deadline_node::fire() noexcept {
    armed_.store(false, std::memory_order_relaxed);
    if (!is_done()) {
        if (observer* o = watched_by()) o->deadline_expired(id());
    }
    cancel(deadline_exceeded, deadline_cause_, {.how = ended_by::deadline});
    release_as_source();
}

void registration_node::run() {
    if (!claim()) return;
    if (observer* o = watched_by()) o->after_func_started(id());
    env().start(std::move(callback_));
    callback_ = nullptr;
}

bool registration_node::stop() {
    if (!claim()) return false;
    detach_self();
    release_sources();
    if (observer* o = watched_by()) o->after_func_stopped(id());
    callback_ = nullptr;
    return true;
}

} // namespace ctx::detail
