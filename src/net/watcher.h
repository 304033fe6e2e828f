// SPDX-License-Identifier: MIT
#pragma once

#include "net/socket.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

/// Tells when peers leave: one thread for all connections, asleep until one of them does.
///
///     const auto id = leaving.watch(socket, [cancel] { cancel(); });
///     ... answer the request ...
///     leaving.forget(id);
///
/// A close, a half-close (only the peer's sending side) and a reset all count (HTTP-002). Incoming data does
/// not: a pipelined request is no departure, and behind one a departure is still seen. Go's server no longer
/// looks there, as it notices by reading; a watch `until_data` does as it does (HTTP-007).
///
/// Thread safety: any thread.
/// Lifetime: `left` runs once at most, on the watcher's thread, without a lock, and must not block. It may
/// still be running when forget returns: let it own what it touches.
namespace net {

class watcher {
  public:
    watcher();
    ~watcher();
    watcher(const watcher&) = delete;
    watcher& operator=(const watcher&) = delete;

    /// The socket may be in here once at a time, and must stay open until it is forgotten.
    std::uint64_t watch(int socket, std::function<void()> left, bool until_data = false);
    void forget(std::uint64_t id);

  private:
    struct entry {
        int socket = -1;
        bool until_data = false;
        std::shared_ptr<const std::function<void()>> left;
    };
    void run();
    void peer_left(std::uint64_t id);

    file_descriptor epoll_;
    wake_up stop_;
    std::mutex mutex_;          // leaf lock
    std::uint64_t last_id_ = 0; // guarded by mutex_; never used again, so a late report names nobody
    std::unordered_map<std::uint64_t, entry> entries_; // guarded by mutex_
    std::thread thread_;
};

} // namespace net
