// SPDX-License-Identifier: MIT
#include "net/wire.h"

#include "net/op_error.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace net {
namespace {

using namespace std::chrono_literals;

// A peer that takes nothing for so long gets nothing more.
constexpr auto write_patience = 10s;

int poll_milliseconds(wire::clock::time_point by) {
    if (by == wire::never) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(by - wire::clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

} // namespace

wire::wire(int fd) : fd_(fd), ends_(connection_ends(fd)) {}

void wire::allow(std::size_t bytes, clock::time_point by, std::size_t line) {
    budget_ = bytes;
    by_ = by;
    longest_line_ = line;
    line_ = 0;
    why_ = trouble::none;
}

ssize_t wire::end(trouble t, ssize_t result) {
    why_ = t;
    return result;
}

bool wire::poll_for(short events, clock::time_point by) const {
    for (;;) {
        pollfd p{fd_, events, 0};
        const int n = ::poll(&p, 1, poll_milliseconds(by));
        if (n > 0) return true;
        if (n < 0 && errno != EINTR) return false;
        if (n == 0 && clock::now() >= by) return false;
    }
}

bool wire::fill() {
    for (;;) {
        if (clock::now() >= by_) return end(trouble::late, 0) != 0;
        const ssize_t n = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
        if (n > 0) {
            begin_ = 0;
            end_ = static_cast<std::size_t>(n);
            return true;
        }
        if (n == 0) return end(trouble::closed, 0) != 0;
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            read_errno_ = errno;
            return end(trouble::failed, 0) != 0;
        }
        if (!poll_for(POLLIN, by_)) return end(trouble::late, 0) != 0;
    }
}

ssize_t wire::read(char* into, std::size_t size) {
    if (why_ != trouble::none) return why_ == trouble::closed ? 0 : -1;
    if (size == 0) return 0;
    if (budget_ == 0) return end(trouble::too_much, -1);
    if (begin_ == end_ && !fill()) return why_ == trouble::closed ? 0 : -1;
    const std::size_t n = std::min({size, end_ - begin_, budget_});
    std::memcpy(into, buffer_.data() + begin_, n);
    begin_ += n;
    budget_ -= n;
    taken_ += n;
    if (longest_line_ != 0) {
        for (std::size_t i = 0; i < n; ++i) {
            line_ = into[i] == '\n' ? 0 : line_ + 1;
            if (line_ > longest_line_) return end(trouble::line_too_long, -1);
        }
    }
    return static_cast<ssize_t>(n);
}

bool wire::read_all(char* into, std::size_t size) {
    while (size > 0) {
        const ssize_t n = read(into, size);
        if (n <= 0) return false;
        into += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

bool wire::wait_for_data(clock::time_point by) {
    if (begin_ != end_) return true;
    by_ = by;
    why_ = trouble::none;
    return fill();
}

bool wire::break_off(int error) {
    broken_ = true;
    write_errno_ = error;
    return false;
}

bool wire::write(std::string_view bytes) {
    if (broken_) return false;
    const bool limited = write_by_ != never;
    if (limited && clock::now() >= write_by_) return break_off(ETIMEDOUT);
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            const auto by = limited ? write_by_ : clock::now() + write_patience;
            if (!poll_for(POLLOUT, by)) return break_off(ETIMEDOUT);
        } else if (n < 0 && errno != EINTR) {
            return break_off(errno);
        }
    }
    return true;
}

ctx::error wire::read_error() const {
    if (why_ == trouble::late) return op_error("read", ends_, ETIMEDOUT);
    return why_ == trouble::failed ? op_error("read", ends_, read_errno_) : ctx::error();
}

ctx::error wire::write_error() const {
    return broken_ ? op_error("write", ends_, write_errno_) : ctx::error();
}

void wire::linger() {
    constexpr std::size_t most = 1 << 20;
    ::shutdown(fd_, SHUT_WR);
    const clock::time_point until = clock::now() + 250ms;
    std::size_t swallowed = 0;
    begin_ = end_ = 0;
    by_ = until;
    while (swallowed < most && fill()) swallowed += end_;
}

} // namespace net
