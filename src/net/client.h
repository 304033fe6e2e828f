// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/scheduler.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// An HTTP/1.1 client whose calls obey a context: net/http's NewRequestWithContext and Client.Do in one.
///
///     net::client client;
///     auto [c, cancel] = ctx::with_timeout(parent, 1s);
///     net::answer a = client.get(c, "GET", "http://127.0.0.1:8000/process?work=2s");
///     if (a.error) log(a.error.text());      // Get "http://127.0.0.1:8000/...": context deadline exceeded
///
/// A context that ends aborts the call in every phase: while it connects, while it waits for the header, and
/// in the body. The error then holds the *cause* (HTTP-053), inside `Get "URL": ...` until the header has
/// arrived, bare afterwards (HTTP-052, HTTP-055). After a complete body nothing can go wrong any more
/// (HTTP-056). The socket is closed at once, so the server sees the client leave (HTTP-054).
///
/// Only http, and hosts that are numeric or `localhost`; redirects are handed back, not followed; a
/// connection a call. Thread safety: any number of calls at once. Each blocks its thread. Lifetime: no call
/// may be in progress when the client is destroyed.
namespace net {

struct call {
    std::string method = "GET";
    std::string url;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    /// Go's Client.Timeout: for everything, on the clock of the context's tree (HTTP-060).
    std::optional<std::chrono::nanoseconds> timeout;
};

struct answer {
    int status = 0; ///< 0: no header has arrived
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    ctx::error error;

    /// The first header of that name, or null.
    const std::string* header(std::string_view name) const;
};

class client {
  public:
    client() = default;
    answer send(const ctx::context& c, const call& what);
    answer get(const ctx::context& c, std::string method, std::string url, std::string body = {});

  private:
    ctx::pool_scheduler watchers_{1};
};

} // namespace net
