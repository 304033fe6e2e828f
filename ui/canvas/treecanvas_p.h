// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/heldmark.h"
#include "canvas/treecanvas.h"
#include "canvas/treemotion.h"
#include "canvas/treeoverlay.h"
#include "canvas/treepainter.h"

#include <QBasicTimer>
#include <QElapsedTimer>

/// What TreeCanvas keeps: the scene, the camera and its flights, and what the mouse is doing.
struct TreeCanvas::Private {
    explicit Private(TreeCanvas* canvas) : q(canvas) { clock.start(); }

    void updateScene();
    void advance();
    bool isMoving() const;
    void keepMoving();

    QSizeF size() const { return QSizeF(q->size()); }
    int selectedNode() const;
    /// The scales, across and down, at which `area` just fits.
    QSizeF fittingScale(const QRectF& area) const;
    /// Zoom and place that show all of `area`, no larger than life.
    Camera fitting(const QRectF& area, double least) const;
    void fly(const Camera& to);
    void jump(const Camera& to);
    void zoomTo(double zoom, const QPointF& fixed);
    void touchCamera() { followsShape = false; }
    void reveal(int node);
    void select(int node);
    void walk(TreeScene::Direction direction);
    void describe();
    QString toolTip(int node) const;
    void hover(const QPointF& at);

    TreeCanvas* q;
    const lab::state* state = nullptr;
    TreeScene scene;
    TreePainter painter;
    TreeOverlay overlay;
    TreeMotion motion;
    HeldMark held;
    Selection selection;
    Camera camera;
    QElapsedTimer clock;
    QBasicTimer timer;

    bool stale = true;         ///< the scene lags behind the state
    bool followsShape = true;  ///< nobody has moved the camera: keep the whole tree in view
    double followLeast = 0.45; ///< down to this zoom; below it the tree outgrows the view
    bool placed = false;       ///< the camera was placed at least once
    bool keyboardFocus = false;
    std::uint64_t lastSeq = 0;
    const lab::state* end = nullptr; ///< of the life whose past is shown
    qint64 layoutStart = -1;
    qint64 mapDrawn = 0;

    Camera flightFrom, flightTo;
    qint64 flightStart = -1;

    lab::id_t hovered = 0;
    TreeOverlay::Part hoveredPart = TreeOverlay::Part::Nothing, pressedPart = TreeOverlay::Part::Nothing;
    QPointF pressedAt, offsetAtPress;
    bool pressed = false, dragging = false;
    qint64 lastF = -10000;
};
