// SPDX-License-Identifier: MIT
#include "canvas/causearrows.h"

#include "canvas/barpainter.h"
#include "canvas/marks.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace {

constexpr double head = 7;       // length of an arrow's head
constexpr double leastBend = 16; // of an arrow whose ends are at the same time
constexpr double mostBend = 44;
constexpr double leastLabelled = 46; // pixels between the ends

void paintHead(QPainter& p, const QPointF& tip, const QPointF& from) {
    const QPointF way = tip - from;
    const double length = std::hypot(way.x(), way.y());
    if (length < 1) return;
    const QPointF along = way / length * head, across(-along.y() * 0.5, along.x() * 0.5);
    QPainterPath shape(tip);
    shape.lineTo(tip - along + across);
    shape.lineTo(tip - along - across);
    shape.closeSubpath();
    p.fillPath(shape, p.pen().color());
}

} // namespace

void paintCauseArrow(QPainter& p, const QPointF& from, const QPointF& to, lab::lab_time took, bool ahead) {
    const QPointF way = to - from;
    if (std::hypot(way.x(), way.y()) < 4) return; // both ends are the same point
    const double bend = std::clamp(std::abs(way.y()) * 0.35, leastBend, mostBend);
    const QPointF out(std::max(way.x() / 2, bend), 0);
    const QPointF first = from + out, second = way.x() > 2 * bend ? to - out : to + QPointF(bend, 0);
    QPainterPath path(from);
    path.cubicTo(first, second, to);
    const QColor ink = theme().accent;
    p.setBrush(Qt::NoBrush);
    // A rim keeps it apart from the bars that it crosses.
    p.setPen(QPen(theme().canvas, 4.5, Qt::SolidLine, Qt::RoundCap));
    p.drawPath(path);
    p.setPen(QPen(ink, 1.8, ahead ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap));
    p.drawPath(path);
    paintHead(p, to, path.pointAtPercent(path.percentAtLength(std::max(0.0, path.length() - head))));
    if (took.count() <= 0 || std::abs(way.x()) < leastLabelled) return;
    p.setFont(Theme::codeFont(11));
    const QString text = QStringLiteral("+") + spanText(took);
    const double width = QFontMetricsF(p.font()).horizontalAdvance(text) + 10;
    const QPointF middle = path.pointAtPercent(0.5);
    paintTag(p, QRectF(middle.x() - width / 2, middle.y() - 8, width, 16), text, theme().track, theme().text);
}
