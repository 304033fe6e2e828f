// SPDX-License-Identifier: MIT
#include "net/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace net {
namespace {

struct numeric_address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
    bool ok() const { return size != 0; }
};

numeric_address numeric(const std::string& address, std::uint16_t port) {
    numeric_address a;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&a.bytes);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&a.bytes);
    if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        a.size = sizeof *v4;
    } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        a.size = sizeof *v6;
    }
    return a;
}

endpoint end_of(const sockaddr_storage& s) {
    char text[INET6_ADDRSTRLEN] = "";
    if (s.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(s);
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return {text, ntohs(v4.sin_port)};
    }
    if (s.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(s);
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        return {text, ntohs(v6.sin6_port)};
    }
    return {};
}

[[noreturn]] void cannot_listen(const std::string& address, std::uint16_t port, int error) {
    const std::string where = endpoint{address, port}.text();
    if (error == EADDRINUSE) throw listen_error("cannot listen on " + where + ": the port is taken");
    throw listen_error("cannot listen on " + where + ": " + std::generic_category().message(error));
}

} // namespace

file_descriptor::~file_descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

wake_up::wake_up() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!fd_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void wake_up::ring() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(fd_.get(), &one, sizeof one);
}

void wake_up::drain() const noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(fd_.get(), &count, sizeof count);
}

file_descriptor listen_on(const std::string& address, std::uint16_t port) {
    const numeric_address a = numeric(address, port);
    if (!a.ok())
        throw listen_error("cannot listen on \"" + address +
                           "\": expected a numeric address such as 127.0.0.1");
    file_descriptor fd(::socket(a.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) cannot_listen(address, port, errno);
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    constexpr int backlog = 1024;
    if (::bind(fd.get(), a.get(), a.size) != 0 || ::listen(fd.get(), backlog) != 0)
        cannot_listen(address, port, errno);
    return fd;
}

file_descriptor open_socket(const std::string& address) {
    const numeric_address a = numeric(address, 0);
    if (!a.ok()) {
        errno = EAFNOSUPPORT;
        return {};
    }
    file_descriptor fd(::socket(a.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (fd) ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

int begin_connect(int fd, const std::string& address, std::uint16_t port) {
    const numeric_address a = numeric(address, port);
    return ::connect(fd, a.get(), a.size) == 0 ? 0 : errno;
}

int connect_result(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::string endpoint::text() const {
    const bool v6 = address.find(':') != std::string::npos;
    return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

endpoint local_end(int fd) {
    sockaddr_storage s{};
    socklen_t size = sizeof s;
    return ::getsockname(fd, reinterpret_cast<sockaddr*>(&s), &size) == 0 ? end_of(s) : endpoint{};
}

endpoint remote_end(int fd) {
    sockaddr_storage s{};
    socklen_t size = sizeof s;
    return ::getpeername(fd, reinterpret_cast<sockaddr*>(&s), &size) == 0 ? end_of(s) : endpoint{};
}

bool is_loopback(const std::string& address) {
    in_addr v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

} // namespace net
