// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/theme.h"

#include <QRectF>
#include <QString>

class QPainter;

/// The shape that goes with a mark, so that colour never speaks alone.
enum class Glyph { Disc, Ring, Clock, Hourglass, Cross, Triangle, Check, Dot };

/// Shape, colour and word of a state.
struct Badge {
    Mark mark = Mark::Inert;
    Glyph glyph = Glyph::Dot;
    QString word;
};

/// The colour's part of badgeOf(), cheap enough for a hundred thousand nodes a frame.
Mark markOf(const lab::context_info& c, lab::lab_time now);

Badge badgeOf(const lab::context_info& c, lab::lab_time now);
Badge badgeOf(lab::worker_state s);
Badge badgeOf(lab::request_state s);

/// Less than a quarter of its time is left.
bool isDueSoon(const lab::context_info& c, lab::lab_time now);

void paintGlyph(QPainter& painter, Glyph glyph, const QColor& color, const QRectF& box);

/// "1.24 s", "12.3 s", "2 min 05 s"; what is left of a deadline, never below zero.
QString remainingText(lab::lab_time left);
/// "0.04 ms", "62 ms", "1.25 s": a stretch of time, three digits.
QString spanText(lab::lab_time span);
/// "+1.250 s", with as many digits as `step` between two ruler marks needs.
QString momentText(lab::lab_time at, lab::lab_time step = std::chrono::milliseconds(1));
