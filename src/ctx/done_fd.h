// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

#include <memory>

/// A file descriptor that becomes readable when a context is done: for loops around poll, epoll or an event
/// library. Linux (eventfd).
///
///     const ctx::done_fd ended(c);
///     pollfd ready[] = {{.fd = socket, .events = POLLIN}, {.fd = ended.get(), .events = POLLIN}};
///     poll(ready, 2, -1);
///     if (ready[1].revents) return c.err();              // c is done: err and cause are set
///
/// It is readable for ever from then on, like a closed channel: nobody has to read it, and nobody should.
/// The thread that ends the context writes to it, right after Done is closed; no thread is started and no
/// scheduler is needed, so it works the same on a virtual clock.
///
/// Thread safety: get() from any thread; one done_fd per loop or one for all of them. Lifetime: the
/// destructor takes the wait back and closes the descriptor, at once, or, if the context is being ended at
/// that very moment, when that thread has written. Take it out of an epoll set before. It keeps the context
/// alive. Cost: one eventfd and one allocation; nothing but the eventfd for a context that can never be done.
namespace ctx {

class [[nodiscard]] done_fd {
  public:
    /// Readable at once if `c` is done already, never if it cannot be. Throws std::system_error
    /// `ctx::done_fd: eventfd` when the process has no descriptor left.
    explicit done_fd(const context& c);
    done_fd(done_fd&&) noexcept;
    done_fd& operator=(done_fd&&) noexcept;
    ~done_fd();

    /// For POLLIN, EPOLLIN, or a read-readiness callback. -1 after a move. Close-on-exec.
    int get() const noexcept;

  private:
    class wait;
    std::shared_ptr<wait> wait_;
};

} // namespace ctx
