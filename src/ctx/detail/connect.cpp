// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"

#include <utility>

/// Joining a new node to its parent: CTX-160, step by step.
namespace ctx::detail {

const key<cancel_node> cancel_node_key{"ctx.cancel_node"};

namespace {

/// Would a receive proceed right now? (A value sent on a Done channel is taken: CTX-172.)
bool fires_now(const recv_chan<empty>& done) {
    std::optional<empty> value;
    case_link l{.channel = done.get(), .slot = &value};
    return poll_cases({&l, 1}, 0) == 0;
}

} // namespace

/// Waits for a foreign Done on behalf of a child; a goroutine in Go, a queued case here. CTX-160 step 5
class watcher final : public foreign_link, public std::enable_shared_from_this<watcher> {
  public:
    watcher(context parent, recv_chan<empty> done, cancel_node* child)
        : parent_(std::move(parent)), done_(std::move(done)), child_(child) {}

    /// The child has counted this watcher as a source already.
    void begin() {
        node_access::get(parent_)->env().watchers.fetch_add(1, std::memory_order_relaxed);
        waiter_.owner = this;
        waiter_.call = [](waiter* w) { static_cast<waiting*>(w)->owner->fired(); };
        link_ = {.channel = done_.get(), .slot = &value_};
        self_ = shared_from_this(); // until it fired or was severed
        if (poll_or_enqueue({&link_, 1}, 0, waiter_) != waiter::unclaimed) fired();
    }

    bool sever() override {
        if (!withdraw({&link_, 1}, waiter_)) return false;
        end();
        self_.reset();
        return true;
    }

  private:
    struct waiting : calling_waiter {
        watcher* owner = nullptr;
    };

    void end() { node_access::get(parent_)->env().watchers.fetch_sub(1, std::memory_order_release); }

    /// In the thread that closed the channel, which may hold the custom context's own lock: its methods are
    /// called elsewhere.
    void fired() {
        node_access::get(parent_)->env().start([self = std::move(self_)] {
            self->child_->cancel(self->parent_.err(), ctx::cause(self->parent_),
                                 {.how = ended_by::followed, .followed = &self->parent_});
            self->end();
            self->child_->release_as_source();
        });
    }

    const context parent_;
    const recv_chan<empty> done_;
    cancel_node* const child_; // counted as a source, until severed or ended
    case_link link_;
    waiting waiter_;
    std::optional<empty> value_;
    std::shared_ptr<watcher> self_;
};

/// A registration through the parent's own AfterFunc method. CTX-160 step 4
class after_func_link final : public foreign_link {
  public:
    bool sever() override {
        std::function<bool()> stop;
        {
            const std::lock_guard lock(mutex_);
            severed_ = true;
            stop = std::move(stop_);
        }
        return stop && stop();
    }

    /// The callback is called: as in Go, the stop function is not needed any more.
    void called() {
        std::function<bool()> unused; // destroyed outside the lock: it is the user's
        const std::lock_guard lock(mutex_);
        called_ = true;
        unused.swap(stop_);
    }

    /// The child may have been severed, or the callback called, while the method was still running (CTX-176).
    void set(std::function<bool()> stop, cancel_node* child) {
        {
            const std::lock_guard lock(mutex_);
            if (called_) return;
            if (!severed_) {
                stop_ = std::move(stop);
                return;
            }
        }
        if (stop && stop()) child->release_as_source();
    }

  private:
    mutex mutex_; // leaf lock
    bool severed_ = false;
    bool called_ = false;
    std::function<bool()> stop_;
};

void cancel_node::born_done(const error& err, const error& cause, const wave& by) {
    end_as(err, cause, by);
    settle_alone();
    if (registration_node* r = as_registration())
        r->run();
    else if (observer* o = watched_by())
        o->done_with(id(), err, cause, by.by, 0);
}

void cancel_node::born_done_like(cancel_node& parent) {
    const history* const h = parent.kept();
    born_done(parent.final_err(), parent.final_cause(), {parent.id(), h ? h->ended : nullptr});
}

void cancel_node::connect(const error* past_due_cause) {
    const auto expire = [&] {
        if (past_due_cause)
            born_done(deadline_exceeded, *past_due_cause ? *past_due_cause : deadline_exceeded,
                      begin_wave({.how = ended_by::deadline}));
        return past_due_cause != nullptr;
    };
    node* const owner = parent_->done_owner();
    cancel_node* const p = owner ? owner->as_cancel() : nullptr;
    if (p == parent_ && !past_due_cause && link_to(p)) return; // linked, it need not count its parent
    stay_apart();
    if (!owner) { // step 1
        expire();
        return;
    }
    if (p) { // steps 2 and 3 in one, under p's lock
        if (p->is_done()) return born_done_like(*p);
        if (!expire() && !link_to(p)) born_done_like(*p);
        return;
    }
    const context parent = node_access::share(parent_);
    const recv_chan<empty> done = parent.done();
    if (!done) { // step 1
        expire();
        return;
    }
    if (fires_now(done)) { // step 2
        const error err = parent.err();
        if (!err) panic("context: internal error: missing cancel error");
        wave by = begin_wave({.how = ended_by::followed, .followed = &parent});
        by.by = parent_->id();
        return born_done(err, ctx::cause(parent), by);
    }
    cancel_node* const behind = nearest_cancel(parent_);
    if (behind && static_cast<selectable*>(behind) == done.get()) { // step 3
        own_annex().behind = behind;
        if (!expire() && !link_to(behind)) born_done_like(*behind);
        return;
    }
    custom_node* const custom = parent_->as_custom();
    auto* const method = custom ? dynamic_cast<custom_after_func*>(custom->impl.get()) : nullptr;
    if (method) flags_ |= named_stop_ctx;
    if (!past_due_cause) return link_foreign(parent, done, method);
    // As in Go, what is past due is registered all the same, and taken back.
    const std::function<bool()> stop = method ? method->after_func([] {}) : nullptr;
    expire();
    if (stop) stop();
}

void cancel_node::link_foreign(const context& parent, const recv_chan<empty>& done,
                               custom_after_func* method) {
    retain_as_source();
    if (method) { // step 4
        auto link = std::make_shared<after_func_link>();
        own_annex().foreign = link;
        link->set(method->after_func([this, parent, weak = std::weak_ptr(link)] {
            if (const auto l = weak.lock()) l->called();
            cancel(parent.err(), ctx::cause(parent), {.how = ended_by::followed, .followed = &parent});
            release_as_source();
        }),
                  this);
    } else { // step 5
        auto w = std::make_shared<watcher>(parent, done, this);
        own_annex().foreign = w;
        w->begin();
    }
}

void cancel_node::join(const context& other) {
    const recv_chan<empty> done = other.done();
    if (!done || is_done()) return;
    if (const error e = other.err())
        return cancel(e, ctx::cause(other), {.how = ended_by::followed, .followed = &other});
    retain_as_source();
    const auto w = std::make_shared<watcher>(other, done, this);
    w->begin();
    {
        // Its parent may be ending it: who marks it later finds the watcher here.
        const std::lock_guard lock(lock_);
        if (!is_done()) {
            annex& more = own_annex();
            w->next = std::move(more.foreign);
            more.foreign = w;
            return;
        }
    }
    if (w->sever()) release_as_source();
}

} // namespace ctx::detail
