// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"
#include "net/server.h"

#include <string>

/// Go: http.TimeoutHandler.
///
///     net::server s({.port = 8000}, net::timeout_handler(search, 1s, "too slow"));
///
/// - `h` runs in a thread of its own with a deadline `dt` ahead, on the clock of the request's tree; what it
///   writes is buffered (HTTP-030).
/// - If it is late, the answer is 503 with `body`, or a page that says Timeout (HTTP-031); if the request's
///   context ends otherwise, 503 without a body (HTTP-032).
/// - It goes on until it looks at its context; its writes fail from then on (HTTP-033).
/// - It can neither flush, stream nor hijack; an exception that leaves it is passed on (HTTP-034).
///
/// Thread safety: a handler, for any number of requests at once.
/// Lifetime: the last copy of the handler waits for what still runs in `h`.
namespace net {

server::handler timeout_handler(server::handler h, ctx::duration dt, std::string body = {});

} // namespace net
