// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/heldmark.h"
#include "canvas/timeline.h"
#include "canvas/timelinepainter.h"

#include <QPixmap>
#include <QPointF>
#include <QScrollBar>

/// What TimelineCanvas keeps: lanes, the axis and how it follows the clock, and what the mouse is doing.
struct TimelineCanvas::Private {
    explicit Private(TimelineCanvas* canvas) : q(canvas) {}

    /// Lanes are made anew when one of these changes.
    struct LaneKey {
        std::uint64_t shape = 0;
        std::size_t contexts = 0, workers = 0, requests = 0;
        friend bool operator==(const LaneKey&, const LaneKey&) = default;
    };

    void repaintAll();
    void updateLanes();
    void layOut();
    void placeAxis();
    double labelWidth() const;
    /// The widget's size and points as the geometry sees them: before magnification.
    QSizeF plane() const { return QSizeF(q->size()) / magnification; }
    QPointF inPlane(QPointF widgetPoint) const { return widgetPoint / magnification; }
    TimelinePainter::View view() const;
    int selectedLane() const { return laneOf(selection); }
    int laneOf(Selection thing) const;
    void paintCauses(QPainter& painter) const;
    void reveal(int lane);
    double zoomCentre() const;
    void zoomAt(double x, double factor);
    void pan(double pixels);
    void select(int lane);
    void walk(int by);
    /// "LIVE" and the way back to it, above the labels.
    void paintCorner(QPainter& painter);
    QRectF corner() const;
    QString toolTip(int lane, double x) const;
    bool inRuler(QPointF planePoint) const;
    void scrubTo(double x);

    TimelineCanvas* q;
    const lab::state* state = nullptr;
    std::vector<Lane> lanes;
    std::vector<CancelMark> marks;
    LaneKey laneKey;
    TimeAxis axis;
    Selection selection;
    QScrollBar* bar = nullptr;
    QPixmap still;

    bool stale = true;
    bool showAll = true; ///< from the beginning to the clock
    bool follow = true;
    bool keyboardFocus = false;
    double shownUntil = 100e6;
    double magnification = 1;
    std::uint64_t lastSeq = 0;

    const lab::state* past = nullptr; ///< the picture at the playhead
    std::optional<lab::lab_time> playhead;
    std::vector<CauseArrow> causes;
    HeldMark held;
    double hoverX = -1;
    QPointF pressedAt, draggedTo;
    bool pressed = false, dragging = false, scrubbing = false, cornerHovered = false;
};
