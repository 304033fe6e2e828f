// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "ctx/detail/callback.h"

#include <utility>

/// Something that happens when a context is done.
///
///     auto stop = ctx::after_func(c, [&] { connection.shutdown(); });
///     read_all(connection);
///     if (!stop()) ...                                   // it was started: c is done
///
/// The callback runs once, in a thread of its own (or where the tree's scheduler puts it), never inside
/// cancel and never under a lock: it may block, cancel, derive (CTX-142). It needs nobody to keep it alive
/// (CTX-303).
///
/// Thread safety: from any thread. Errors: an exception that leaves the callback ends the process (CHN-061).
namespace ctx {

/// Takes the registration back (Go: the function that AfterFunc returns).
class stop_func {
  public:
    /// Gives false.
    stop_func() noexcept = default;
    stop_func(const stop_func& o) noexcept : node_(o.node_) {
        if (node_) node_->retain();
    }
    stop_func(stop_func&& o) noexcept : node_(std::exchange(o.node_, nullptr)) {}
    stop_func& operator=(stop_func o) noexcept {
        std::swap(node_, o.node_);
        return *this;
    }
    ~stop_func() { detail::node::release(node_); }

    /// True if and only if this call kept the callback from ever running (CTX-143). Does not wait for it
    /// (CTX-145).
    bool operator()() const;
    /// The registration, as a context: for id_of.
    node_id id() const noexcept;

  private:
    friend struct detail::node_access;
    explicit stop_func(detail::node* adopted) noexcept : node_(adopted) {}
    detail::node* node_ = nullptr; // a registration
};

/// Go: context.AfterFunc. If `c` is done already, `f` is started right away (CTX-141); if it can never be,
/// never (CTX-148). `f` is anything that can be called without arguments; it need not be copyable. One
/// allocation, if `f` has at most 48 bytes.
stop_func after_func(const context& c, detail::callback f, call_site where = call_site::current());

} // namespace ctx
