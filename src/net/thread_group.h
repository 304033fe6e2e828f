// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace net {

/// Threads that come and go, each joined by the one that ends after it: none is left behind, and nobody has
/// to collect them.
///
/// Thread safety: start from any thread. Lifetime: the destructor waits for all.
class thread_group {
  public:
    thread_group() = default;
    ~thread_group() { wait(); }
    thread_group(const thread_group&) = delete;
    thread_group& operator=(const thread_group&) = delete;

    /// Throws std::system_error if there is no thread to be had.
    void start(std::function<void()> f);
    /// Until none runs.
    void wait();

  private:
    void end(std::list<std::thread>::iterator self);

    std::mutex mutex_; // leaf lock
    std::condition_variable none_;
    std::list<std::thread> running_; // guarded by mutex_
    std::thread last_;               // guarded by mutex_; has ended, or is about to
};

} // namespace net
