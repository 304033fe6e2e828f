// SPDX-License-Identifier: MIT
#include "ctx/bridge.h"

namespace ctx {

stop_bridge::stop_bridge(const context& c) : stop_bridge(c, std::stop_source()) {}

stop_bridge::stop_bridge(const context& c, std::stop_source source) : source_(std::move(source)) {
    if (c.err()) {
        source_.request_stop();
        return;
    }
    stop_ = after_func(c, [source = source_]() mutable { source.request_stop(); });
}

from_stop_token::from_stop_token(std::stop_token t, const ctx::context& parent)
    : made_(with_cancel(parent)), link_(std::move(t), made_.cancel) {}

} // namespace ctx
