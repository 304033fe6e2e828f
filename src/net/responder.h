// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "net/errors.h"
#include "net/socket.h"

#include <memory>
#include <string>
#include <string_view>

namespace net {

class request_body;
class request_life;

/// What a handler takes over with the connection: nobody closes or watches it any more. HTTP-017
struct hijacked {
    file_descriptor fd;   ///< does not block; not valid if `error` is set
    std::string buffered; ///< what the client had sent and nobody had read
    ctx::error error;
};

/// Where what a handler does with an exchange goes: to its connection, or to a handler around it, such as a
/// timeout_handler.
///
/// Thread safety: context and peer from any thread, the rest from the handler's.
class responder {
  public:
    responder() = default;
    responder(const responder&) = delete;
    responder& operator=(const responder&) = delete;
    virtual ~responder() = default;

    virtual const ctx::context& context() const = 0;
    virtual const std::string& peer() const = 0;
    /// The request's own time, which a handler may outlive.
    virtual std::shared_ptr<request_life> life() const = 0;
    virtual std::shared_ptr<request_body> body() const = 0;
    virtual void abandon() = 0;
    virtual ctx::error write(std::string_view bytes) = 0;
    virtual ctx::error flush() = 0;
    virtual net::hijacked hijack() = 0;
    /// The context is to live until the response has been written.
    virtual ctx::error begin_stream() = 0;
};

} // namespace net
