// SPDX-License-Identifier: MIT
#pragma once

#include "net/body.h"
#include "net/socket.h"
#include "net/wire.h"

#include <QtTest>

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

/// A client that sends whatever bytes it is told to, and helpers to wait with a deadline.
namespace raw {

using namespace std::chrono_literals;

constexpr auto patience = 20s; // generous: sanitizers and a busy machine

struct response {
    int status = 0; ///< 0: the connection ended instead
    std::string head, body;

    std::string header(std::string_view name) const {
        std::string_view rest = head;
        while (!rest.empty()) {
            const std::string_view line = rest.substr(0, rest.find("\r\n"));
            const std::size_t colon = line.find(':');
            if (colon != std::string_view::npos && net::same_word(line.substr(0, colon), name))
                return std::string(net::trimmed(line.substr(colon + 1)));
            rest.remove_prefix(std::min(rest.size(), line.size() + 2));
        }
        return {};
    }
};

class client {
  public:
    explicit client(std::uint16_t port) : fd_(net::open_socket("127.0.0.1")), wire_(fd_.get()), port_(port) {
        int error = net::begin_connect(fd_.get(), "127.0.0.1", port);
        if (error == EINPROGRESS) {
            pollfd p{fd_.get(), POLLOUT, 0};
            ::poll(&p, 1, 20'000);
            error = net::connect_result(fd_.get());
        }
        if (error != 0) qFatal("cannot connect to port %d: %s", port, std::strerror(error));
    }

    void send(std::string_view bytes) { wire_.write(bytes); }
    std::string host() const { return "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n"; }
    void get(const std::string& target, const std::string& more = {}) {
        send("GET " + target + " HTTP/1.1\r\n" + host() + more + "\r\n");
    }
    void post(const std::string& target, const std::string& body, const std::string& more = {}) {
        send("POST " + target + " HTTP/1.1\r\n" + host() + "Content-Length: " + std::to_string(body.size()) +
             "\r\n" + more + "\r\n" + body);
    }

    response receive(bool with_body = true) {
        wire_.allow(64 << 20, net::wire::clock::now() + patience);
        response r;
        char c = 0;
        while (!r.head.ends_with("\r\n\r\n")) {
            if (!wire_.read_all(&c, 1)) return {};
            r.head.push_back(c);
        }
        r.status = std::stoi(r.head.substr(9, 3));
        if (!with_body) return r;
        if (r.header("Transfer-Encoding") == "chunked")
            net::read_chunked_body(wire_, 64 << 20, r.body);
        else if (const auto n = net::parse_length(r.header("Content-Length")))
            net::read_sized_body(wire_, *n, 64 << 20, r.body);
        return r;
    }
    response ask(const std::string& target, const std::string& more = {}) {
        get(target, more);
        return receive();
    }

    /// The server has closed without another byte.
    bool is_closed() {
        char c = 0;
        wire_.allow(1, net::wire::clock::now() + patience);
        return wire_.read(&c, 1) == 0 || wire_.why() == net::wire::trouble::failed;
    }
    net::wire& line() { return wire_; }
    int fd() const { return fd_.get(); }

    void close() { fd_ = net::file_descriptor(); }
    void half_close() { ::shutdown(fd_.get(), SHUT_WR); }
    void reset() {
        const linger now{1, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

  private:
    net::file_descriptor fd_;
    net::wire wire_;
    std::uint16_t port_;
};

/// A counter that other threads move and the test waits for.
class tally {
  public:
    void add(int n = 1) {
        const std::lock_guard lock(mutex_);
        count_ += n;
        moved_.notify_all();
    }
    bool reaches(int n) {
        std::unique_lock lock(mutex_);
        return moved_.wait_for(lock, patience, [&] { return count_ >= n; });
    }
    bool falls_to(int n) {
        std::unique_lock lock(mutex_);
        return moved_.wait_for(lock, patience, [&] { return count_ <= n; });
    }
    int count() {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable moved_;
    int count_ = 0;
};

/// Of this process. The list of its tasks may skip one while others end, so the kernel's own count is asked.
inline int threads() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        int n = 0;
        if (word == "Threads:" && status >> n) return n;
    }
    return 0;
}

inline int descriptors() {
    int n = 0;
    for ([[maybe_unused]] const auto& t : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
    return n;
}

} // namespace raw
