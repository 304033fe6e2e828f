// SPDX-License-Identifier: MIT
#include "canvas/heldmark.h"

#include "canvas/barpainter.h"
#include "canvas/treeedges.h"

#include <QCoreApplication>
#include <QPainter>

#include <cmath>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(HeldMark)
};

constexpr double tagHeight = 17;
constexpr std::size_t mostTags = 3; // with more the rings alone say it

QColor heldColor() {
    return theme().color(Mark::Waiting);
}

QRectF cardOf(const TreeScene& scene, const Camera& camera, int node) {
    QRectF card = camera.toView(scene.rect(node));
    const double lacking = std::max(0.0, 8 - std::min(card.width(), card.height())) / 2;
    return card.adjusted(-lacking, -lacking, lacking, lacking);
}

void paintTag(QPainter& p, const QRectF& card, const QString& text, bool filled) {
    p.setFont(Theme::uiFont(11, QFont::DemiBold));
    QRectF tag(0, 0, p.fontMetrics().horizontalAdvance(text) + 14, tagHeight);
    tag.moveBottomLeft(card.topLeft() + QPointF(8, 3)); // on its own edge, clear of the card above
    tag.moveBottom(std::round(tag.bottom()));
    p.setPen(QPen(heldColor(), 1.5));
    p.setBrush(filled ? heldColor() : theme().canvas);
    p.drawRoundedRect(tag, 6, 6);
    p.setPen(filled ? inkOn(heldColor()) : theme().text);
    p.drawText(tag, Qt::AlignCenter, text);
}

void paintRing(QPainter& p, const QRectF& card, double zoom, Qt::PenStyle style, double width) {
    QPen pen(heldColor(), width, style);
    if (style == Qt::CustomDashLine) pen.setDashPattern({3, 2});
    p.setPen(pen);
    p.setBrush(Qt::NoBrush);
    const double round = std::max(3.0, 10 * zoom);
    p.drawRoundedRect(card.adjusted(-4, -4, 4, 4), round, round);
}

void paintArrow(QPainter& p, const QPainterPath& path) {
    QPen pen(heldColor(), 2.5, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({3, 2});
    p.setPen(pen);
    p.setBrush(Qt::NoBrush);
    p.drawPath(path);
    const QPointF tip = path.pointAtPercent(1), before = path.pointAtPercent(0.96);
    const double angle = std::atan2(tip.y() - before.y(), tip.x() - before.x());
    const auto wing = [&](double turn) {
        return tip - 11 * QPointF(std::cos(angle + turn), std::sin(angle + turn));
    };
    p.setPen(Qt::NoPen);
    p.setBrush(heldColor());
    p.drawPolygon(QPolygonF{tip, wing(0.45), wing(-0.45)});
}

} // namespace

void paintHeld(QPainter& p, const TreeScene& scene, const Camera& camera, const QSizeF& view,
               const HeldMark& mark) {
    const int here = scene.indexOf(mark.context);
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    for (const lab::id_t id : mark.next) {
        const int node = scene.indexOf(id);
        if (node <= 0) continue;
        const bool up = here >= 0 && scene.parent(here) == node; // a lookup climbs
        const QPainterPath edge = edgePath(scene, camera, view.height(), up ? here : node);
        paintArrow(p, up ? edge.toReversed() : edge);
        // A child below a value is registered with the context above that.
        const auto passes = [&](int n) { return n > 0 && !lab::owns_done(scene.context(n).kind); };
        for (int above = scene.parent(node); !up && passes(above); above = scene.parent(above))
            paintArrow(p, edgePath(scene, camera, view.height(), above));
        const QRectF card = cardOf(scene, camera, node);
        paintRing(p, card, camera.zoom, Qt::CustomDashLine, 1.8);
        if (mark.next.size() <= mostTags)
            paintTag(p, card, mark.next.size() == 1 ? Words::tr("next") : Words::tr("next?"), false);
    }
    if (here >= 0) {
        const QRectF card = cardOf(scene, camera, here);
        paintRing(p, card, camera.zoom, Qt::SolidLine, 3);
        paintTag(p, card, Words::tr("held here"), true);
    }
    p.restore();
}

void paintHeldPointer(QPainter& p, const QRectF& row, double x) {
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    p.setBrush(heldColor());
    const double y = row.center().y();
    p.drawPolygon(QPolygonF{{x + 2, y}, {x + 11, y - 6.5}, {x + 11, y + 6.5}});
    p.setPen(QPen(heldColor(), 2));
    p.setBrush(Qt::NoBrush);
    p.drawLine(QPointF(x, row.top() + 2), QPointF(x, row.bottom() - 2));
    p.restore();
}
