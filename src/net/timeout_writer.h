// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.h"
#include "net/request_body.h"
#include "net/request_life.h"

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace net {

/// What a handler inside a timeout_handler gets in place of its connection, and keeps when it is too late: a
/// request, a response and a context of its own.
///
/// Thread safety: any thread; the response belongs to the handler until it is done.
class timeout_writer final : public responder {
  public:
    /// `c` is what the handler gets as its context.
    timeout_writer(const exchange& around, ctx::context c);

    /// Runs the handler on the calling thread.
    void run(const std::function<void(exchange&)>& h);
    /// The handler has returned.
    ctx::recv_chan<ctx::empty> done() const { return done_.receiver(); }

    /// After done: before the deadline, or by an exception. Where both are ready, select would leave it to
    /// chance.
    bool was_in_time() const { return in_time_; }

    /// From here on writing gives `why`.
    void refuse(const ctx::error& why);
    /// After done: puts what was written into `x`, or throws what the handler has thrown.
    void deliver(exchange& x);

    const ctx::context& context() const override { return context_; }
    const std::string& peer() const override { return peer_; }
    std::shared_ptr<request_life> life() const override { return life_; }
    std::shared_ptr<request_body> body() const override { return body_; }
    void abandon() override { abandoned_ = true; }
    ctx::error write(std::string_view bytes) override;
    ctx::error flush() override { return not_supported; }
    net::hijacked hijack() override { return {.fd = {}, .buffered = {}, .error = not_supported}; }
    ctx::error begin_stream() override { return not_supported; }

  private:
    const httplib::Request request_;
    const std::string peer_;
    const std::shared_ptr<request_life> life_;
    const std::shared_ptr<request_body> body_;
    std::string all_;
    const ctx::context context_;
    const ctx::chan<ctx::empty> done_{0};
    httplib::Response response_;
    std::exception_ptr thrown_;
    bool abandoned_ = false, in_time_ = false;

    std::mutex mutex_;   // leaf lock
    std::string buffer_; // guarded by mutex_, like what follows
    ctx::error refused_;
};

} // namespace net
