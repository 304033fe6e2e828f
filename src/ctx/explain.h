// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

/// Where a context comes from and who ended it, in plain words.
///
///     auto radar = std::make_shared<ctx::lost_cancel_radar>();       // or any other observer
///     ctx::context root = ctx::background({.observer = radar});
///     ...
///     std::puts(ctx::explain(c).c_str());
///     // context.Background.WithCancel.WithCancel, made at handler.cpp:40, is done: context canceled (cause:
///     disk
///     // full). Cancelled by the call at handler.cpp:42 in thread 4711 / worker "poller", 12.3ms after it
///     was made,
///     // on its ancestor 2 levels up, made at server.cpp:17.
///
/// Only trees with an observer keep this; in others explain says what the context itself knows. No error
/// changes by it. Places are those of the calls to with_cancel and its kin, and to the cancel function; for a
/// cancel_guard, where the guard was made.
///
/// Thread safety: everything may be called from any thread. Lifetime: what is given is a copy. Cost: in a
/// tree with an observer about 50 bytes a context and one allocation a cancellation; in others nothing.
namespace ctx {

/// Where and when a context was made.
struct origin {
    node_id id = 0;
    const void* tree = nullptr; ///< ids count from 1 in each tree; this tells trees apart
    call_site where{};          ///< line() is 0 if that is not known
    time_point when{};          ///< on the tree's clock
    friend bool same_context(const origin& a, const origin& b) noexcept {
        return a.id == b.id && a.tree == b.tree;
    }
};

enum class ended_by : std::uint8_t {
    cancel,   ///< a cancel function was called
    deadline, ///< a deadline passed
    followed, ///< a context that it follows was done: its custom parent, or one that it was merged with
};

/// What ended a context, and everything that fell with it.
struct ending {
    ended_by how = ended_by::cancel;
    call_site where{};        ///< cancel: of the call
    std::int64_t thread = 0;  ///< cancel: the system's number, as debuggers show it
    bool main_thread = false; ///< cancel: the one that runs main
    std::string worker;       ///< cancel: `worker "poller"`, `worker 7`; empty outside of a worker
    time_point when{};        ///< on the tree's clock
    origin on;                ///< whose cancel function or deadline it was
    std::shared_ptr<const ending> behind; ///< followed: how the other context ended, if that is known
};

struct provenance {
    std::optional<origin> made;          ///< empty: its tree has no observer
    std::shared_ptr<const ending> ended; ///< null: it is not done, or that was not kept
    /// How far above the context `ended->on` is: 0 itself, 1 its parent; empty if it is not above it.
    std::optional<std::size_t> levels_up;
};

/// What is known, as data. O(depth).
provenance provenance_of(const context& c);

/// The same in words, with what the context says of itself: name, err, cause, deadline. The text is for
/// people: do not take it apart.
std::string explain(const context& c);

} // namespace ctx
