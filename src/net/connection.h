// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "net/exchange.h"
#include "net/guard.h"
#include "net/request_body.h"
#include "net/request_life.h"
#include "net/response_writer.h"
#include "net/server.h"
#include "net/watcher.h"
#include "net/wire.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace net {

class engine;

/// What the connections of one server share.
struct surroundings {
    const server_options& options;
    const endpoint& bound;
    watcher& leaving;
    ctx::context base; ///< holds the server already
    std::function<void()> hijacked;
};

/// One connection of the server: its keep-alive loop and the requests on it, one after the other.
///
/// Thread safety: what is not said to be for any thread is for the connection's own.
class connection final : public responder {
  public:
    connection(file_descriptor fd, const surroundings& in);

    /// Answers requests until the connection is to be closed, then closes it.
    void serve(engine& by);
    /// Says that there are too many connections, and closes it.
    void turn_away(int limit);

    // From any thread.
    /// The server stops: the request in progress, if any, is the caller's to end, and no other will live.
    std::shared_ptr<request_life> interrupt();
    /// Ends reading. The request in progress may still be answered.
    void stop_reading();
    /// Ends everything, as if the client had.
    void cut();
    /// No further request: closes it now if it is idle, or else behind the present one.
    void finish();
    bool is_hijacked() const;

    // For the engine.
    wire& line() { return wire_; }
    ssize_t receive(char* into, std::size_t size);
    bool send(std::string_view bytes);
    void accept(httplib::Request& r);
    void answer(const httplib::Request& r, httplib::Response& response, const server::handler& h);
    bool complete_error(const httplib::Request& r, httplib::Response& response);
    void polish(httplib::Response& r) const;

    // For the exchange.
    const ctx::context& context() const override { return life_->context(); }
    const std::string& peer() const override { return peer_; }
    std::shared_ptr<request_life> life() const override { return life_; }
    std::shared_ptr<request_body> body() const override { return body_; }
    void abandon() override { abandoned_ = mute_ = true; }
    ctx::error write(std::string_view bytes) override;
    ctx::error flush() override;
    net::hijacked hijack() override;
    ctx::error begin_stream() override;

  private:
    bool make_context();
    bool take_up();
    bool serve_one(engine& by);
    void begin_life();
    void end_life();
    void begin_watch();
    void end_watch();
    void close();

    refusal frame(const httplib::Request& r, body_stream& s);
    std::shared_ptr<request_body> open_body(const body_stream& s);
    bool read_first(exchange& x);
    void run(exchange& x, const server::handler& h);
    void conclude();
    void reject(exchange& x, int status, std::string_view why);

    const surroundings& in_;
    mutable std::mutex mutex_; // leaf lock, but for the watcher's
    file_descriptor fd_;       // closed, and life_ changed, under mutex_
    bool interrupted_ = false; // guarded by mutex_, like the next four
    bool busy_ = false, finishing_ = false, hijacked_ = false;
    std::optional<std::uint64_t> watch_;
    std::string peer_;
    wire wire_;
    std::optional<ctx::cancelable> conn_; // Go: the connection's context
    std::shared_ptr<request_life> life_;
    std::shared_ptr<request_body> body_;
    std::optional<response_writer> writer_;
    wire::clock::time_point begun_; // the present request
    bool accepted_ = false;         // the header was complete and legal
    bool answered_ = false;         // newer versions of cpp-httplib would read a body once more
    bool wrote_ = false;            // something was sent for this request
    bool mute_ = false;             // what cpp-httplib would write has been written, or never will be
    bool expects_continue_ = false;
    bool must_close_ = false;
    bool abandoned_ = false;
    bool streaming_ = false;
};

} // namespace net
