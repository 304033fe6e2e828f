// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <netinet/in.h>
#include <poll.h>
#include <span>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

/// As much of Go's net package as an example needs.
namespace go_port {

inline const ctx::error io_timeout("i/o timeout");

class descriptor {
  public:
    explicit descriptor(int fd) : fd_(fd) {
        if (fd < 0) throw std::runtime_error("no descriptor: errno " + std::to_string(errno));
    }
    descriptor(descriptor&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
    descriptor& operator=(descriptor&&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }

  private:
    int fd_;
};

/// A listener on a port of the loopback that the system chooses.
inline descriptor listen_on_loopback(sockaddr_in& address) {
    descriptor listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listening.get(), 1) != 0 ||
        ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen: errno " + std::to_string(errno));
    return listening;
}

/// Go's net.Conn: a read that a deadline, set from another thread, gives up.
class connection {
  public:
    explicit connection(const sockaddr_in& to) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0)
            throw std::runtime_error("cannot connect: errno " + std::to_string(errno));
    }

    /// Blocks until something has come or the deadline is over.
    std::pair<std::size_t, ctx::error> read(std::span<char> to) {
        std::array<pollfd, 2> wait{pollfd{socket_.get(), POLLIN, 0}, pollfd{late_.get(), POLLIN, 0}};
        while (::poll(wait.data(), wait.size(), -1) < 0 && errno == EINTR) {
        }
        if (wait[1].revents != 0) return {0, io_timeout};
        const ssize_t n = ::recv(socket_.get(), to.data(), to.size(), 0);
        if (n < 0) return {0, ctx::error("read failed")};
        return {static_cast<std::size_t>(n), {}};
    }
    /// Go: SetReadDeadline(time.Now()).
    void give_up_reading() { ::eventfd_write(late_.get(), 1); }
    /// Go: SetReadDeadline(time.Time{}).
    void read_without_deadline() {
        eventfd_t ignored = 0;
        ::eventfd_read(late_.get(), &ignored);
    }

  private:
    const descriptor socket_;
    const descriptor late_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

} // namespace go_port
