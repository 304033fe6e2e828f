// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.h"
#include "net/socket.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

/// An HTTP/1.1 server whose requests own contexts. cpp-httplib reads requests and writes responses; sockets,
/// keep-alive, limits and the end of things are done here, because a blocked handler of the stock server
/// cannot be told that its client has left.
///
///     net::server s({.port = 0}, [](net::exchange& x) {
///         switch (ctx::select(ctx::recv(ctx::after(2s)), ctx::recv(x.context().done()))) {
///         case 0: return x.answer(200, "request processed");
///         case 1: return x.abandon();
///         }
///     });
///
/// - A thread a connection, up to a limit; beyond it a connection is answered 429 and closed.
/// - A client that leaves is noticed by one watcher for all connections (watcher.h), also behind a pipelined
/// request. Watching
///   begins when the body has been read to its end: the handler always gets the whole body, so HTTP-004's
///   trap (a handler that leaves the body unread never hears of the disconnect) cannot be fallen into here.
/// - Header and body have a budget of bytes and a deadline each, for all of it together.
/// - A request that is rejected before its body was read closes the connection: what follows would be taken
/// for a request.
/// - The Host header must name the bound address, an Origin header must be the server's own.
///
/// Thread safety: any thread. The handler is called on many threads at once.
/// Lifetime: the destructor stops accepting, cancels every exchange's context, and joins every thread.
/// Handlers must heed their context: it waits for them.
namespace net {

struct server_options {
    std::string address = "127.0.0.1"; ///< numeric, and only this machine's own: 127.0.0.0/8 or ::1
    std::uint16_t port = 8000;         ///< 0: any free one
    int max_connections = 1024;
    std::size_t max_header = 64 << 10;
    std::size_t max_body = 1 << 20;
    std::chrono::milliseconds header_time{10'000};
    std::chrono::milliseconds body_time{30'000};
    std::chrono::milliseconds idle_time{60'000};
};

class server {
  public:
    using handler = std::function<void(exchange&)>;

    /// Listens when it returns. Throws listen_error.
    server(server_options options, handler h);
    ~server();

    /// Idempotent; what the destructor does.
    void stop();

    std::uint16_t port() const;
    std::string url() const; ///< "http://127.0.0.1:8000"
    std::size_t connections() const;

    struct impl;

  private:
    std::unique_ptr<impl> impl_;
};

} // namespace net
