// SPDX-License-Identifier: MIT
#include "net/request_body.h"

#include <utility>

namespace net {

read_result request_body::read(char* into, std::size_t size) {
    const std::lock_guard lock(mutex_);
    if (!from_) return {0, body_read_after_close};
    if (error_) return {0, error_};
    if (whole_) return {0, eof};
    if (!std::exchange(begun_, true)) hooks_.begin();
    if (size == 0) return {};
    const std::size_t n = bytes_.read(into, size);
    // The end is told with the last bytes: whoever has read them all is watched from then on.
    if (bytes_.ended()) {
        whole_ = true;
        hooks_.whole();
    } else if (bytes_.fault() != body_fault::none) {
        error_ = explain();
        if (bytes_.fault() == body_fault::cut) hooks_.failed();
    }
    if (n > 0) return {n, {}};
    return {0, whole_ ? eof : error_};
}

ctx::error request_body::explain() const {
    switch (bytes_.fault()) {
    case body_fault::malformed:
        return ctx::error("malformed chunked encoding");
    case body_fault::too_large:
        return ctx::error("http: request body too large");
    default:
        break;
    }
    if (from_->why() == wire::trouble::too_much) return ctx::error("http: request body too large");
    const ctx::error e = from_->read_error();
    return e ? e : unexpected_eof;
}

void request_body::close() {
    const std::lock_guard lock(mutex_);
    from_ = nullptr;
    hooks_ = {};
}

bool request_body::whole() const {
    const std::lock_guard lock(mutex_);
    return whole_;
}

body_fault request_body::fault() const {
    const std::lock_guard lock(mutex_);
    return bytes_.fault();
}

} // namespace net
