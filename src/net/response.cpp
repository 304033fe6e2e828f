// SPDX-License-Identifier: MIT
#include "net/response.h"

#include "net/flight.h"
#include "net/op_error.h"

#include <utility>

namespace net {

response::response() = default;
response& response::operator=(response&& o) noexcept {
    close();
    status = o.status;
    headers = std::move(o.headers);
    error = std::move(o.error);
    flight_ = std::move(o.flight_);
    context_ = std::move(o.context_);
    timed_ = std::move(o.timed_);
    limit_ = std::exchange(o.limit_, {});
    cancel_ = std::exchange(o.cancel_, {});
    return *this;
}
response::~response() {
    close();
}

const std::string* response::header(std::string_view name) const {
    return header_of(headers, name);
}

read_result response::read(char* into, std::size_t size) {
    if (!flight_) return {0, body_read_after_close};
    read_result r = flight_->read(into, size);
    // The call's own timeout is told from the context's end (HTTP-060).
    if (r.error && r.error != eof && r.error == ctx::cause(timed_) && !context_.err())
        r.error = timeout_error(
            "context deadline exceeded (Client.Timeout or context cancellation while reading body)",
            ctx::deadline_exceeded);
    if (r.error) std::exchange(limit_, {})();
    return r;
}

ctx::error response::read_all(std::string& into) {
    char piece[16384];
    for (;;) {
        const read_result r = read(piece, sizeof piece);
        if (r.error) return r.error == eof ? ctx::error() : r.error;
        into.append(piece, r.count);
    }
}

void response::close() {
    flight_.reset();
    std::exchange(limit_, {})();
    std::exchange(cancel_, {})();
}

} // namespace net
