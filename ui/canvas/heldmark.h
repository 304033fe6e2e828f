// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/camera.h"
#include "canvas/treescene.h"

#include <vector>

class QPainter;

/// What a thread that is held inside the library points at: where it stands, and where it can go next.
struct HeldMark {
    lab::id_t context = 0;       ///< 0: nothing
    lab::id_t worker = 0;        ///< whose code it matters to; 0: nobody's
    std::vector<lab::id_t> next; ///< more than one: the seed decides
    friend bool operator==(const HeldMark&, const HeldMark&) = default;
};

/// On the tree: a ring round the card with a tag, and dashed arrows along the edges that come next.
void paintHeld(QPainter& painter, const TreeScene& scene, const Camera& camera, const QSizeF& view,
               const HeldMark& mark);

/// On a lane of the timeline: a pointer at `x`.
void paintHeldPointer(QPainter& painter, const QRectF& row, double x);
