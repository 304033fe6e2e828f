// SPDX-License-Identifier: MIT
#include "net/body.h"
#include "net/connection.h"
#include "net/guard.h"
#include "net/refusals.h"

/// The part of a connection that has to do with the request in progress.
namespace net {

ssize_t connection::receive(char* into, std::size_t size) {
    return answered_ ? 0 : wire_.read(into, size);
}

bool connection::send(std::string_view bytes) {
    if (mute_) return true;
    wrote_ = true;
    if (wire_.write(bytes)) return true;
    life_->leave(); // a failed write ends the context too (HTTP-006)
    return false;
}

/// The header is there. What cpp-httplib would do by itself with these is done here or not at all.
void connection::accept(httplib::Request& r) {
    using namespace std::chrono_literals;
    accepted_ = true;
    if (in_.options.write_timeout > 0ms) wire_.write_until(wire::clock::now() + in_.options.write_timeout);
    r.ranges.clear();
    r.headers.erase("Accept-Encoding");
    expects_continue_ = same_word(r.get_header_value("Expect"), "100-continue");
    if (expects_continue_) r.headers.erase("Expect");
}

void connection::answer(const httplib::Request& r, httplib::Response& response, const server::handler& h) {
    answered_ = true;
    std::string whole;
    exchange x(*this, r, response, whole);
    if (const refusal no = check_origin(r, in_.bound); no.status != 0) return reject(x, no.status, no.why);
    body_stream bytes;
    if (const refusal no = frame(r, bytes); no.status != 0) return reject(x, no.status, no.why);
    body_ = open_body(bytes);
    if (in_.options.read_body_first && !read_first(x)) return;
    if (body_->whole()) begin_watch();
    const bool close_after = r.version != "HTTP/1.1" || same_word(r.get_header_value("Connection"), "close");
    writer_.emplace(r, response, close_after, [this](std::string_view bytes_out) { return send(bytes_out); });
    run(x, h);
    if (!streaming_) end_life();
    conclude();
}

void connection::run(exchange& x, const server::handler& h) {
    const auto failed = [&](const char* why) {
        if (writer_->begun())
            abandon(); // the client is to see that this is not all
        else
            x.refuse(500, std::string("internal error: ") + why);
    };
    try {
        h(x);
    } catch (const std::exception& e) {
        failed(e.what());
    } catch (...) {
        failed("an exception that is no std::exception");
    }
}

/// The handler has returned.
void connection::conclude() {
    body_->close();
    if (!body_->whole()) must_close_ = true; // what is left of it would be taken for a request
    {
        const std::lock_guard lock(mutex_);
        if (finishing_) must_close_ = true;
    }
    if (mute_) return;
    if (must_close_) writer_->close_after();
    writer_->finish();
    if (!writer_->begun()) return;
    mute_ = true;
    must_close_ = must_close_ || writer_->must_close();
}

void connection::reject(exchange& x, int status, std::string_view why) {
    must_close_ = true;
    x.refuse(status, why);
}

/// How the body is framed; a status if it may not be.
refusal connection::frame(const httplib::Request& r, body_stream& s) {
    const std::size_t lengths = r.get_header_value_count("Content-Length");
    const std::size_t codings = r.get_header_value_count("Transfer-Encoding");
    if (lengths + codings == 0) return {};
    if (lengths + codings > 1)
        return {400, "Content-Length, Transfer-Encoding: expected one of the two, once"};
    const auto size = parse_length(r.get_header_value("Content-Length"));
    if (lengths == 1 && !size) return {400, "Content-Length: expected a number of bytes"};
    if (codings == 1 && !same_word(r.get_header_value("Transfer-Encoding"), "chunked"))
        return {400, "Transfer-Encoding: expected chunked"};
    const std::size_t most = in_.options.max_body;
    if (size && *size > most) return {413, "body: larger than " + std::to_string(most) + " bytes"};
    s = size ? body_stream::sized(wire_, *size, most) : body_stream::chunked(wire_, most);
    return {};
}

std::shared_ptr<request_body> connection::open_body(const body_stream& s) {
    return std::make_shared<request_body>(wire_, s,
                                          request_body::hooks{
                                              .begin =
                                                  [this] {
                                                      if (expects_continue_)
                                                          wire_.write("HTTP/1.1 100 Continue\r\n\r\n");
                                                      // Framing costs: many small chunks are several times
                                                      // their content.
                                                      wire_.allow(in_.options.max_body * 8 +
                                                                      in_.options.max_header,
                                                                  begun_ + in_.options.read_timeout);
                                                  },
                                              .whole = [this] { begin_watch(); },
                                              .failed = [life = life_] { life->leave(); },
                                          });
}

bool connection::read_first(exchange& x) {
    const ctx::error e = x.read_body();
    if (!e) return true;
    const std::string too_large = "body: larger than " + std::to_string(in_.options.max_body) + " bytes";
    switch (body_->fault()) {
    case body_fault::malformed:
        reject(x, 400, "body: malformed chunked encoding");
        break;
    case body_fault::too_large:
        reject(x, 413, too_large);
        break;
    default:
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

ctx::error connection::write(std::string_view bytes) {
    if (is_hijacked()) return already_hijacked;
    return writer_->write(bytes) ? ctx::error() : wire_.write_error();
}

ctx::error connection::flush() {
    if (is_hijacked()) return already_hijacked;
    return writer_->flush() ? ctx::error() : wire_.write_error();
}

hijacked connection::hijack() {
    if (is_hijacked()) return {.fd = {}, .buffered = {}, .error = already_hijacked};
    end_watch();
    body_->close();
    net::hijacked all;
    all.buffered = wire_.unread();
    {
        const std::lock_guard lock(mutex_);
        all.fd = std::move(fd_);
        hijacked_ = true;
    }
    abandon();
    in_.hijacked();
    return all;
}

ctx::error connection::begin_stream() {
    streaming_ = true;
    return {};
}

/// Gives an error that cpp-httplib found by itself its text. False if it is ours.
bool connection::complete_error(const httplib::Request& r, httplib::Response& response) {
    if (answered_) return false;
    refusal no = trouble_with_request(r, response.status);
    if (!accepted_) {
        must_close_ = true;
        if (refusal better = trouble_with_header(wire_.why(), false); better.status != 0)
            no = std::move(better);
    }
    response.status = no.status;
    response.set_content(error_json(no.why), "application/json");
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
