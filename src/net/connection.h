// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "net/exchange.h"
#include "net/server.h"
#include "net/watcher.h"
#include "net/wire.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

/// One connection of the server: its keep-alive loop and the requests on it, one after the other.
namespace net {

class engine;

/// The time of one request, shared with the watcher, which may speak up a moment too late.
class request_life {
  public:
    request_life() : made_(ctx::with_cancel(ctx::background())) {}
    const ctx::context& context() const { return made_.context; }
    /// The client has left: says so and cancels, unless the request or the server has ended first.
    void leave();
    /// Nothing counts as the client's leaving from now on.
    void end();
    void on_left(std::function<void()> f);
    bool left() const { return left_.load(std::memory_order_acquire); }

  private:
    ctx::cancelable made_;
    std::atomic<bool> left_{false};
    std::mutex mutex_;                // leaf lock
    bool ended_ = false;              // guarded by mutex_
    std::function<void()> tell_left_; // guarded by mutex_
};

class connection {
  public:
    connection(file_descriptor fd, endpoint bound, const server_options& limits, watcher& leaving);

    /// Answers requests until the connection is to be closed, then closes it.
    void serve(engine& by);
    /// Says that there are too many connections, and closes it.
    void turn_away(int limit);

    // From any thread: the server stops.
    /// Ends waiting for requests and the request in progress, which may still be answered.
    void interrupt();
    /// Ends everything.
    void cut();

    // For the engine and the exchange, on the connection's thread.
    const std::string& peer() const { return peer_; }
    wire& line() { return wire_; }
    const std::shared_ptr<request_life>& life() const { return life_; }
    ssize_t read(char* into, std::size_t size);
    bool write(std::string_view bytes);
    void accept(httplib::Request& r);
    void answer(const httplib::Request& r, httplib::Response& response, const server::handler& h);
    bool complete_error(httplib::Response& r);
    void polish(httplib::Response& r) const;
    void abandon() { abandoned_ = true; }
    void keep_life() { streaming_ = true; }

  private:
    bool serve_one(engine& by);
    bool read_body(exchange& x);
    void reject(exchange& x, int status, std::string_view why);
    void begin_life();
    void end_life();
    void close();

    const server_options& limits_;
    watcher& watcher_;
    const endpoint bound_;
    std::mutex mutex_;         // leaf lock
    file_descriptor fd_;       // closed, and life_ changed, under mutex_
    bool interrupted_ = false; // guarded by mutex_
    std::string peer_;
    wire wire_;
    std::shared_ptr<request_life> life_;
    std::optional<std::uint64_t> watch_;
    bool accepted_ = false; // the header was complete and legal
    bool answered_ = false; // its body was read here; newer versions of cpp-httplib would read one once more
    bool wrote_ = false;    // something was sent for this request
    bool must_close_ = false;
    bool abandoned_ = false;
    bool streaming_ = false;
};

} // namespace net
