// SPDX-License-Identifier: MIT
#include "net/timeout_writer.h"

namespace net {

timeout_writer::timeout_writer(const exchange& around, ctx::context c)
    : request_(around.request), peer_(around.peer()), life_(around.to_.life()), body_(around.to_.body()),
      all_(around.body), context_(std::move(c)) {}

void timeout_writer::run(const std::function<void(exchange&)>& h) {
    exchange x(*this, request_, response_, all_);
    try {
        h(x);
    } catch (...) {
        thrown_ = std::current_exception();
    }
    in_time_ = thrown_ || !context_.err();
    done_.close();
}

ctx::error timeout_writer::write(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (!refused_) buffer_ += bytes;
    return refused_;
}

void timeout_writer::refuse(const ctx::error& why) {
    const std::lock_guard lock(mutex_);
    refused_ = why;
}

void timeout_writer::deliver(exchange& x) {
    if (thrown_) std::rethrow_exception(thrown_);
    if (abandoned_) return x.abandon();
    x.response.status = response_.status;
    x.response.body = std::move(response_.body);
    x.response.headers.merge(response_.headers);
    const std::lock_guard lock(mutex_);
    if (!buffer_.empty()) x.write(buffer_);
}

} // namespace net
