// SPDX-License-Identifier: MIT
#pragma once

#include <QPointF>
#include <QRectF>

#include <algorithm>
#include <cmath>

/// Which part of a scene a view shows: view = scene * zoom + offset.
struct Camera
{
    double zoom = 1;
    QPointF offset;

    QPointF toView(const QPointF &scene) const { return scene * zoom + offset; }
    QPointF toScene(const QPointF &view) const { return (view - offset) / zoom; }
    QRectF toView(const QRectF &scene) const { return {toView(scene.topLeft()), scene.size() * zoom}; }
    QRectF toScene(const QRectF &view) const { return {toScene(view.topLeft()), view.size() / zoom}; }

    /// The same point of the scene stays under `fixed`.
    void zoomAt(const QPointF &fixed, double to)
    {
        const QPointF scene = toScene(fixed);
        zoom = to;
        offset = fixed - scene * zoom;
    }

    void centreOn(const QPointF &scene, const QSizeF &view)
    {
        offset = QPointF(view.width() / 2, view.height() / 2) - scene * zoom;
    }

    /// Whole percents where cards are drawn, so that a card is rendered once for a zoom and never resampled.
    static double snapped(double zoom) { return zoom < 0.1 ? zoom : std::round(zoom * 100) / 100; }
    static constexpr double most = 2.5;
};
