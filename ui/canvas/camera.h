// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/cardpainter.h"

#include <QPointF>
#include <QRectF>

#include <algorithm>
#include <cmath>

/// Which part of a scene a view shows: view = scene * scale + offset.
///
/// As long as cards can be told apart both directions have the same scale. Farther away, where a card is a
/// plain rectangle, each direction goes towards its own fitting scale: a tree a thousand rows high and five
/// columns wide fills the view instead of a line of it.
struct Camera {
    double zoom = 1; ///< what people see as the zoom: the smaller scale
    double scaleX = 1, scaleY = 1;
    QPointF offset;

    static constexpr double most = 2.5;
    static constexpr double mostStretched = 0.4;
    static constexpr double plainBelow = plainCardWidth / cardWidth;
    bool isPlain() const { return zoom < plainBelow; }

    QPointF toView(const QPointF& p) const {
        return {p.x() * scaleX + offset.x(), p.y() * scaleY + offset.y()};
    }
    QPointF toScene(const QPointF& p) const {
        return {(p.x() - offset.x()) / scaleX, (p.y() - offset.y()) / scaleY};
    }
    QRectF toView(const QRectF& r) const { return {toView(r.topLeft()), toView(r.bottomRight())}; }
    QRectF toScene(const QRectF& r) const { return {toScene(r.topLeft()), toScene(r.bottomRight())}; }

    /// `fitX`, `fitY`: the scales at which all of the scene fits.
    void setZoom(double to, double fitX, double fitY) {
        zoom = scaleX = scaleY = to;
        const double all = std::min(fitX, fitY);
        if (!isPlain() || all >= plainBelow) return;
        const double part = std::clamp(std::log(plainBelow / zoom) / std::log(plainBelow / all), 0.0, 1.0);
        const auto towards = [&](double fit) {
            return plainBelow * std::pow(std::clamp(fit, all, mostStretched) / plainBelow, part) *
                   std::min(1.0, zoom / all);
        };
        scaleX = towards(fitX);
        scaleY = towards(fitY);
    }

    /// The scene's `anchor` comes to lie on `view`.
    void place(const QPointF& anchor, const QPointF& view) {
        offset = view - QPointF(anchor.x() * scaleX, anchor.y() * scaleY);
    }

    void centreOn(const QPointF& scene, const QSizeF& view) {
        place(scene, {view.width() / 2, view.height() / 2});
    }

    /// Whole percents where cards are drawn, so that a card is rendered once for a zoom and never resampled.
    static double snapped(double zoom) { return zoom < plainBelow ? zoom : std::round(zoom * 100) / 100; }
};
