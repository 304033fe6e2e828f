// SPDX-License-Identifier: MIT
#include "net/request_life.h"

#include <utility>

namespace net {

void request_life::leave() {
    std::function<void()> tell;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
        left_.store(true, std::memory_order_release);
        tell = std::exchange(tell_left_, {});
    }
    connection_();
    if (tell) tell();
}

void request_life::end() {
    std::function<void()> dropped; // after the lock
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        dropped = std::exchange(tell_left_, {});
    }
    made_.cancel();
}

void request_life::on_left(std::function<void()> f) {
    {
        const std::lock_guard lock(mutex_);
        if (!left()) {
            if (!ended_) tell_left_ = std::move(f);
            return;
        }
    }
    f();
}

} // namespace net
