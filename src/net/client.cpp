// SPDX-License-Identifier: MIT
#include "net/client.h"

#include "ctx/go.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "net/body.h"
#include "net/socket.h"
#include "net/url.h"
#include "net/wire.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <mutex>
#include <system_error>

namespace net {
namespace {

constexpr std::size_t most_header_bytes = 64 << 10;
constexpr std::size_t most_body_bytes = 64 << 20;

/// The socket of one call, as far as another thread may touch it: to shut it down.
class cord {
  public:
    /// Begins to connect, unless it was cut before. Cutting and connecting exclude each other: a shutdown
    /// that came just before connect would be lost.
    int begin(int fd, const url_parts& to) {
        const std::lock_guard lock(mutex_);
        if (cut_) return ECANCELED;
        fd_ = fd;
        return begin_connect(fd, to.address, to.port);
    }
    void cut(bool by_timeout) {
        const std::lock_guard lock(mutex_);
        cut_ = true;
        timed_out_ = timed_out_ || by_timeout;
        if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
    }
    /// From here on cutting has no effect.
    void let_go() {
        const std::lock_guard lock(mutex_);
        fd_ = -1;
    }
    bool is_cut() const {
        const std::lock_guard lock(mutex_);
        return cut_;
    }
    bool timed_out() const {
        const std::lock_guard lock(mutex_);
        return timed_out_;
    }

