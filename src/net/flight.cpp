// SPDX-License-Identifier: MIT
#include "net/flight.h"

#include "ctx/go.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "net/body.h"
#include "net/client.h"
#include "net/cord.h"
#include "net/op_error.h"

namespace net {
namespace {

constexpr std::uint64_t most_body_bytes = std::uint64_t{1} << 40;

/// Cuts the cord when the first channel has something, unless the call is finished before.
ctx::task<> cut_on_done(std::shared_ptr<cord> line, ctx::recv_chan<ctx::empty> done,
                        ctx::recv_chan<ctx::empty> finished) {
    // The result has a name because GCC 12 miscompiles a co_await in the condition of a body without
    // variables.
    const std::size_t first = co_await ctx::select(ctx::recv(done), ctx::recv(finished));
    if (first == 0) line->cut();
}

ctx::task<> cut_on_timeout(std::shared_ptr<cord> line, ctx::duration d, std::shared_ptr<ctx::clock> clock,
                           ctx::recv_chan<ctx::empty> header_there) {
    const ctx::timer patience(d, clock);
    const std::size_t first = co_await ctx::select(ctx::recv(patience.channel()), ctx::recv(header_there));
    if (first == 0) line->cut(true);
}

std::string written(const call& what, const url_parts& to, bool keep_alive) {
    std::string s = (what.method.empty() ? "GET" : what.method) + " " + to.target +
                    " HTTP/1.1\r\nHost: " + to.host + "\r\n" + (keep_alive ? "" : "Connection: close\r\n");
    bool typed = false;
    for (const auto& [name, value] : what.headers) {
        s += name + ": " + value + "\r\n";
        typed = typed || same_word(name, "Content-Type");
    }
    const bool wants_length = what.method == "POST" || what.method == "PUT" || what.method == "PATCH";
    if (!what.body.empty() || wants_length)
        s += "Content-Length: " + std::to_string(what.body.size()) + "\r\n";
    if (!what.body.empty() && !typed) s += "Content-Type: application/json\r\n";
    return s + "\r\n" + what.body;
}

/// Go: may be sent again if an idle connection turns out to have been closed.
bool is_idempotent(const std::string& method) {
    return method.empty() || method == "GET" || method == "HEAD" || method == "OPTIONS";
}

} // namespace

ctx::error flight::begin(const call& what, const url_parts& to, response_head& head) {
    for (;;) {
        bool worth_another = false;
        const ctx::error why = attempt(what, to, head, worth_another);
        if (!why) return {};
        const ctx::error told = explain(why);
        close();
        if (!worth_another || context_.err()) return told;
    }
}

ctx::error flight::attempt(const call& what, const url_parts& to, response_head& head, bool& worth_another) {
    if (context_.err()) return ctx::cause(context_);
    connection_pool::lease l = in_.pool.get(context_, {to.address, to.port});
    if (l.error) return l.error;
    on_ = std::move(l.connection);
    cord_ = std::make_shared<cord>(on_->fd.get());
    finished_ = ctx::chan<ctx::empty>(0);
    ctx::go(in_.watchers, cut_on_done, cord_, context_.done(), finished_.receiver());
    wire_.emplace(on_->fd.get());
    // A server may answer, and close, before it has taken the whole request: its answer counts, not the
    // failed write.
    const bool sent = wire_->write(written(what, to, in_.keep_alive));
    reusable_ = sent && in_.keep_alive;
    const ctx::error why = read_header(head);
    worth_another = why == eof && on_->used_before && is_idempotent(what.method);
    return why ? why : open_body(what, head);
}

ctx::error flight::read_header(response_head& head) {
    const ctx::chan<ctx::empty> there(0);
    if (in_.response_header_timeout > ctx::duration::zero())
        ctx::go(in_.watchers, cut_on_timeout, cord_, in_.response_header_timeout, ctx::clock_of(context_),
                there.receiver());
    ctx::error why;
    wire_->allow(most_header_bytes, wire::never);
    do {
        why = read_head(*wire_, head);
    } while (!why && head.status >= 100 && head.status < 200);
    if (!why) cord_->header_arrived();
    there.close();
    return why;
}

ctx::error flight::open_body(const call& what, const response_head& head) {
    wire_->allow(SIZE_MAX, wire::never);
    const std::string* connection = head.header("Connection");
    reusable_ = reusable_ && !head.http_1_0 && !(connection && same_word(*connection, "close"));
    const std::string* coding = head.header("Transfer-Encoding");
    const std::string* length = head.header("Content-Length");
    until_close_ = false;
    body_ = body_stream();
    if (what.method != "HEAD" && head.status != 204 && head.status != 304) {
        if (coding && same_word(*coding, "chunked")) {
            body_ = body_stream::chunked(*wire_, most_body_bytes);
        } else if (length) {
            const auto n = parse_length(*length);
            if (!n) return ctx::error("bad Content-Length \"" + *length + "\"");
            body_ = body_stream::sized(*wire_, *n, most_body_bytes);
        } else {
            body_ = body_stream::rest(*wire_, most_body_bytes);
            until_close_ = true;
            reusable_ = false;
        }
    }
    if (body_.ended()) {
        land(true);
        end_ = eof;
    }
    return {};
}

read_result flight::read(char* into, std::size_t size) {
    if (end_) return {0, end_};
    if (!on_) return {0, body_read_after_close};
    const std::size_t n = body_.read(into, size);
    if (body_.ended()) {
        // To the reader a connection that was cut looks like one that the server has closed.
        const bool whole = land(true) || !until_close_;
        end_ = whole ? eof : ctx::cause(context_);
    } else if (n == 0) {
        end_ = explain(body_.fault() == body_fault::malformed   ? ctx::error("malformed chunked encoding")
                       : body_.fault() == body_fault::too_large ? ctx::error("http: response body too large")
                                                                : unexpected_eof);
        land(false);
    }
    if (n > 0) return {n, {}};
    return {0, end_};
}

void flight::close() {
    if (!on_) return;
    land(false);
}

/// What the caller is told, given what went wrong.
ctx::error flight::explain(ctx::error why) const {
    if (context_.err()) return ctx::cause(context_);
    if (cord_ && cord_->waited_too_long())
        return timeout_error("net/http: timeout awaiting response headers", ctx::deadline_exceeded);
    return why;
}

/// The connection is needed no more. False: it was cut before.
bool flight::land(bool whole) {
    if (!on_) return true;
    const bool uncut = cord_->let_go();
    finished_.close();
    if (whole && uncut && reusable_ && wire_->unread().empty()) in_.pool.put(std::move(on_));
    on_.reset();
    cord_.reset();
    wire_.reset();
    return uncut;
}

} // namespace net
