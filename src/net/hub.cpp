// SPDX-License-Identifier: MIT
#include "net/hub.h"

namespace net {

base_context::base_context(lab::laboratory& lab) : lab_(lab), life_(begin_life()) {}

std::shared_ptr<lab_life> base_context::begin_life() const {
    auto life = std::make_shared<lab_life>();
    life->root = lab_.root();
    return life;
}

base_context::place base_context::get() {
    const std::lock_guard one_at_a_time(making_);
    std::shared_ptr<lab_life> life;
    {
        const std::lock_guard lock(mutex_);
        if (made_) return {made_->context, life_};
        life = life_;
    }
    const lab::laboratory::naming name("http-server");
    ctx::cause_cancelable made = ctx::with_cancel_cause(life->root);
    lab_.adopt(made.context, [cancel = made.cancel](const std::string& why) {
        cancel(why.empty() ? ctx::error() : ctx::error(why));
    });
    ctx::error closed;
    {
        const std::lock_guard lock(mutex_);
        if (life == life_) made_ = made;
        closed = closed_;
    }
    if (closed) made.cancel(closed);
    return {made.context, life};
}

void base_context::restart() {
    std::shared_ptr<lab_life> fresh = begin_life(), before;
    std::optional<ctx::cause_cancelable> dropped; // after the lock
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(life_, std::move(fresh));
        dropped = std::exchange(made_, std::nullopt);
    }
    before->over.close();
}

void base_context::close(const ctx::error& cause) {
    std::optional<ctx::cause_cancelable> made;
    {
        const std::lock_guard lock(mutex_);
        closed_ = cause;
        made = made_;
    }
    if (made) made->cancel(cause);
}

std::shared_ptr<const lab_life> base_context::life() const {
    const std::lock_guard lock(mutex_);
    return life_;
}

} // namespace net
