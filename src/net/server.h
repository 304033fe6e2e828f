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
/// - Contexts are layered as in Go (HTTP-012): base_context, the server, conn_context, the local address, the
///   connection's, the request's.
/// - A client that leaves is noticed by one watcher for all connections (watcher.h), from when the body has
///   been read to its end: as in Go, a handler that leaves it unread does not hear of the disconnect
///   (HTTP-004). With read_body_first that trap cannot be fallen into.
/// - Header and body have a budget of bytes and a deadline each, for all of it together.
/// - A request whose body was not read to its end closes the connection: what follows would be taken for a
///   request.
/// - The Host header must name the bound address, an Origin header must be the server's own.
/// - An exception that leaves the handler is answered 500.
///
/// Thread safety: any thread. The handler is called on many threads at once.
/// Lifetime: the destructor stops accepting, cancels every exchange's context, and joins every thread.
/// Handlers must heed their context: it waits for them.
namespace net {

class server;

struct server_options {
    std::string address = "127.0.0.1"; ///< numeric, and only this machine's own: 127.0.0.0/8 or ::1
    std::uint16_t port = 8000;         ///< 0: any free one
    int max_connections = 1024;
    std::size_t max_header = 64 << 10;
    std::size_t max_body = 1 << 20;

    /// None of these ends a request's context by itself (HTTP-016).
    std::chrono::milliseconds read_header_timeout{10'000};
    std::chrono::milliseconds read_timeout{40'000}; ///< for header and body, from the request's first byte
    std::chrono::milliseconds write_timeout{0};     ///< from the end of the header; 0: none
    std::chrono::milliseconds idle_timeout{60'000}; ///< between requests

    /// The handler gets the body in exchange::body, and is called when it is there.
    bool read_body_first = false;
    /// A client that leaves is noticed also behind a pipelined request that came later. False: as in Go,
    /// where it then goes unnoticed until a write fails. HTTP-007
    bool watch_past_next_request = true;

    /// Go: Server.BaseContext. The root of everything that the server does; Background if left out. Called
    /// once, by the constructor, which throws what it throws. HTTP-010
    std::function<ctx::context(const endpoint& listener)> base_context;
    /// Go: Server.ConnContext. What to use in place of `c`, which holds the server already. Called on the
    /// connection's thread; if it throws, the connection is answered 500 and closed. HTTP-011
    std::function<ctx::context(const ctx::context& c, const endpoint& remote)> conn_context;
};

/// Go: http.ServerContextKey. The server that a request came to. HTTP-012
inline const ctx::key<server*> server_context_key{"net/http context value http-server"};
/// Go: http.LocalAddrContextKey. The address that it came to.
inline const ctx::key<endpoint> local_addr_context_key{"net/http context value local-addr"};

class server {
  public:
    using handler = std::function<void(exchange&)>;

    /// Listens when it returns. Throws listen_error.
    server(server_options options, handler h);
    ~server();

    /// Cancels every request, lets handlers answer for a moment, closes everything and joins every thread.
    /// Idempotent; what the destructor does.
    void stop();

    /// Go: Server.Shutdown. Stops listening, closes idle connections and waits for the busy ones, whose
    /// contexts it leaves alone. If `c` is done first: its err(), and the handlers go on. HTTP-013
    ctx::error shutdown(const ctx::context& c);
    /// Go: Server.Close. Closes all connections, which ends their contexts as a client's leaving does, and
    /// waits for nobody. HTTP-014
    void close();
    /// Go: Server.RegisterOnShutdown. `f` runs in a thread of its own when shutdown begins: the place to
    /// cancel a base context. HTTP-015
    void register_on_shutdown(std::function<void()> f);

    std::uint16_t port() const;
    std::string url() const; ///< "http://127.0.0.1:8000"
    std::size_t connections() const;

    struct impl;

  private:
    std::unique_ptr<impl> impl_;
};

} // namespace net

template <>
struct ctx::type_traits<net::server*> {
    static constexpr std::string_view name = "*http.Server";
};
