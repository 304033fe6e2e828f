// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"

/// Contexts that end by themselves.
///
///     auto [c, cancel] = ctx::with_timeout(parent, 2s);
///     ctx::cancel_guard stop(cancel);                    // gives the timer back early (TEACH-004)
///     fetch(c);
///     if (c.err() == ctx::deadline_exceeded) ...
///
/// Under a parent whose deadline is earlier the result is a plain with_cancel of it, and a cause given is
/// dropped (CTX-082). A deadline that is not in the future gives a context that is born done (CTX-085). It
/// never fires early (CTX-080).
///
/// Thread safety, lifetime: as with_cancel. Errors: none; the largest and smallest times are legal (CTX-091,
/// CTX-102).
namespace ctx {

/// Go: context.WithDeadline. `d` is on the clock of the parent's tree.
cancelable with_deadline(const context& parent, time_point d, call_site where = call_site::current());
/// A wall-clock deadline: its distance from now is taken once (CTX-090).
cancelable with_deadline(const context& parent, system_time d, call_site where = call_site::current());
/// Go: context.WithDeadlineCause. The cause counts only if time runs out (CTX-087).
cancelable with_deadline_cause(const context& parent, time_point d, error cause,
                               call_site where = call_site::current());
cancelable with_deadline_cause(const context& parent, system_time d, error cause,
                               call_site where = call_site::current());

/// Go: context.WithTimeout: with_deadline at now + t (CTX-100). Zero and negative: born done (CTX-101).
cancelable with_timeout(const context& parent, duration t, call_site where = call_site::current());
/// Go: context.WithTimeoutCause.
cancelable with_timeout_cause(const context& parent, duration t, error cause,
                              call_site where = call_site::current());

} // namespace ctx
