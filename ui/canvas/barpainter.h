// SPDX-License-Identifier: MIT
#pragma once

#include "canvas/timelinegeometry.h"

#include <QColor>
#include <QRectF>
#include <QString>

class QPainter;

/// Black or white, whichever reads better on `fill`.
QColor inkOn(const QColor& fill);

/// A worker's stretch: colour and pattern say the same, so that either is enough.
void paintBar(QPainter& painter, const QRectF& box, BarKind kind, const QString& text);
/// A context or a request: a thin bar of one colour.
void paintThinBar(QPainter& painter, const QRectF& box, const QColor& color, bool open);
/// Where Done was closed.
void paintDiamond(QPainter& painter, const QPointF& at, const QColor& color);
/// A pill of text in the painter's font.
void paintTag(QPainter& painter, const QRectF& box, const QString& text, const QColor& fill,
              const QColor& ink);
