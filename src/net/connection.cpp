// SPDX-License-Identifier: MIT
#include "net/connection.h"

#include "net/body.h"
#include "net/engine.h"
#include "net/guard.h"

#include <sys/socket.h>

namespace net {
namespace {

// As cpp-httplib's own limits of a line, a little less: a line that is too long is told apart from one that
// is malformed.
constexpr std::size_t longest_line = 8000;

wire::clock::time_point in(std::chrono::milliseconds d) {
    return wire::clock::now() + d;
}

/// What to say about a header that did not arrive whole; 0 for a peer that is gone.
refusal trouble_with_header(wire::trouble t, bool first_line) {
    switch (t) {
    case wire::trouble::late:
        return {408, "the request header did not arrive in time"};
    case wire::trouble::too_much:
        return {431, "the request header is too large"};
    case wire::trouble::line_too_long:
        if (first_line)
            return {414, "the request target is longer than " + std::to_string(longest_line) + " bytes"};
        return {431, "a header line is longer than " + std::to_string(longest_line) + " bytes"};
    default:
        return {};
    }
}

std::string short_answer(int status, std::string_view reason, std::string_view why) {
    const std::string body = error_json(why);
    return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason) +
           "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string_view reason_of(int status) {
    switch (status) {
    case 408:
        return "Request Timeout";
    case 414:
        return "URI Too Long";
    case 429:
        return "Too Many Requests";
    default:
        return "Request Header Fields Too Large";
    }
}

std::string describe(int status) {
    switch (status) {
    case 400:
        return "malformed request: expected an HTTP/1.1 request line and headers";
    case 414:
        return "the request target is too long";
    case 416:
        return "Range: not understood";
    default:
        return "internal error";
    }
}

} // namespace

void request_life::leave() {
    std::function<void()> tell;
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
        left_.store(true, std::memory_order_release);
        tell = std::exchange(tell_left_, {});
    }
    made_.cancel();
    if (tell) tell();
}

void request_life::end() {
    std::function<void()> dropped; // after the lock
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        dropped = std::exchange(tell_left_, {});
    }
    made_.cancel();
}

void request_life::on_left(std::function<void()> f) {
    {
        const std::lock_guard lock(mutex_);
        if (!left()) {
            if (!ended_) tell_left_ = std::move(f);
            return;
        }
    }
    f();
}

connection::connection(file_descriptor fd, endpoint bound, const server_options& limits, watcher& leaving)
    : limits_(limits), watcher_(leaving), bound_(std::move(bound)), fd_(std::move(fd)),
      peer_(remote_end(fd_.get()).text()), wire_(fd_.get()) {}

void connection::serve(engine& by) {
    while (wire_.wait_for_data(in(limits_.idle_time)) && serve_one(by)) {
    }
    if (must_close_ && !wire_.broken()) wire_.linger();
    close();
}

/// False: the connection is to be closed.
bool connection::serve_one(engine& by) {
    accepted_ = answered_ = wrote_ = abandoned_ = streaming_ = false;
    begin_life();
    wire_.allow(limits_.max_header, in(limits_.header_time), longest_line);
    bool closed = false;
    const bool ok = by.process(*this, closed);
    end_life();
    if (!accepted_) must_close_ = true;
    if (!ok && !wrote_) {
        if (const refusal r = trouble_with_header(wire_.why(), true); r.status != 0)
            wire_.write(short_answer(r.status, reason_of(r.status), r.why));
    }
    return ok && !closed && !must_close_ && !abandoned_ && !wire_.broken();
}

void connection::turn_away(int limit) {
    using namespace std::chrono_literals;
    wire_.allow(limits_.max_header, in(1s));
    char c = 0;
    for (int newlines = 0; newlines < 2 && wire_.read(&c, 1) == 1;)
        if (c != '\r') newlines = c == '\n' ? newlines + 1 : 0;
    wire_.write(short_answer(429, reason_of(429), "too many connections: at most " + std::to_string(limit)));
    wire_.linger();
    close();
}

void connection::interrupt() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    if (life_) life_->end();
    if (fd_) ::shutdown(fd_.get(), SHUT_RD);
}

void connection::cut() {
    const std::lock_guard lock(mutex_);
    if (fd_) ::shutdown(fd_.get(), SHUT_RDWR);
}

void connection::close() {
    const std::lock_guard lock(mutex_);
    fd_ = file_descriptor();
}

