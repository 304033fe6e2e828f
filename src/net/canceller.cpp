// SPDX-License-Identifier: MIT
#include "net/canceller.h"

namespace net {

void canceller::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    posted_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void canceller::post(std::function<void()> cancel) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(cancel));
    }
    posted_.notify_one();
}

void canceller::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        posted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        {
            const std::function<void()> cancel = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            cancel();
        }
        lock.lock();
    }
}

} // namespace net
