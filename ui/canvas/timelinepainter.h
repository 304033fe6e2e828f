// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/timelinegeometry.h"
#include "canvas/timelinelanes.h"

#include <QRectF>
#include <QSizeF>

class QPainter;

/// Draws the timeline in two parts: what stays as it is until the next event, and what moves with the clock.
class TimelinePainter {
  public:
    static constexpr double rulerHeight = 32, laneHeight = 26, barHeight = 16;
    static constexpr double rulerPixels = 90; ///< at least, between two marks

    struct View {
        const lab::state* state = nullptr;
        const std::vector<Lane>* lanes = nullptr;
        const std::vector<CancelMark>* marks = nullptr;
        TimeAxis axis;
        QSizeF size;
        double labelWidth = 190;
        double scroll = 0; ///< pixels that the lanes are moved up by
        Selection selected;
        int hoveredLane = -1;
        const lab::state* past = nullptr;          ///< what the labels tell; null: the state
        std::optional<lab::lab_time> playhead;     ///< none: the present is shown
        lab::id_t heldContext = 0, heldWorker = 0; ///< where a thread is held now; 0: none
        double hoverX = -1;                        ///< where the mouse is on the plot; -1: nowhere

        int firstLane() const { return std::max(0, int(scroll / laneHeight)); }
        int lastLane() const;
        QRectF laneRect(int lane) const;
        /// -1: none
        int laneAt(double y) const;
    };

    /// Stripes, ruler, labels, everything that has ended.
    static void paintStill(QPainter& painter, const View& view);
    /// Open ends, cancel marks, the cursor.
    static void paintLive(QPainter& painter, const View& view);

  private:
    static void paintHeldLanes(QPainter& painter, const View& view);
    static void paintFuture(QPainter& painter, const View& view);
    static void paintRows(QPainter& painter, const View& view);
    static void paintRuler(QPainter& painter, const View& view);
    static void paintLabels(QPainter& painter, const View& view);
    static void paintLane(QPainter& painter, const View& view, int lane, bool live);
    static void paintContextLane(QPainter& painter, const View& view, int lane, bool live);
    static void paintWorkerLane(QPainter& painter, const View& view, int lane, bool live);
};
