// SPDX-License-Identifier: MIT
#include "ctx/scheduler.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace ctx::detail {
namespace {

/// Threads for callbacks that may block as long as they like: as many as are busy, kept for a moment when
/// idle.
class thread_cache {
  public:
    void run(std::function<void()> f) {
        std::unique_lock lock(mutex_);
        queue_.push_back(std::move(f));
        if (idle_ >= queue_.size()) {
            work_.notify_one();
            return;
        }
        lock.unlock();
        std::thread([this] { serve(); }).detach();
    }

  private:
    void serve() {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (queue_.empty()) {
                ++idle_;
                const bool more =
                    work_.wait_for(lock, std::chrono::milliseconds(500), [&] { return !queue_.empty(); });
                --idle_;
                if (!more) return;
            }
            std::function<void()> f = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            f();
            f = nullptr; // what it holds may run code of its own when it goes
            lock.lock();
        }
    }

    std::mutex mutex_; // leaf lock
    std::condition_variable work_;
    std::deque<std::function<void()>> queue_; // guarded by mutex_
    std::size_t idle_ = 0;                    // threads in wait_for; guarded by mutex_
};

} // namespace

void run_in_thread(std::function<void()> f) {
    static auto* const cache = new thread_cache; // leaked on purpose: its threads may outlive main
    cache->run(std::move(f));
}

} // namespace ctx::detail
