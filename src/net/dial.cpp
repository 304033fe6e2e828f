// SPDX-License-Identifier: MIT
#include "net/dial.h"

#include "ctx/after_func.h"
#include "net/op_error.h"

#include <poll.h>

#include <cerrno>
#include <memory>

namespace net {
namespace {

/// Go: mapErr.
dialed given_up(const std::string& front, const ctx::error& why) {
    if (why == ctx::canceled) return {{}, matching_error(front + "operation was canceled", why)};
    if (why == ctx::deadline_exceeded) return {{}, timeout_error(front + "i/o timeout", why)};
    return {{}, matching_error(front + why.text(), why)};
}

/// False: the context ended first.
bool wait_until_connected(int fd, const ctx::context& c) {
    const auto wake = std::make_shared<wake_up>();
    const ctx::stop_func stop = ctx::after_func(c, [wake] { wake->ring(); });
    pollfd p[2] = {{fd, POLLOUT, 0}, {wake->fd(), POLLIN, 0}};
    while (::poll(p, 2, -1) < 0 && errno == EINTR) {
    }
    stop();
    return p[0].revents != 0;
}

} // namespace

dialed dial(const ctx::context& c, const endpoint& to) {
    const std::string front = "dial tcp " + to.text() + ": ";
    if (const ctx::error e = c.err()) return given_up(front, e);
    file_descriptor fd = open_socket(to.address);
    if (!fd) return {{}, system_error_text(front + "socket: ", errno)};
    int error = begin_connect(fd.get(), to.address, to.port);
    if (error == EINPROGRESS) {
        if (!wait_until_connected(fd.get(), c)) return given_up(front, c.err());
        error = connect_result(fd.get());
    }
    if (error != 0) return {{}, system_error_text(front + "connect: ", error)};
    return {std::move(fd), {}};
}

} // namespace net
