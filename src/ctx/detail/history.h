// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/explain.h"

namespace ctx::detail {

/// What stands in front of a node of an observed tree, in the same piece of memory.
struct history {
    origin made;
    std::shared_ptr<const ending> ended; // written once, before the node's done_; read after it
    // Of its children, when it has ended: how many there were, and how many the propagation has visited.
    // For the thread that walks its list.
    std::uint32_t children = 0;
    std::uint32_t visited = 0;
};

inline constexpr std::size_t history_room =
    (sizeof(history) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

/// What makes a node done.
struct trigger {
    ended_by how = ended_by::cancel;
    const call_site* where = nullptr;
    const context* followed = nullptr;
};

/// What a propagation tells each node that it ends.
struct wave {
    node_id by = 0;
    std::shared_ptr<const ending> how; // null: nobody observes the node where it began
};

} // namespace ctx::detail
