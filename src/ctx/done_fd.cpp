// SPDX-License-Identifier: MIT
#include "ctx/done_fd.h"

#include "ctx/detail/select_core.h"

#include <cerrno>
#include <optional>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace ctx {

/// A receive that is queued on Done like that of a blocked thread; waking it writes to the descriptor.
class done_fd::wait : private detail::calling_waiter {
  public:
    explicit wait(recv_chan<empty> done)
        : done_(std::move(done)), fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "ctx::done_fd: eventfd");
    }
    ~wait() { ::close(fd_); }
    wait(const wait&) = delete;
    wait& operator=(const wait&) = delete;

    int fd() const noexcept { return fd_; }

    static void begin(const std::shared_ptr<wait>& self) {
        if (!self->done_) return;
        self->link_ = {.channel = self->done_.get(), .slot = &self->value_};
        self->self_ = self; // until it was woken or withdrawn
        self->call = [](waiter* w) {
            auto* const woken = static_cast<wait*>(w);
            const std::shared_ptr<wait> last = std::move(woken->self_);
            last->signal();
        };
        if (detail::poll_or_enqueue({&self->link_, 1}, 0, *self) == unclaimed) return;
        self->self_.reset();
        self->signal();
    }

    void withdraw() noexcept {
        if (self_armed() && detail::withdraw({&link_, 1}, *this)) self_.reset();
    }

  private:
    /// Not woken yet, as far as this thread can tell; withdraw() knows for certain.
    bool self_armed() const noexcept {
        return link_.channel && winner.load(std::memory_order_acquire) == unclaimed;
    }
    void signal() noexcept { (void)eventfd_write(fd_, 1); }

    const recv_chan<empty> done_;
    const int fd_;
    detail::case_link link_;
    std::optional<empty> value_;
    std::shared_ptr<wait> self_; // set before it is queued; afterwards of whoever claims the wait
};

done_fd::done_fd(const context& c) : wait_(std::make_shared<wait>(c.done())) {
    wait::begin(wait_);
}

done_fd::done_fd(done_fd&&) noexcept = default;

done_fd& done_fd::operator=(done_fd&& o) noexcept {
    if (this == &o) return *this;
    if (wait_) wait_->withdraw();
    wait_ = std::move(o.wait_);
    return *this;
}

done_fd::~done_fd() {
    if (wait_) wait_->withdraw();
}

int done_fd::get() const noexcept {
    return wait_ ? wait_->fd() : -1;
}

} // namespace ctx
