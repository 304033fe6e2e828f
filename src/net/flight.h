// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/scheduler.h"
#include "net/body_stream.h"
#include "net/connection_pool.h"
#include "net/errors.h"
#include "net/response_head.h"
#include "net/url.h"
#include "net/wire.h"

#include <memory>
#include <optional>

namespace net {

struct call;
class cord;

/// One request of the client and its response on a connection, under a context: Go's Transport.RoundTrip.
///
/// Thread safety: one thread. Lifetime: ends with the last byte of the body, or with close.
class flight {
  public:
    struct setting {
        connection_pool& pool;
        ctx::scheduler& watchers;
        ctx::duration response_header_timeout;
        bool keep_alive;
    };

    flight(const setting& s, ctx::context c) : in_(s), context_(std::move(c)) {}
    ~flight() { close(); }
    flight(const flight&) = delete;
    flight& operator=(const flight&) = delete;

    /// Finds a connection, writes the request and reads the header. The error is the cause of the context if
    /// that is done.
    ctx::error begin(const call& what, const url_parts& to, response_head& head);
    /// As a file: at least one byte, `eof`, or why not.
    read_result read(char* into, std::size_t size);
    /// Without the rest of the body: drops the connection.
    void close();

  private:
    ctx::error attempt(const call& what, const url_parts& to, response_head& head, bool& worth_another);
    ctx::error read_header(response_head& head);
    ctx::error open_body(const call& what, const response_head& head);
    ctx::error explain(ctx::error why) const;
    bool land(bool whole);

    const setting in_;
    const ctx::context context_;
    std::shared_ptr<pooled_connection> on_;
    std::shared_ptr<cord> cord_;
    ctx::chan<ctx::empty> finished_{0};
    std::optional<wire> wire_;
    body_stream body_;
    bool until_close_ = false; // the body's only end is that of the connection
    bool reusable_ = false;
    ctx::error end_; // what read gives from now on
};

} // namespace net
