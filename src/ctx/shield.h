// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/deadline.h"

/// A context for cleaning up after another one, which may be done already.
///
///     void serve(const ctx::context& request) {
///         ...
///         auto [clean_up, cancel] = ctx::shield(request, 5s);    // also when the request was cancelled
///         ctx::cancel_guard stop(cancel);
///         transaction.roll_back(clean_up);
///     }
///
/// Thread safety, lifetime, errors: as with_timeout (deadline.h).
namespace ctx {

/// The values of `parent` without its cancellation and its deadline, for at most `t`: without_cancel and then
/// with_timeout (CTX-130, CTX-100). Zero and negative: born done.
[[nodiscard]] inline cancelable shield(const context& parent, duration t,
                                       call_site where = call_site::current()) {
    return with_timeout(without_cancel(parent, where), t, where);
}

} // namespace ctx
