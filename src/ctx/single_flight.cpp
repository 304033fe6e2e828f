// SPDX-License-Identifier: MIT
#include "ctx/single_flight.h"

#include "ctx/detail/tree.h"

#include <stdexcept>

namespace ctx::detail {

void start_in_tree_of(const context& c, std::function<void()> f) {
    node_access::get(c)->env().start(std::move(f));
}

scheduler& current_scheduler() {
    scheduler* const s = scheduler::current();
    if (!s) throw std::logic_error("ctx: single_flight::running belongs in a worker; a thread calls run");
    return *s;
}

const error& every_caller_left() {
    static const auto* const instance = new error(wrap("singleflight: every caller has left", canceled));
    return *instance;
}

} // namespace ctx::detail
