// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

/// Where the nodes of a forest go, left to right: one column a generation, one row a card.
///
/// Tidy: a parent is centred on its children, subtrees are as close as their outlines allow, equal subtrees
/// look equal. Steady: places depend on the shape alone, so nothing moves when a node's state changes, and a
/// new leaf moves only its ancestors and what is below it. Linear time, no recursion.
struct TreeLayout {
    std::vector<double> row;               ///< by node; the topmost is at 0
    std::vector<int> column;               ///< by node; roots are in 0
    std::vector<std::vector<int>> columns; ///< nodes of each column, top to bottom
    double rows = 0;                       ///< height of the whole picture
};

/// `parents[i]` is the node above i, or -1 for a root. A parent comes before its children, as in order of
/// creation.
TreeLayout layOutTree(std::span<const int> parents);
