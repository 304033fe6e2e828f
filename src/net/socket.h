// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

/// File descriptors with an owner, and the few socket calls that the HTTP half needs.
namespace net {

/// The port is taken, or the address cannot be bound. `what()` names both.
class listen_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class file_descriptor {
  public:
    file_descriptor() noexcept = default;
    explicit file_descriptor(int fd) noexcept : fd_(fd) {}
    file_descriptor(file_descriptor&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
    file_descriptor& operator=(file_descriptor&& o) noexcept {
        std::swap(fd_, o.fd_);
        return *this;
    }
    ~file_descriptor();

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// Something that wakes a thread out of poll or epoll: becomes readable once and stays so until drained.
class wake_up {
  public:
    wake_up();
    int fd() const noexcept { return fd_.get(); }
    void ring() const noexcept;
    void drain() const noexcept;

  private:
    file_descriptor fd_;
};

/// A listening, non-blocking socket on a numeric address. Throws listen_error.
file_descriptor listen_on(const std::string& address, std::uint16_t port);

/// Begins to connect; `address` is numeric. The descriptor does not block. Invalid, with errno set, if it
/// cannot begin.
file_descriptor open_socket(const std::string& address);
/// 0 or EINPROGRESS: under way; else why not (an errno).
int begin_connect(int fd, const std::string& address, std::uint16_t port);
/// After it became writable: 0, or why it failed (an errno).
int connect_result(int fd);

/// "127.0.0.1" of the local or the remote end.
struct endpoint {
    std::string address;
    std::uint16_t port = 0;
    /// "127.0.0.1:8000", "[::1]:8000"
    std::string text() const;
    /// As a context's value is shown.
    std::string string() const { return text(); }
};
endpoint local_end(int fd);
endpoint remote_end(int fd);

/// Only this machine can reach it: 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);

} // namespace net
