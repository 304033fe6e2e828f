// SPDX-License-Identifier: MIT
#include "canvas/barpainter.h"

#include "canvas/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace {

double luminance(const QColor& c) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

/// Teeth along both edges: it should have ended and has not.
QPainterPath zigZag(const QRectF& box) {
    constexpr double tooth = 6, depth = 3;
    QPainterPath path(box.topLeft() + QPointF(0, depth));
    bool out = true;
    for (double x = box.left() + tooth / 2; x < box.right(); x += tooth / 2, out = !out)
        path.lineTo(x, box.top() + (out ? 0 : depth));
    path.lineTo(box.right(), box.top() + depth);
    path.lineTo(box.right(), box.bottom() - depth);
    out = true;
    for (double x = box.right() - tooth / 2; x > box.left(); x -= tooth / 2, out = !out)
        path.lineTo(x, box.bottom() - (out ? 0 : depth));
    path.lineTo(box.left(), box.bottom() - depth);
    path.closeSubpath();
    return path;
}

/// Stripes cut where the box ends, without the painter's clip: pictures in SVG know none.
void paintHatch(QPainter& p, const QRectF& box, const QColor& color) {
    const QRectF room = box.adjusted(1.2, 1.2, -1.2, -1.2); // its corners are on the box's round ones
    p.setPen(QPen(color, 2.2, Qt::SolidLine, Qt::FlatCap));
    constexpr double step = 7;
    // The stripes stand still when the bar grows.
    const double first = std::floor((box.left() - box.height()) / step) * step;
    for (double x = first; x < box.right(); x += step) {
        const double from = std::max(x, room.left()), to = std::min(x + room.height(), room.right());
        if (from < to)
            p.drawLine(QPointF(from, room.bottom() - (from - x)), QPointF(to, room.bottom() - (to - x)));
    }
}

/// A long text may be cut, but not to a stump.
constexpr int leastShown = 9;

void paintText(QPainter& p, const QRectF& box, const QString& text, const QColor& ink, const QColor& behind) {
    if (text.isEmpty() || box.width() < 34) return;
    p.setFont(Theme::uiFont(11, QFont::Medium));
    const QFontMetricsF metrics(p.font());
    const QRectF room = box.adjusted(7, 0, -5, 0);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, room.width());
    if (shown.size() < leastShown && shown != text) return;
    if (behind.isValid()) {
        p.setPen(Qt::NoPen);
        p.setBrush(behind);
        p.drawRoundedRect(
            QRectF(room.left() - 3, box.top() + 1.5, metrics.horizontalAdvance(shown) + 6, box.height() - 3),
            3, 3);
    }
    p.setPen(ink);
    p.drawText(room, int(Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine), shown);
}

} // namespace

QColor inkOn(const QColor& fill) {
    const double l = luminance(fill) + 0.05;
    return 1.05 / l >= l / 0.05 ? QColor(Qt::white) : QColor(0, 0, 0);
}

void paintBar(QPainter& p, const QRectF& box, BarKind kind, const QString& text) {
    const Theme& t = theme();
    const double radius = box.width() > 8 ? 4 : box.width() > 3 ? 1.5 : 0;
    const QRectF inner = box.adjusted(0.5, 0.5, -0.5, -0.5);
    const bool narrow = box.width() < 4;
    switch (kind) {
    case BarKind::Running: {
        const QColor fill = t.color(Mark::Active);
        p.setPen(Qt::NoPen);
        p.setBrush(fill);
        p.drawRoundedRect(box, radius, radius);
        paintText(p, box, text, inkOn(fill), {});
        break;
    }
    case BarKind::Waiting: {
        const QColor color = t.color(Mark::Waiting);
        const QColor fill = mix(t.canvas, color, t.isDark ? 0.16 : 0.1);
        if (narrow) {
            p.fillRect(box, mix(t.canvas, color, 0.45));
            break;
        }
        p.setPen(QPen(mix(t.canvas, color, 0.75), 1, Qt::DotLine));
        p.setBrush(fill);
        p.drawRoundedRect(inner, radius, radius);
        paintText(p, box, text, t.text, {});
        break;
    }
    case BarKind::Draining: {
        const QColor color = t.color(Mark::Cancelled);
        const QColor fill = mix(t.canvas, color, t.isDark ? 0.2 : 0.1);
        if (narrow) {
            p.fillRect(box, color);
            break;
        }
        p.setPen(Qt::NoPen);
        p.setBrush(fill);
        p.drawRoundedRect(box, radius, radius);
        paintHatch(p, box, mix(t.canvas, color, 0.65));
        p.setPen(QPen(color, 1));
        p.setBrush(Qt::NoBrush);
        p.drawRoundedRect(inner, radius, radius);
        paintText(p, box.adjusted(9, 0, 0, 0), text, t.text, fill); // clear of the diamond
        break;
    }
    case BarKind::Leaked: {
        const QColor color = t.color(Mark::Leaked);
        if (narrow) {
            p.fillRect(box, color);
            break;
        }
        p.setPen(Qt::NoPen);
        p.setBrush(color);
        p.drawPath(zigZag(box.adjusted(0, -2, 0, 2)));
        paintText(p, box.adjusted(9, 0, 0, 0), text, inkOn(color), {}); // clear of the diamond
        break;
    }
    }
}

void paintThinBar(QPainter& p, const QRectF& box, const QColor& color, bool open) {
    const double radius = std::min(box.height() / 2, box.width() / 2);
    p.setPen(Qt::NoPen);
    p.setBrush(color);
    p.drawRoundedRect(box, radius, radius);
    if (open) p.drawRect(QRectF(box.right() - radius, box.top(), radius, box.height()));
}

void paintDiamond(QPainter& p, const QPointF& at, const QColor& color) {
    constexpr double r = 6.5;
    const QPointF corners[] = {at - QPointF(0, r), at + QPointF(r, 0), at + QPointF(0, r),
                               at - QPointF(r, 0)};
    p.setPen(QPen(theme().canvas, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    p.setBrush(color);
    p.drawPolygon(corners, 4);
}

void paintTag(QPainter& p, const QRectF& box, const QString& text, const QColor& fill, const QColor& ink) {
    p.setPen(Qt::NoPen);
    p.setBrush(fill);
    p.drawRoundedRect(box, 6, 6);
    p.setPen(ink);
    p.drawText(box, Qt::AlignCenter, text);
}