void connection::begin_life() {
    auto life = std::make_shared<request_life>();
    const std::lock_guard lock(mutex_);
    life_ = std::move(life);
    if (interrupted_) life_->end();
}

void connection::end_life() {
    if (watch_) watcher_.forget(*watch_);
    watch_.reset();
    life_->end();
}

ssize_t connection::read(char* into, std::size_t size) {
    return answered_ ? 0 : wire_.read(into, size);
}

bool connection::write(std::string_view bytes) {
    if (abandoned_) return true;
    wrote_ = true;
    if (wire_.write(bytes)) return true;
    life_->leave(); // a failed write ends the context too (HTTP-006)
    return false;
}

/// The header is there. What cpp-httplib would do by itself with these is done here or not at all.
void connection::accept(httplib::Request& r) {
    accepted_ = true;
    r.ranges.clear();
    r.headers.erase("Accept-Encoding");
    if (same_word(r.get_header_value("Expect"), "100-continue")) {
        r.headers.erase("Expect");
        r.set_header("Ctxlab-Expects", "100-continue");
    }
}

void connection::answer(const httplib::Request& r, httplib::Response& response, const server::handler& h) {
    answered_ = true;
    exchange x(*this, r, response);
    if (const refusal no = check_origin(r, bound_); no.status != 0) return reject(x, no.status, no.why);
    if (!read_body(x)) return;
    watch_ = watcher_.watch(fd_.get(), [life = life_] { life->leave(); });
    try {
        h(x);
    } catch (const std::exception& e) {
        x.refuse(500, std::string("internal error: ") + e.what());
    }
    if (!streaming_) end_life();
}

void connection::reject(exchange& x, int status, std::string_view why) {
    must_close_ = true;
    x.refuse(status, why);
}

bool connection::read_body(exchange& x) {
    const httplib::Request& r = x.request;
    const std::size_t lengths = r.get_header_value_count("Content-Length");
    const std::size_t codings = r.get_header_value_count("Transfer-Encoding");
    if (lengths + codings == 0) return true;
    if (lengths + codings > 1)
        return reject(x, 400, "Content-Length, Transfer-Encoding: expected one of the two, once"), false;
    const auto size = parse_length(r.get_header_value("Content-Length"));
    if (lengths == 1 && !size) return reject(x, 400, "Content-Length: expected a number of bytes"), false;
    if (codings == 1 && !same_word(r.get_header_value("Transfer-Encoding"), "chunked"))
        return reject(x, 400, "Transfer-Encoding: expected chunked"), false;

    const std::string too_large = "body: larger than " + std::to_string(limits_.max_body) + " bytes";
    if (size && *size > limits_.max_body) return reject(x, 413, too_large), false;
    if (r.has_header("Ctxlab-Expects")) wire_.write("HTTP/1.1 100 Continue\r\n\r\n");
    // Framing costs: many small chunks are several times their content.
    wire_.allow(limits_.max_body * 8 + limits_.max_header, in(limits_.body_time));
    const body_fault f = size ? read_sized_body(wire_, *size, limits_.max_body, x.body)
                              : read_chunked_body(wire_, limits_.max_body, x.body);
    switch (f) {
    case body_fault::none:
        return true;
    case body_fault::malformed:
        reject(x, 400, "body: malformed chunked encoding");
        break;
    case body_fault::too_large:
        reject(x, 413, too_large);
        break;
    case body_fault::cut:
        if (wire_.why() == wire::trouble::late)
            reject(x, 408, "body: it did not arrive in time");
        else if (wire_.why() == wire::trouble::too_much)
            reject(x, 413, too_large);
        else
            reject(x, 400, "body: it ended before its length");
        break;
    }
    return false;
}

/// Gives an error that cpp-httplib found by itself its text. False if it has one.
bool connection::complete_error(httplib::Response& r) {
    if (!r.body.empty()) return false;
    std::string why = describe(r.status);
    if (!accepted_) {
        must_close_ = true;
        if (const refusal better = trouble_with_header(wire_.why(), false); better.status != 0) {
            r.status = better.status;
            why = better.why;
        }
    }
    r.set_content(error_json(why), "application/json");
    return true;
}

/// The last touch before the header is written.
void connection::polish(httplib::Response& r) const {
    if (!must_close_) return;
    r.headers.erase("Keep-Alive");
    r.headers.erase("Connection");
    r.set_header("Connection", "close");
}

} // namespace net
