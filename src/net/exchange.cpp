// SPDX-License-Identifier: MIT
#include "net/exchange.h"

#include "net/request_body.h"
#include "net/request_life.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace net {

exchange::exchange(const exchange& of, ctx::context c, std::shared_ptr<const httplib::Request> own)
    : request(own ? *own : of.request), response(of.response), body(of.body), to_(of.to_),
      own_request_(own ? std::move(own) : of.own_request_), own_context_(std::move(c)) {}

exchange exchange::with_context(ctx::context c) const {
    return {*this, std::move(c), nullptr};
}
exchange exchange::clone(ctx::context c) const {
    return {*this, std::move(c), std::make_shared<const httplib::Request>(request)};
}

const ctx::context& exchange::context() const {
    return own_context_ ? *own_context_ : to_.context();
}
const std::string& exchange::peer() const {
    return to_.peer();
}
void exchange::on_client_left(std::function<void()> left) {
    to_.life()->on_left(std::move(left));
}
bool exchange::client_left() const {
    return to_.life()->left();
}
void exchange::abandon() {
    to_.abandon();
}

read_result exchange::read(char* into, std::size_t size) {
    return to_.body()->read(into, size);
}

ctx::error exchange::read_body() {
    char piece[16384];
    for (;;) {
        const read_result r = read(piece, sizeof piece);
        if (r.error) return r.error == eof ? ctx::error() : r.error;
        body.append(piece, r.count);
    }
}

ctx::error exchange::write(std::string_view bytes) {
    return to_.write(bytes);
}
ctx::error exchange::flush() {
    return to_.flush();
}
hijacked exchange::hijack() {
    return to_.hijack();
}

void exchange::answer(int status, std::string_view text, const char* content_type) {
    response.status = status;
    response.set_content(std::string(text), content_type);
}

void exchange::answer_json(int status, const std::string& json) {
    answer(status, json, "application/json");
}

void exchange::refuse(int status, std::string_view why) {
    answer_json(status, error_json(why));
}

void exchange::stream(const char* content_type, std::function<bool(httplib::DataSink&)> more) {
    if (const ctx::error e = to_.begin_stream()) throw std::logic_error("stream: " + e.text());
    response.status = 200;
    response.set_chunked_content_provider(
        content_type, [more = std::move(more)](size_t, httplib::DataSink& sink) { return more(sink); });
}

std::string error_json(std::string_view why) {
    const nlohmann::json j{{"error", std::string(why)}};
    return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace net