  private:
    mutable std::mutex mutex_; // leaf lock
    int fd_ = -1;
    bool cut_ = false, timed_out_ = false;
};

/// Cuts the cord when the context is done or the client's own time is over.
ctx::task<> hold_scissors(std::shared_ptr<cord> line, ctx::context c, ctx::recv_chan<ctx::empty> finished,
                          ctx::recv_chan<ctx::time_point> timeout) {
    // The result has a name because GCC 12 miscompiles a co_await in the condition of a body without
    // variables.
    const std::size_t first =
        co_await ctx::select(ctx::recv(c.done()), ctx::recv(finished), ctx::recv(timeout));
    switch (first) {
    case 0:
        line->cut(false);
        break;
    case 1:
        break;
    case 2:
        line->cut(true);
        break;
    }
}

ctx::error system_text(const std::string& front, int error) {
    std::string text = std::generic_category().message(error);
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return ctx::error(front + text);
}

ctx::error connect(int fd, cord& line, const url_parts& to) {
    const std::string front = "dial tcp " + endpoint{to.address, to.port}.text() + ": connect: ";
    int error = line.begin(fd, to);
    if (error == EINPROGRESS) {
        pollfd p{fd, POLLOUT, 0};
        while (::poll(&p, 1, -1) < 0 && errno == EINTR) {
        }
        error = connect_result(fd);
        // A connection that was shut down on its way reports no error, and has no peer.
        if (error == 0 && remote_end(fd).address.empty()) error = ECONNABORTED;
    }
    return error == 0 ? ctx::error{} : system_text(front, error);
}

std::string written(const call& what, const url_parts& to) {
    std::string s = (what.method.empty() ? "GET" : what.method) + " " + to.target +
                    " HTTP/1.1\r\nHost: " + to.host + "\r\nConnection: close\r\n";
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

const ctx::error& eof() {
    static const ctx::error e("EOF");
    return e;
}
const ctx::error& unexpected_eof() {
    static const ctx::error e("unexpected EOF");
    return e;
}

/// One header block: the status line and the fields.
ctx::error read_head(wire& from, answer& a) {
    std::string block;
    char c = 0;
    while (!block.ends_with("\r\n\r\n")) {
        if (!from.read_all(&c, 1)) {
            if (from.why() == wire::trouble::too_much)
                return ctx::error("net/http: server response headers exceeded " +
                                  std::to_string(most_header_bytes) + " bytes");
            return block.empty() ? eof() : unexpected_eof();
        }
        block.push_back(c);
    }
    std::string_view rest = block;
    const std::string_view first = rest.substr(0, rest.find("\r\n"));
    const auto status = first.size() >= 12 ? parse_length(first.substr(9, 3)) : std::nullopt;
    if (!first.starts_with("HTTP/1.") || !status || (first.size() > 12 && first[12] != ' '))
        return ctx::error("malformed HTTP response \"" + std::string(first.substr(0, 100)) + "\"");
    a.status = static_cast<int>(*status);
    a.headers.clear();
    rest.remove_prefix(first.size() + 2);
    while (rest != "\r\n") {
        const std::string_view line = rest.substr(0, rest.find("\r\n"));
        const std::size_t colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos)
            return ctx::error("malformed MIME header line: " + std::string(line.substr(0, 100)));
        a.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
        rest.remove_prefix(line.size() + 2);
    }
    return {};
}

ctx::error read_body(wire& from, const std::string& method, const cord& line, answer& a) {
    if (method == "HEAD" || a.status == 204 || a.status == 304) return {};
    body_fault f = body_fault::none;
    const std::string* coding = a.header("Transfer-Encoding");
    const std::string* length = a.header("Content-Length");
    if (coding && same_word(*coding, "chunked")) {
        f = read_chunked_body(from, most_body_bytes, a.body);
    } else if (length) {
        const auto n = parse_length(*length);
        if (!n) return ctx::error("bad Content-Length \"" + *length + "\"");
        f = read_sized_body(from, *n, most_body_bytes, a.body);
    } else {
        f = read_rest(from, most_body_bytes, a.body);
        if (line.is_cut()) f = body_fault::cut; // to the reader it looks like the server's end
    }
    switch (f) {
    case body_fault::none:
        return {};
    case body_fault::malformed:
        return ctx::error("malformed chunked encoding");
    case body_fault::too_large:
        return ctx::error("http: response body too large");
    case body_fault::cut:
        break;
    }
    return unexpected_eof();
}

/// Runs the exchange; `head_done` tells in which phase it failed.
ctx::error exchange_on(int fd, const call& what, const url_parts& to, const cord& line, answer& a,
                       bool& head_done) {
    wire w(fd);
    // A server may answer, and close, before it has taken the whole request: its answer counts, not the
    // failed write.
    w.write(written(what, to));
    w.allow(most_header_bytes, wire::never);
    do {
        if (ctx::error e = read_head(w, a)) {
            a.status = 0;
            a.headers.clear();
            return e;
        }
    } while (a.status >= 100 && a.status < 200);
    head_done = true;
    w.allow(SIZE_MAX, wire::never);
    return read_body(w, what.method, line, a);
}

/// What the caller is told, given why the exchange failed and who is to blame.
ctx::error explain(const ctx::context& c, const call& what, const cord& line, ctx::error why,
                   bool head_done) {
    if (c.err()) {
        why = ctx::cause(c);
    } else if (line.timed_out()) {
        why = timeout_error(
            head_done
                ? "context deadline exceeded (Client.Timeout or context cancellation while reading body)"
                : "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            ctx::deadline_exceeded);
    }
    return head_done ? why : url_error(what.method, what.url, why);
}

} // namespace

const std::string* answer::header(std::string_view name) const {
    for (const auto& [n, value] : headers)
        if (same_word(n, name)) return &value;
    return nullptr;
}

answer client::send(const ctx::context& c, const call& what) {
    answer a;
    const auto fail = [&](ctx::error why) {
        a.error = url_error(what.method, what.url, std::move(why));
        return a;
    };
    const url_parts to = parse_url(what.url);
    if (to.error) return fail(to.error);
    if (c.err()) return fail(ctx::cause(c));
    const file_descriptor fd = open_socket(to.address);
    if (!fd) return fail(system_text("dial tcp: socket: ", errno));

    const auto line = std::make_shared<cord>();
    const ctx::chan<ctx::empty> finished(0);
    ctx::recv_chan<ctx::time_point> timeout;
    if (what.timeout) timeout = ctx::after(*what.timeout, ctx::clock_of(c));
    ctx::go(watchers_, hold_scissors, line, c, finished.receiver(), timeout);

    bool head_done = false;
    ctx::error why = connect(fd.get(), *line, to);
    if (!why) why = exchange_on(fd.get(), what, to, *line, a, head_done);
    line->let_go();
    finished.close();
    if (why) a.error = explain(c, what, *line, std::move(why), head_done);
    return a;
}

answer client::get(const ctx::context& c, std::string method, std::string url, std::string body) {
    return send(c, {.method = std::move(method),
                    .url = std::move(url),
                    .body = std::move(body),
                    .headers = {},
                    .timeout = {}});
}

} // namespace net
