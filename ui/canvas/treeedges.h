// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/camera.h"
#include "canvas/treescene.h"

#include <QLineF>
#include <QList>
#include <QPainterPath>

#include <vector>

/// The edge from `child`'s parent to it, in view coordinates. A polyline: Qt's stroker is an order of
/// magnitude slower on curves. Of an edge much longer than the view is high, only the part near the view.
QPainterPath edgePath(const TreeScene& scene, const Camera& camera, double viewHeight, int child);

/// The same as a straight line, for where nobody could tell it from a curve.
QLineF plainEdge(const TreeScene& scene, const Camera& camera, int child);

/// Edges of one look, to be stroked together.
struct EdgeLines {
    std::vector<QPainterPath> curves; ///< in pieces: what a path costs grows faster than the path
    QList<QLineF> plain;

    void add(const QPainterPath& curve);
};

/// Of a thousand edges that run through the whole view from card to card far outside of it, or from one card
/// in it to cards far above or below, a few dozen are drawn: the others would lie on the same pixels.
class LongEdges {
  public:
    explicit LongEdges(double viewHeight) : m_height(viewHeight) {}
    bool isRepeated(const TreeScene& scene, const Camera& camera, int child);

  private:
    bool isSame(int from, int place, bool down);

    double m_height;
    int m_from = -1, m_place = 0; ///< of the last one that was not
    bool m_down = false;
};
