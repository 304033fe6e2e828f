// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/camera.h"
#include "canvas/treescene.h"

#include <QPainterPath>

/// The edge from `child`'s parent to it, in view coordinates. A polyline: Qt's stroker is an order of
/// magnitude slower on curves. Of an edge much longer than the view is high, only the part near the view.
QPainterPath edgePath(const TreeScene& scene, const Camera& camera, double viewHeight, int child);

/// Of a thousand edges that run through the whole view from card to card far outside of it, a few dozen are
/// drawn: the others would lie on the same pixels.
class LongEdges {
  public:
    explicit LongEdges(double viewHeight) : m_height(viewHeight) {}
    bool isRepeated(const TreeScene& scene, const Camera& camera, int child);

  private:
    double m_height;
    int m_column = -1, m_part = 0;
    bool m_down = false;
};
