// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/marks.h"
#include "sessionmodel.h"

#include <QString>

#include <vector>

/// One line of the timeline. Only ids; what it shows is looked up when it is drawn.
struct Lane {
    Selection thing;
    lab::id_t context = 0; ///< its own, or the one it works for
    int indent = 0;
    bool first = false; ///< of a group: a context or request with its workers
};

/// Contexts that own a Done (as requests, where they belong to one) in the order of the tree, each followed
/// by its workers. Other contexts appear only if they have workers.
std::vector<Lane> makeLanes(const lab::state& s);

struct LaneLabel {
    Badge badge;
    QString name;
    QString id; ///< "w12", "#7"
};
LaneLabel laneLabel(const lab::state& s, const Lane& lane);

/// A vertical line through all lanes: somebody cancelled something.
struct CancelMark {
    lab::lab_time at{};
    lab::id_t context = 0;
    bool deadline = false; ///< nobody called: its time ran out
};

/// Roots of propagations, in time order.
std::vector<CancelMark> cancelMarks(const lab::state& s);
