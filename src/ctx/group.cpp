// SPDX-License-Identifier: MIT
#include "ctx/group.h"

namespace ctx {

struct wait_group::counter {
    detail::mutex mutex; // leaf lock, but for the channel's
    std::int64_t count = 0;
    chan<empty> zero{0}; // closed exactly while count is 0
};

wait_group::wait_group() : counter_(std::make_shared<counter>()) {
    counter_->zero.close();
}

void wait_group::add(std::int64_t delta) const {
    chan<empty> reached;
    {
        const std::lock_guard lock(counter_->mutex);
        if (counter_->count + delta < 0) detail::panic("sync: negative WaitGroup counter");
        const bool was_zero = counter_->count == 0;
        counter_->count += delta;
        if (was_zero && counter_->count > 0) counter_->zero = chan<empty>(0);
        if (!was_zero && counter_->count == 0) reached = counter_->zero;
    }
    if (reached) reached.close();
}

recv_chan<empty> wait_group::zero() const {
    const std::lock_guard lock(counter_->mutex);
    return counter_->zero;
}

struct err_group::core {
    explicit core(scheduler& s) : on(s) {}

    scheduler& on;
    wait_group members;
    std::optional<cause_cancelable> own; // with_context only; set at birth
    detail::mutex mutex;                 // leaf lock
    error first;                         // guarded by mutex
    std::int64_t running = 0;            // guarded by mutex
    std::int64_t limit = -1;             // guarded by mutex
    chan<empty> room;                    // while limited: a slot per function that runs; guarded by mutex
};

err_group::err_group(scheduler& on) : core_(std::make_shared<core>(on)) {}

err_group::with_context_result err_group::with_context(const context& parent, scheduler& on,
                                                       call_site where) {
    err_group g(on);
    g.core_->own = with_cancel_cause(parent, where);
    context c = g.core_->own->context;
    return {std::move(g), std::move(c)};
}

void err_group::set_limit(std::int64_t n) const {
    const std::lock_guard lock(core_->mutex);
    if (core_->running > 0)
        throw std::invalid_argument("errgroup: modify limit while " + std::to_string(core_->running) +
                                    " goroutines in the group are still active");
    core_->limit = n;
    core_->room = n < 0 ? chan<empty>() : chan<empty>(static_cast<std::size_t>(n));
}

void err_group::enter() const {
    chan<empty> room;
    {
        const std::lock_guard lock(core_->mutex);
        room = core_->room;
    }
    if (room) room.send({});
    const std::lock_guard lock(core_->mutex);
    ++core_->running;
    core_->members.add(1);
}

bool err_group::try_enter() const {
    const std::lock_guard lock(core_->mutex);
    if (core_->room && !core_->room.try_send({})) return false;
    ++core_->running;
    core_->members.add(1);
    return true;
}

scheduler& err_group::on() const {
    return core_->on;
}

void err_group::leave(core& c, const error& e) {
    bool first = false;
    chan<empty> room;
    {
        const std::lock_guard lock(c.mutex);
        --c.running;
        room = c.room;
        first = e && !c.first;
        if (first) c.first = e;
    }
    if (first && c.own) c.own->cancel(e);
    if (room) room.try_receive();
    c.members.done();
}

error err_group::finish() const {
    error e;
    {
        const std::lock_guard lock(core_->mutex);
        e = core_->first;
    }
    if (core_->own) core_->own->cancel(e);
    return e;
}

error err_group::wait() const {
    detail::refuse_in_worker("wait", "group.waiting()");
    core_->members.wait();
    return finish();
}

task<error> err_group::waiting() const {
    const err_group self = *this; // the caller's may be gone when this goes on
    co_await self.core_->members.waiting();
    co_return self.finish();
}

} // namespace ctx
