// SPDX-License-Identifier: MIT
#include "ctx/detail/history.h"

#include "ctx/detail/tree.h"
#include "ctx/scheduler.h"

#include <unistd.h>

/// What is kept of an observed context: how it ended.
namespace ctx::detail {

wave cancel_node::begin_wave(const trigger& by) {
    const history* const h = kept();
    if (!h || is_done()) return {};
    auto e = std::make_shared<ending>();
    e->how = by.how;
    e->when = env().time().now();
    e->on = h->made;
    if (by.where) e->where = *by.where;
    if (by.how == ended_by::cancel) {
        e->thread = ::gettid();
        e->main_thread = e->thread == ::getpid();
        e->worker = running_worker_text();
    }
    if (by.followed) e->behind = provenance_of(*by.followed).ended;
    return {h->made.id, std::move(e)};
}

void cancel_node::keep_ending(const wave& w) noexcept {
    if (history* const h = kept()) h->ended = w.how;
}

} // namespace ctx::detail
