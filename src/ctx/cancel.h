// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

/// Contexts that can be cancelled.
///
///     auto [c, cancel] = ctx::with_cancel(parent);
///     ctx::cancel_guard stop(cancel);                    // defer cancel()
///     ctx::go(pool, work, c);
///     ...
///     cancel();                                          // c and everything below it is done when this
///     returns
///
/// Thread safety: a cancel function may be called any number of times, from any thread, also long after
/// (CTX-032). Errors: none; only the first cancellation from any source has an effect. Lifetime: a cancel
/// function keeps its context alive; dropping it cancels nothing (CTX-038).
namespace ctx {

/// What with_cancel, with_deadline and with_timeout give beside the context (Go: CancelFunc).
class cancel_func {
  public:
    /// Does nothing.
    cancel_func() noexcept = default;
    cancel_func(const cancel_func& o) noexcept : node_(o.node_) {
        if (node_) node_->retain();
    }
    cancel_func(cancel_func&& o) noexcept : node_(std::exchange(o.node_, nullptr)) {}
    cancel_func& operator=(cancel_func o) noexcept {
        std::swap(node_, o.node_);
        return *this;
    }
    ~cancel_func() { detail::node::release(node_); }

    /// Makes the context and everything below it done with `canceled`. When it returns, that has happened,
    /// also if another thread was first (CTX-190). Does not wait for the work to stop (CTX-033).
    /// `where` is for observers.
    void operator()(call_site where = call_site::current()) const;

  protected:
    friend struct detail::node_access;
    template <class>
    friend struct cancelable_by;
    explicit cancel_func(detail::node* adopted) noexcept : node_(adopted) {}
    detail::node* node_ = nullptr; // a cancel node
};

/// What with_cancel_cause gives (Go: CancelCauseFunc).
class cancel_cause_func : public cancel_func {
  public:
    using cancel_func::cancel_func;
    /// As cancel_func; `cause` is what cause(c) gives then. The empty error: canceled (CTX-050, CTX-051).
    void operator()(const error& cause = {}, call_site where = call_site::current()) const;
};

/// A new context and what cancels it; taken apart with `auto [c, cancel] = ...`.
template <class F>
struct [[nodiscard("whoever makes the context cancels it: auto [c, cancel] = ...")]] cancelable_by {
    ctx::context context;
    F cancel;

    /// Background, and what does nothing.
    cancelable_by() noexcept = default;
    cancelable_by(ctx::context c, F f) noexcept : context(std::move(c)), cancel(std::move(f)) {}
    cancelable_by(const cancelable_by&) = default;
    cancelable_by(cancelable_by &&) = default;
    cancelable_by& operator=(const cancelable_by&) = default;
    cancelable_by& operator=(cancelable_by&&) = default;
    /// Both go at once if they are still together.
    ~cancelable_by() {
        if (context.node_ != cancel.node_) return;
        context.node_ = &detail::background_root;
        detail::node::release_two(std::exchange(cancel.node_, nullptr));
    }
};

using cancelable = cancelable_by<cancel_func>;
using cause_cancelable = cancelable_by<cancel_cause_func>;

/// Go: context.WithCancel. One allocation. CTX-030
cancelable with_cancel(const context& parent, call_site where = call_site::current());
/// Go: context.WithCancelCause. CTX-050
cause_cancelable with_cancel_cause(const context& parent, call_site where = call_site::current());

/// Calls a cancel function at the end of the scope: Go's `defer cancel()`.
class [[nodiscard]] cancel_guard {
  public:
    [[nodiscard("a guard without a name cancels at once")]] explicit cancel_guard(
        cancel_func f, call_site where = call_site::current()) noexcept
        : cancel_(std::move(f)), where_(where) {}
    cancel_guard(cancel_guard&& o) noexcept : cancel_(std::exchange(o.cancel_, {})), where_(o.where_) {}
    cancel_guard& operator=(cancel_guard&&) = delete;
    ~cancel_guard() { cancel_(where_); }

    /// Gives the duty back to the caller.
    cancel_func release() noexcept { return std::exchange(cancel_, {}); }

  private:
    cancel_func cancel_;
    call_site where_; // of the guard: what an observer is told
};

} // namespace ctx
