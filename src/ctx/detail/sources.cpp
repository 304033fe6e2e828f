// SPDX-License-Identifier: MIT
#include "ctx/detail/timer_service.h"
#include "ctx/detail/tree.h"

#include <mutex>

/// What ends a context by itself, and what runs when one has ended: deadlines and AfterFunc registrations.
namespace ctx::detail {

deadline_node::deadline_node(made_by asked, node* parent, time_point when, const error& cause,
                             const std::optional<system_time>& wall)
    : deadline_node(asked, parent, when) {
    if (!cause && !wall) return;
    annex& more = own_annex();
    more.deadline_cause = cause;
    more.made_from = wall;
}

bool deadline_node::made_from_wall() const noexcept {
    const annex* const a = annex_if_any();
    return a && a->made_from;
}

error deadline_node::deadline_cause() const noexcept {
    const annex* const a = annex_if_any();
    return a ? a->deadline_cause : error{};
}

system_time deadline_node::wall() {
    annex* more = annex_if_any();
    if (!more) {
        const std::lock_guard lock(lock_);
        more = &own_annex();
    }
    if (more->made_from) return *more->made_from;
    duration::rep known = more->wall.load(std::memory_order_relaxed);
    if (known == annex::unasked) {
        const duration::rep now = env().time().to_system(when()).time_since_epoch().count();
        if (more->wall.compare_exchange_strong(known, now, std::memory_order_relaxed)) known = now;
    }
    return system_time(duration(known));
}

void deadline_node::arm() {
    if (is_done()) return release_as_source();
    arm_timer();
    if (!parent_->done_owner()) return; // nobody else can have ended it yet
    {
        // Who marked it before has been in here; who marks it later finds it armed.
        const std::lock_guard lock(lock_);
        if (!is_done()) return;
    }
    release_sources();
}

void deadline_node::arm_timer() {
    if (flags_ & own_tree)
        env().time().arm(timer_, when());
    else
        real_timers().arm(timer_, when());
}

bool deadline_node::begin_simply() {
    if (parent_->kind() == kind::root) {
        arm_timer();
        stay_apart();
        return true;
    }
    cancel_node* const p = parent_->as_cancel();
    if (!p || p->is_done()) return false;
    // Armed before it is linked, so that it need not look afterwards whether it was too late. It may expire
    // meanwhile.
    arm_timer();
    if (link_to(p)) return true;
    stay_apart();
    cancel_node::cancel(p->final_err(), p->final_cause(), {});
    return true;
}

bool deadline_node::disarm() noexcept {
    return flags_ & own_tree ? env().time().disarm(timer_) : real_timers().disarm(timer_);
}

void deadline_node::expire() noexcept {
    if (!is_done()) {
        if (observer* o = watched_by()) o->deadline_expired(id());
    }
    cancel(deadline_exceeded, deadline_cause(), {.how = ended_by::deadline});
    release_as_source();
}

void registration_node::run() {
    if (!claim()) return;
    if (observer* o = watched_by()) o->after_func_started(id());
    env().start([f = std::make_shared<callback>(std::move(callback_))] { (*f)(); });
}

bool registration_node::stop() {
    if (!claim()) return false;
    if (flags_ & observed) detach_self();
    release_sources();
    if (observer* o = watched_by()) o->after_func_stopped(id());
    callback_.reset();
    return true;
}

} // namespace ctx::detail
