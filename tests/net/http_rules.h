// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/rules.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "net/dial.h"
#include "net/server.h"
#include "raw_client.h"

#include <optional>
#include <thread>

/// What the tests of HTTP rules share.
namespace http {

using namespace std::chrono_literals;

/// The context is done, or becomes so.
inline bool ends(const ctx::context& c) {
    return ctx::select(ctx::recv(c.done()), ctx::recv(ctx::after(raw::patience))) == 0;
}

/// Waits for either; true if it was the first.
template <class A, class B>
bool first_of(const A& a, const B& b) {
    return ctx::select(ctx::recv(a), ctx::recv(b)) == 0;
}

/// What comes out of the channel, if anything does.
template <class T>
std::optional<T> take(const ctx::chan<T>& from) {
    T value{};
    const std::size_t first = ctx::select(ctx::recv(from, value), ctx::recv(ctx::after(raw::patience)));
    if (first != 0) return std::nullopt;
    return value;
}

using contexts = ctx::chan<ctx::context>;

/// Hands out the context of each request, and holds the request until it is released or done.
struct held_requests {
    contexts begun{16};
    ctx::chan<ctx::empty> release{0};
    net::server server;

    explicit held_requests(net::server_options o = {})
        : server(on_any_port(std::move(o)), [this](net::exchange& x) {
              begun.send(x.context());
              const std::size_t first = ctx::select(ctx::recv(release), ctx::recv(x.context().done()));
              x.answer(first == 0 ? 200 : 503, "held");
          }) {}
    static net::server_options on_any_port(net::server_options o) {
        o.port = 0;
        return o;
    }
};

/// Sends the header of a request whose body will have that length.
inline void promise_body(raw::client& c, std::size_t size) {
    c.send("POST / HTTP/1.1\r\n" + c.host() + "Content-Length: " + std::to_string(size) + "\r\n\r\n");
}

/// Writes until it fails; the context must be open until then.
inline ctx::error write_until_it_fails(net::exchange& x) {
    const auto until = std::chrono::steady_clock::now() + raw::patience;
    while (std::chrono::steady_clock::now() < until) {
        if (x.context().err()) return ctx::error("the context ended before a write failed");
        if (const ctx::error e = x.write("some bytes")) return e;
        if (const ctx::error e = x.flush()) return e;
    }
    return {};
}

/// A client of the same server that leaves after another has: when the server has noticed it, whatever there
/// was to notice about the other has been noticed too.
class witness {
  public:
    explicit witness(net::server& s) : client_(s.port()) {}
    /// What the server's handler does with the witness's request, /witness.
    static void serve(const net::exchange& x) { x.context().done().wait(); }
    bool leaves_and_is_noticed(raw::tally& entered, raw::tally& ended) {
        client_.get("/witness");
        if (!entered.reaches(1)) return false;
        client_.close();
        return ended.reaches(1);
    }

  private:
    raw::client client_;
};

} // namespace http
