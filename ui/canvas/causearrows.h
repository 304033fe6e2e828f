// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // moc cannot parse all of the standard library that comes with it
#include "sessionmodel.h"
#endif

#include <QPointF>

class QPainter;

/// One event made another one happen: an arrow from lane to lane.
struct CauseArrow {
    Selection from;
    lab::lab_time fromAt{};
    Selection to;
    lab::lab_time toAt{};
    bool ahead = false; ///< it leads away from the moment that is shown
};

/// A curved arrow between two points of the timeline, with how long the hop took where it took time. It bends
/// to the right where both happened at the same time.
void paintCauseArrow(QPainter& painter, const QPointF& from, const QPointF& to, lab::lab_time took,
                     bool ahead);
