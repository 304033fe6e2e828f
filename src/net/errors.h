// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"

/// The errors of io and net/http that callers compare with.
namespace net {

/// Go: io.EOF. The whole body has been read; not wrapped, no failure.
inline const ctx::error eof("EOF");
/// Go: io.ErrUnexpectedEOF. The peer has left in the middle.
inline const ctx::error unexpected_eof("unexpected EOF");

/// Go: http.ErrServerClosed
inline const ctx::error server_closed("http: Server closed");
/// Go: http.ErrHandlerTimeout. HTTP-033
inline const ctx::error handler_timeout("http: Handler timeout");
/// Go: http.ErrBodyReadAfterClose
inline const ctx::error body_read_after_close("http: invalid Read on closed Body");
/// Go: http.ErrHijacked
inline const ctx::error already_hijacked("http: connection has been hijacked");
/// Go: http.ErrNotSupported, what http.ResponseController says of a writer that cannot do it. HTTP-034
inline const ctx::error not_supported("feature not supported");

/// Some bytes, or why there are none: `count` is 0 exactly if `error` is set.
struct read_result {
    std::size_t count = 0;
    ctx::error error;
};

} // namespace net
