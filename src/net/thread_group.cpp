// SPDX-License-Identifier: MIT
#include "net/thread_group.h"

#include <system_error>
#include <utility>

namespace net {

void thread_group::start(std::function<void()> f) {
    const std::lock_guard lock(mutex_);
    const auto self = running_.emplace(running_.end());
    try {
        *self = std::thread([this, self, f = std::move(f)]() mutable {
            std::exchange(f, {})(); // what it held is gone before it counts as ended
            end(self);
        });
    } catch (const std::system_error&) {
        running_.erase(self);
        throw;
    }
}

void thread_group::end(std::list<std::thread>::iterator self) {
    std::thread before;
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(last_, std::move(*self));
        running_.erase(self);
        none_.notify_all();
    }
    if (before.joinable()) before.join();
}

void thread_group::wait() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return running_.empty(); });
    std::thread last = std::move(last_);
    lock.unlock();
    if (last.joinable()) last.join();
}

} // namespace net
