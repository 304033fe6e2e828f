// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/call_site.h"
#include "ctx/clock.h"
#include "ctx/error.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// Hooks at everything that happens to the contexts of a tree.
///
///     struct counter : ctx::observer {
///         void done(ctx::node_id, const ctx::error&, const ctx::error&, ctx::node_id) override { ++ended; }
///         std::atomic<int> ended = 0;
///     };
///     auto count = std::make_shared<counter>();
///     ctx::context root = ctx::background({.observer = count});
///
/// Hooks are called by the thread that acts, without any lock of the library, and may hold it as long as they
/// like: other threads go on reading, deriving and cancelling elsewhere, and only those that must wait for
/// the held propagation wait. A hook may read contexts and derive from them. A cancel called in a hook of a
/// propagation waits for no other propagation: two threads in hooks could wait for each other.
///
/// Thread safety: hooks are called from many threads at once.
/// Cost: a tree without an observer pays one predictable branch; contexts get an id only when there is one.
namespace ctx {

/// Names a context of an observed tree, counted from 1 (its root). 0: none, or not observed.
using node_id = std::uint64_t;

/// The function by which a context was asked for. WithDeadline below an earlier deadline makes a plain cancel
/// node (CTX-082): `asked` still says with_deadline, `deadline` is empty, and `own_string` is ".WithCancel".
enum class made_by : std::uint8_t {
    background,
    todo,
    with_cancel,
    with_cancel_cause,
    with_deadline,
    with_deadline_cause,
    with_timeout,
    with_timeout_cause,
    with_value,
    without_cancel,
    after_func,
    custom,
};

struct creation {
    node_id id = 0;
    node_id parent = 0;
    made_by asked = made_by::background;
    bool born_done = false;
    std::optional<time_point> deadline; ///< it has a timer of its own
    std::string own_string;             ///< its own part of the printed form
    std::string key, value;             ///< with_value, as the printed form shows them
    call_site where{};                  ///< of the call that made it; line() is 0 if that is not known
};

class observer {
  public:
    virtual ~observer() = default;

    virtual void created(const creation&) {}
    /// A cancel function was called, before anything changed. Also when the context is done already.
    virtual void cancel_called(node_id, const error& /*cause*/) {}
    /// The same with the place of the call. The library calls this one.
    virtual void cancel_called_at(node_id id, const error& cause, const call_site& /*where*/) {
        cancel_called(id, cause);
    }
    virtual void deadline_expired(node_id) {}
    /// The propagation has arrived at a registered child.
    virtual void visiting(node_id /*parent*/, node_id /*child*/) {}
    /// The same with the child's place, from 1, among all that were registered when the parent ended. The
    /// library calls this one.
    virtual void visiting_nth(node_id parent, node_id child, std::size_t /*nth*/, std::size_t /*of*/) {
        visiting(parent, child);
    }
    /// Err and cause are set and Done is closed, which is one step; waiters are woken next. `by` began the
    /// propagation.
    virtual void done(node_id, const error& /*err*/, const error& /*cause*/, node_id /*by*/) {}
    /// The same with the number of those who wait. The library calls this one.
    virtual void done_with(node_id id, const error& err, const error& cause, node_id by,
                           std::size_t /*waiters*/) {
        done(id, err, cause, by);
    }
    /// Those who waited for Done have been told.
    virtual void woken(node_id, std::size_t /*waiters*/) {}
    /// A cancellation, begun at `by`, has come to a context that is done already, and changes nothing there.
    /// `waits`: another thread's is still on its way below, and is waited for next.
    virtual void found_done(node_id, node_id /*by*/, bool /*waits*/) {}
    /// The whole subtree is done; `count` contexts were cancelled.
    virtual void wave_finished(node_id /*root*/, std::size_t /*count*/) {}
    /// No longer registered with `parent`.
    virtual void detached(node_id, node_id /*parent*/) {}
    virtual void timer_stopped(node_id) {}
    /// The callback of an after_func is about to be started.
    virtual void after_func_started(node_id) {}
    /// A registration was taken back by its stop function.
    virtual void after_func_stopped(node_id) {}
    /// The last reference is gone. The id is never used again.
    virtual void dropped(node_id) {}
    /// A search for a value that began at `from` has come to `at`; `found`: it ends here.
    virtual void value_asked(node_id /*at*/, node_id /*from*/, const std::string& /*key*/, bool /*found*/) {}
    /// `path`: every context that was asked, in order; when found, the last one answered.
    virtual void value_looked_up(node_id, const std::string& /*key*/, bool /*found*/,
                                 const std::string& /*value*/, std::span<const node_id> /*path*/) {}
};

} // namespace ctx
