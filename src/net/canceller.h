// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace net {

/// A thread that cancels contexts for those who must not wait: a cancel in step mode is held for as long as a
/// person looks at it, and the watcher of all connections is not to be held with it.
///
/// Thread safety: any thread. Lifetime: stop does what was posted, then joins; so does the destructor.
class canceller {
  public:
    canceller() : thread_([this] { run(); }) {}
    ~canceller() { stop(); }
    canceller(const canceller&) = delete;
    canceller& operator=(const canceller&) = delete;

    void post(std::function<void()> cancel);
    /// Idempotent; what is posted later is dropped.
    void stop();

  private:
    void run();

    std::mutex mutex_; // leaf lock
    std::condition_variable posted_;
    std::deque<std::function<void()>> queue_; // guarded by mutex_
    bool stopping_ = false;                   // guarded by mutex_
    std::thread thread_;
};

} // namespace net
