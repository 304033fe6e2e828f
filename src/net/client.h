// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/scheduler.h"
#include "net/connection_pool.h"
#include "net/response.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

/// An HTTP/1.1 client whose calls obey a context: net/http's NewRequestWithContext and Client.Do in one.
///
///     net::client client;
///     auto [c, cancel] = ctx::with_timeout(parent, 1s);
///     net::answer a = client.get(c, "GET", "http://127.0.0.1:8000/process?work=2s");
///     if (a.error) log(a.error.text());      // Get "http://127.0.0.1:8000/...": context deadline exceeded
///
///     net::response r = client.open(c, {.url = url});       // the header is there, the body is not
///     while (auto [n, error] = r.read(piece, sizeof piece); n > 0) use(piece, n);
///
/// A context governs the call for its whole life (HTTP-050): while it waits for a connection, writes, waits
/// for the header, follows redirects, and in the body. When it ends, the error holds the *cause* (HTTP-053),
/// inside `Get "URL": ...` until the header has arrived, bare afterwards (HTTP-052, HTTP-055). After a
/// complete body nothing can go wrong any more (HTTP-056). The socket is closed at once, so the server sees
/// the client leave (HTTP-054). A deadline is not sent to the server (HTTP-062).
///
/// Only http, and hosts that are numeric or `localhost`. Connections are kept and used again, as in Go; a
/// dial goes on when its request has been cancelled (HTTP-058).
///
/// Thread safety: any number of calls at once. Each blocks its thread. Lifetime: no call may be in progress,
/// and no response open, when the client is destroyed.
namespace net {

struct call {
    std::string method = "GET";
    std::string url;
    std::string body;
    header_list headers;
    /// Go's Client.Timeout: for everything, on the clock of the context's tree (HTTP-060).
    std::optional<std::chrono::nanoseconds> timeout;
};

/// A response and its whole body.
struct answer {
    int status = 0; ///< 0: no header has arrived
    header_list headers;
    std::string body;
    ctx::error error;

    /// The first header of that name, or null.
    const std::string* header(std::string_view name) const;
};

/// Go: http.Transport.
struct transport_options {
    connection_pool::dial_func dial_context = dial;      ///< may block; should heed its context
    std::chrono::nanoseconds response_header_timeout{0}; ///< 0: none. On the clock of the context's tree
    bool disable_keep_alives = false;
    std::size_t max_idle_conns_per_host = 2;
    std::chrono::milliseconds idle_conn_timeout{90'000};
};

class client {
  public:
    explicit client(transport_options o = {});

    /// Go: Client.Do. Returns when the header has arrived, or `error` is set.
    response open(const ctx::context& c, const call& what);
    /// The whole of it. A failure in the body leaves status, headers and what came of the body.
    answer send(const ctx::context& c, const call& what);
    answer get(const ctx::context& c, std::string method, std::string url, std::string body = {});

    /// Go: CloseIdleConnections.
    void close_idle_connections() { pool_.close_idle(); }
    std::size_t idle_connections() const { return pool_.idle(); }

  private:
    response open_one(const ctx::context& c, const call& what, const std::string& first_method);

    const transport_options options_;
    ctx::pool_scheduler watchers_{1};
    connection_pool pool_;
};

} // namespace net
