// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"

#include <atomic>
#include <functional>
#include <mutex>

namespace net {

/// The time of one request, shared with the watcher, which may speak up a moment too late.
///
/// Thread safety: any thread.
class request_life {
  public:
    /// Go: the request's context is a child of the connection's, and a failing connection cancels that.
    explicit request_life(const ctx::cancelable& connection)
        : connection_(connection.cancel), made_(ctx::with_cancel(connection.context)) {}

    const ctx::context& context() const { return made_.context; }
    /// The client has left: says so and cancels, unless the request or the server has ended first.
    void leave();
    /// Nothing counts as the client's leaving from now on.
    void end();
    /// `f` is called once when the client leaves, or now if it has; not if the request has ended.
    void on_left(std::function<void()> f);
    bool left() const { return left_.load(std::memory_order_acquire); }

  private:
    const ctx::cancel_func connection_;
    const ctx::cancelable made_;
    std::atomic<bool> left_{false};
    std::mutex mutex_;                // leaf lock
    bool ended_ = false;              // guarded by mutex_
    std::function<void()> tell_left_; // guarded by mutex_
};

} // namespace net
