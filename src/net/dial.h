// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "net/socket.h"

/// Go: net.Dialer.DialContext.
///
///     auto [fd, error] = net::dial(c, {"127.0.0.1", 8000});
///     if (error) log(error.text());         // dial tcp 127.0.0.1:8000: connect: connection refused
///
/// A context that ends while it connects ends the attempt (HTTP-059): `operation was canceled` matches
/// `canceled`, `i/o timeout` matches `deadline_exceeded`. Once it is connected, the context has no effect.
///
/// Thread safety: any thread; it blocks.
namespace net {

struct dialed {
    file_descriptor fd; ///< connected; does not block; not valid if `error` is set
    ctx::error error;
};

dialed dial(const ctx::context& c, const endpoint& to);

} // namespace net
