// SPDX-License-Identifier: MIT
#pragma once

#include "raw_client.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <thread>

/// A server that does what a test tells it, byte by byte.
namespace raw {

/// Listens, and does with each connection what the test says; nothing is accepted until then.
class peer {
  public:
    peer() : listening_(net::listen_on("127.0.0.1", 0)), port_(net::local_end(listening_.get()).port) {}
    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }

    bool nobody_came() const {
        pollfd p{listening_.get(), POLLIN, 0};
        return ::poll(&p, 1, 0) == 0;
    }
    /// Accepts one connection and reads its request header.
    net::file_descriptor accept_one(std::string& head) const {
        pollfd p{listening_.get(), POLLIN, 0};
        ::poll(&p, 1, 20'000);
        net::file_descriptor fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        net::wire w(fd.get());
        w.allow(100'000, net::wire::clock::now() + patience);
        char c = 0;
        while (!head.ends_with("\r\n\r\n") && w.read(&c, 1) == 1) head.push_back(c);
        return fd;
    }

  private:
    net::file_descriptor listening_;
    std::uint16_t port_;
};

/// The other side has left: nothing more can be read.
inline bool sees_end(int fd) {
    net::wire w(fd);
    w.allow(1, net::wire::clock::now() + patience);
    char c = 0;
    return w.read(&c, 1) == 0 || w.why() == net::wire::trouble::failed;
}

/// Returns when the other side has it: what has arrived can still be read after a shutdown.
inline void say(int fd, std::string_view text) {
    net::wire(fd).write(text);
    for (int unsent = 1; unsent != 0; std::this_thread::yield())
        if (::ioctl(fd, SIOCOUTQ, &unsent) != 0) return;
}

/// Fills the queue of a listening socket, so that the next connection attempt waits.
inline std::vector<net::file_descriptor> fill_backlog(int listening) {
    ::listen(listening, 0);
    std::vector<net::file_descriptor> all;
    for (;;) {
        all.push_back(net::open_socket("127.0.0.1"));
        const net::endpoint to = net::local_end(listening);
        if (net::begin_connect(all.back().get(), to.address, to.port) != EINPROGRESS) continue;
        pollfd p{all.back().get(), POLLOUT, 0};
        if (::poll(&p, 1, 200) == 0) return all;
    }
}

} // namespace raw
