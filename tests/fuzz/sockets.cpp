// SPDX-License-Identifier: MIT
#include "fuzz/entries.h"
#include "net/service.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

/// The entries that go through the server, as a client on a real connection.
namespace fuzz {

namespace {

constexpr std::size_t longest = 1 << 14;
constexpr int patience_ms = 20'000;

/// A laboratory of its own for each input, so that each shows the same wherever it comes.
struct bench {
    lab::laboratory lab{lab::options{.running = false}};
    net::service http{lab, {.port = 0}};

    // The API would call this very server as often as the input says.
    bench() { lab.set_request_sender(nullptr); }
};

/// The fuzzer's alarm clock may interrupt it.
void wait_for(int fd, short events, const std::string& otherwise) {
    pollfd p{fd, events, 0};
    int n = -1;
    do n = ::poll(&p, 1, patience_ms);
    while (n < 0 && errno == EINTR);
    check(n == 1, otherwise);
}

/// Sends all of it, ends sending, and gives what comes back until the server closes.
std::string converse(std::uint16_t port, std::string_view bytes) {
    const net::file_descriptor fd = net::open_socket("127.0.0.1");
    int error = net::begin_connect(fd.get(), "127.0.0.1", port);
    if (error == EINPROGRESS || error == EINTR) {
        wait_for(fd.get(), POLLOUT, "the server does not accept");
        error = net::connect_result(fd.get());
    }
    check(error == 0, std::string("cannot connect: ") + std::strerror(error));
    const linger reset{1, 0}; // no connection is left behind to use up the ports
    ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    while (!bytes.empty()) {
        wait_for(fd.get(), POLLOUT, "the server takes no more");
        const ssize_t n = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) break; // the server has heard enough
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    ::shutdown(fd.get(), SHUT_WR);
    std::string answer;
    for (;;) {
        wait_for(fd.get(), POLLIN, "the server does not close; so far: " + answer);
        std::array<char, 4096> some{};
        const ssize_t n = ::recv(fd.get(), some.data(), some.size(), 0);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) return answer;
        answer.append(some.data(), static_cast<std::size_t>(n));
    }
}

void ask(std::string_view what, std::string_view host_place) {
    bench b;
    const std::string port = std::to_string(b.http.port());
    std::string bytes(what);
    for (std::size_t at = 0; (at = bytes.find(host_place, at)) != std::string::npos; at += port.size())
        bytes.replace(at, host_place.size(), port);
    const std::string answer = converse(b.http.port(), bytes);
    check(answer.empty() || answer.starts_with("HTTP/1."), "not an answer: " + answer.substr(0, 200));
    const std::string alive =
        converse(b.http.port(),
                 "GET /api/v1/state HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n");
    check(alive.starts_with("HTTP/1.1 200 ") || alive.empty(),
          "it does not answer any more: " + alive.substr(0, 200));
}

} // namespace

/// `$PORT` in the input is the server's, for the Host header.
void http(std::string_view text) {
    if (text.size() <= longest) ask(text, "$PORT");
}

void api(std::string_view text) {
    static constexpr std::array<const char*, 6> paths = {"contexts", "contexts/1/cancel", "workers",
                                                         "clock",    "requests",          "reset"};
    if (text.empty() || text.size() > longest) return;
    const std::string path = paths[static_cast<unsigned char>(text[0]) % paths.size()];
    const std::string body(text.substr(1));
    ask("POST /api/v1/" + path +
            " HTTP/1.1\r\nHost: 127.0.0.1:$PORT\r\nContent-Type: application/json\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body,
        "$PORT");
}

} // namespace fuzz
