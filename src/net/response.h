// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "net/errors.h"
#include "net/response_head.h"

#include <memory>
#include <string>
#include <utility>

namespace net {

class flight;

/// Go: http.Response. The header has arrived; the body is read from the connection, under the request's
/// context, as long as that is not done (HTTP-055).
///
/// Whoever cancels that context kills the body, so a function that returns a response must not end with a
/// cancel_guard: read the body first, or hand the cancel function to cancel_on_close (HTTP-057).
///
/// Thread safety: one thread. Lifetime: before its client.
class response {
  public:
    response();
    response(response&& o) noexcept : response() { *this = std::move(o); }
    response& operator=(response&&) noexcept;
    ~response();

    int status = 0; ///< 0: no header has arrived
    header_list headers;
    ctx::error error; ///< why there is no response

    /// The first header of that name, or null.
    const std::string* header(std::string_view name) const;
    /// At least one byte; `eof` at the end; else the cause of the context, or what went wrong.
    read_result read(char* into, std::size_t size);
    /// Appends the rest to `into`; empty at the end.
    ctx::error read_all(std::string& into);
    /// Go: Body.Close. Before the end of the body it drops the connection. Called by the destructor.
    void close();
    /// Ties a cancel function to close.
    void cancel_on_close(ctx::cancel_func cancel) { cancel_ = std::move(cancel); }

  private:
    friend class client;
    std::unique_ptr<flight> flight_;
    ctx::context context_, timed_; // of the caller, and with the call's own timeout
    ctx::cancel_func limit_;       // ends timed_; called with the end of the body, to give its timer back
    ctx::cancel_func cancel_;
};

} // namespace net
