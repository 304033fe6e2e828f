// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"

/// One context out of two: done with whichever of them is done first.
///
///     ctx::context serve(const ctx::context& request, const ctx::context& shutdown) {
///         auto [c, cancel] = ctx::merge(request, shutdown);      // request's values
///         ctx::cancel_guard stop(cancel);
///         answer(c);
///         log(ctx::cause(c).text());                     // "client left", "server stops", ...
///     }
///
/// Go has no function for it, but an example (ExampleAfterFunc_merge). As there, values come from the first
/// and the cause from whichever was done first. Two things differ, so that the result behaves like a child of
/// both: its deadline is the earlier one, and its err is that of the context that ended it. So it is
/// deadline_exceeded if the second one's deadline passed, where the example in Go says Canceled; and
/// `canceled` if it was cancelled, or by the cancel function given here.
///
/// The end of `a` arrives before the cancel of `a` returns. That of `b` arrives a moment later, from where
/// the tree of `b` runs its callbacks, as in Go.
///
/// Thread safety: as with_cancel. Lifetime: it keeps both alive, and is not registered with `b` any more once
/// it is done or nobody refers to it. Errors: none.
namespace ctx {

/// `b`'s deadline counts only if both live on the same clock.
cause_cancelable merge(const context& a, const context& b, call_site where = call_site::current());

} // namespace ctx
