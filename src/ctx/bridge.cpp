// SPDX-License-Identifier: MIT
#include "ctx/bridge.h"

namespace ctx {

stop_bridge::stop_bridge(const context& c, call_site where) : stop_bridge(c, std::stop_source(), where) {}

stop_bridge::stop_bridge(const context& c, std::stop_source source, call_site where)
    : source_(std::move(source)) {
    if (c.err()) {
        source_.request_stop();
        return;
    }
    stop_ = after_func(
        c, [source = source_]() mutable { source.request_stop(); }, where);
}

from_stop_token::from_stop_token(std::stop_token t, const ctx::context& parent, call_site where)
    : made_(with_cancel(parent, where)), where_(where), link_(std::move(t), request{made_.cancel, where}) {}

} // namespace ctx
