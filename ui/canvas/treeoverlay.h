// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/camera.h"
#include "canvas/treemotion.h"
#include "canvas/treescene.h"

#include <QPixmap>

class QPainter;

/// What lies over the tree and does not scroll: path to the selection, legend, news of the last wave,
/// minimap, zoom control, and the hint on an empty tree.
class TreeOverlay {
  public:
    enum class Part { Nothing, ZoomOut, ZoomReset, ZoomIn, Fit, Minimap };

    struct View {
        Camera camera;
        QSizeF size;
        qreal devicePixelRatio = 1;
        lab::id_t selected = 0;
        qint64 now = 0;
        Part hovered = Part::Nothing;
    };

    void paint(QPainter& painter, const TreeScene& scene, const TreeMotion& motion, const View& view);
    /// The minimap is drawn again at its next painting.
    void forgetMinimap() { m_minimap = QPixmap(); }

    Part partAt(const QPointF& point, const TreeScene& scene, const Camera& camera, const QSizeF& size) const;
    /// The place of the scene that a point of the minimap stands for.
    QPointF minimapToScene(const QPointF& point, const TreeScene& scene, const QSizeF& size) const;

  private:
    static QRectF zoomBox(const QSizeF& size);
    static QRectF zoomCell(const QSizeF& size, int cell);
    static QRectF minimapBox(const TreeScene& scene, const QSizeF& size);
    static Camera minimapCamera(const TreeScene& scene, const QRectF& box);
    static bool needsMinimap(const TreeScene& scene, const Camera& camera, const QSizeF& size);

    double paintPath(QPainter& painter, const TreeScene& scene, const View& view);
    void paintLegend(QPainter& painter, const View& view, double freeFrom);
    void paintNews(QPainter& painter, const TreeScene& scene, const TreeMotion& motion, const View& view);
    void paintZoom(QPainter& painter, const View& view);
    void paintMinimap(QPainter& painter, const TreeScene& scene, const View& view);
    void paintHint(QPainter& painter, const TreeScene& scene, const View& view);

    QPixmap m_minimap;
};
