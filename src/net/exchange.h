// SPDX-License-Identifier: MIT
#pragma once

#include "net/responder.h"

#include <httplib.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// One request that is being answered: what a handler gets. Go's ResponseWriter and Request in one.
///
///     void handle(net::exchange& x) {
///         if (ctx::error e = x.read_body()) return x.refuse(400, e.text());
///         auto [c, cancel] = ctx::with_timeout(x.context(), 1s);
///         x.answer(200, work(c, x.body));
///     }
///
/// There are two ways to answer: with answer() and its kin, which decide the whole response, or with write()
/// and flush() piece by piece.
///
/// Thread safety: read() and context() from any thread, the rest from the handler's.
/// Lifetime: until the handler returns. Its context may be kept.
namespace net {

class exchange {
  public:
    exchange(responder& to, const httplib::Request& asked, httplib::Response& answered, std::string& all)
        : request(asked), response(answered), body(all), to_(to) {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    const httplib::Request& request; ///< without its body
    httplib::Response& response;     ///< its status and headers: before the first flush
    std::string& body; ///< what read_body has read; all of it if server_options::read_body_first

    /// Go: Request.Context. Done when the client leaves, the server stops, or the handler has returned; a
    /// stream: when its last byte is out. HTTP-001, HTTP-002
    const ctx::context& context() const;
    /// Go: Request.WithContext. The same request with another context; this one keeps its own. HTTP-018
    exchange with_context(ctx::context c) const;
    /// Go: Request.Clone. The copy has a request, with its headers, of its own.
    exchange clone(ctx::context c) const;
    /// "127.0.0.1:51234"
    const std::string& peer() const;

    /// Go: Request.Body.Read. At least one byte, or `eof`, or why not. Only when the body has been read to
    /// its end does the server notice that the client leaves; before that, reading does (HTTP-004, HTTP-005).
    read_result read(char* into, std::size_t size);
    /// Appends the rest of it to `body`; empty at its end. Go: io.ReadAll
    ctx::error read_body();

    /// `left` is called once, on the watcher's thread, when the client leaves before the answer; also if it
    /// has left already. It must not block. Afterwards, client_left() is true.
    void on_client_left(std::function<void()> left);
    bool client_left() const;
    /// Nobody is answered: the connection is closed without a byte.
    void abandon();

    void answer(int status, std::string_view text, const char* content_type = "text/plain; charset=utf-8");
    void answer_json(int status, const std::string& json);
    /// `{"error":"..."}`
    void refuse(int status, std::string_view why);
    /// `more` writes to the sink and gives true, or ends it with `sink.done()`; false breaks the connection.
    /// The context lives until the stream has ended. Throws std::logic_error inside a timeout_handler.
    void stream(const char* content_type, std::function<bool(httplib::DataSink&)> more);

    /// Go: ResponseWriter.WriteHeader, Write, and ResponseController.Flush. Small writes are buffered; the
    /// first flush, or a buffer that is full, sends the header. A write that fails ends the context
    /// (HTTP-006).
    void write_header(int status) { response.status = status; }
    ctx::error write(std::string_view bytes);
    ctx::error flush();

    /// Go: Hijacker.Hijack. From here on the connection is the caller's; the context is done when the handler
    /// returns, and not before (HTTP-017).
    hijacked hijack();

  private:
    friend class timeout_writer;
    exchange(const exchange& of, ctx::context c, std::shared_ptr<const httplib::Request> own);

    responder& to_;
    std::shared_ptr<const httplib::Request> own_request_;
    std::optional<ctx::context> own_context_;
};

/// `{"error":"..."}` for any text.
std::string error_json(std::string_view why);

} // namespace net
