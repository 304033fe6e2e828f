// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>

#include <sys/socket.h>

namespace net {

/// The socket of one call, as far as another thread may touch it: to shut it down, once and for all.
///
/// Thread safety: any thread. Lifetime: let_go before the descriptor is closed or used for something else.
class cord {
  public:
    explicit cord(int fd) : fd_(fd) {}

    void cut(bool for_the_header = false) {
        const std::lock_guard lock(mutex_);
        if (fd_ < 0 || cut_ || (for_the_header && header_there_)) return;
        cut_ = true;
        for_the_header_ = for_the_header;
        ::shutdown(fd_, SHUT_RDWR);
    }
    /// From here on nobody has waited too long for it.
    void header_arrived() {
        const std::lock_guard lock(mutex_);
        header_there_ = true;
    }
    /// From here on cutting has no effect. True if nobody had cut it.
    bool let_go() {
        const std::lock_guard lock(mutex_);
        fd_ = -1;
        return !cut_;
    }
    /// Cut because the header did not come in time.
    bool waited_too_long() const {
        const std::lock_guard lock(mutex_);
        return for_the_header_;
    }

  private:
    mutable std::mutex mutex_; // leaf lock
    int fd_;
    bool cut_ = false, for_the_header_ = false, header_there_ = false;
};

} // namespace net
