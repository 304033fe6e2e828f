// SPDX-License-Identifier: MIT
#include "canvas/marks.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Marks)
};

} // namespace

bool isDueSoon(const lab::context_info& c, lab::lab_time now) {
    if (!c.own_deadline || c.state != lab::context_state::active) return false;
    return (*c.own_deadline - now) * 4 <= *c.own_deadline - c.created;
}

Mark markOf(const lab::context_info& c, lab::lab_time now) {
    if (c.kind == lab::context_kind::after_func && c.fired) return Mark::Finished;
    if (c.state == lab::context_state::canceled) return Mark::Cancelled;
    if (c.state == lab::context_state::deadline_exceeded) return Mark::Deadline;
    if (!lab::owns_done(c.kind)) return Mark::Inert;
    return isDueSoon(c, now) ? Mark::Deadline : Mark::Active;
}

Badge badgeOf(const lab::context_info& c, lab::lab_time now) {
    const Mark mark = markOf(c, now);
    switch (mark) {
    case Mark::Finished:
        return {mark, Glyph::Check, Words::tr("ran")};
    case Mark::Cancelled:
        return {mark, Glyph::Cross, Words::tr("cancelled")};
    case Mark::Deadline:
        if (c.state == lab::context_state::active) return {mark, Glyph::Clock, Words::tr("due soon")};
        return {mark, Glyph::Hourglass, Words::tr("deadline")};
    case Mark::Active:
        return {mark, Glyph::Disc, Words::tr("active")};
    default:
        return {mark, Glyph::Dot, QString()};
    }
}

Badge badgeOf(lab::worker_state s) {
    switch (s) {
    case lab::worker_state::running:
        return {Mark::Active, Glyph::Disc, Words::tr("running")};
    case lab::worker_state::waiting:
        return {Mark::Waiting, Glyph::Ring, Words::tr("waiting")};
    case lab::worker_state::leaked:
        return {Mark::Leaked, Glyph::Triangle, Words::tr("leaked")};
    case lab::worker_state::exited:
        break;
    }
    return {Mark::Finished, Glyph::Check, Words::tr("done")};
}

Badge badgeOf(lab::request_state s) {
    switch (s) {
    case lab::request_state::active:
        return {Mark::Active, Glyph::Disc, Words::tr("active")};
    case lab::request_state::finished:
        return {Mark::Finished, Glyph::Check, Words::tr("done")};
    case lab::request_state::client_gone:
        return {Mark::Cancelled, Glyph::Cross, Words::tr("client gone")};
    case lab::request_state::timed_out:
        break;
    }
    return {Mark::Deadline, Glyph::Hourglass, Words::tr("deadline")};
}

namespace {

void paintTriangle(QPainter& p, const QColor& color, const QRectF& box, double w) {
    const QPointF corners[] = {{box.center().x(), box.top() + w * 0.6},
                               {box.right() - w * 0.3, box.bottom() - w},
                               {box.left() + w * 0.3, box.bottom() - w}};
    p.setPen(QPen(color, w, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    p.setBrush(Qt::NoBrush);
    p.drawPolygon(corners, 3);
    if (box.width() < 9) return;
    const double x = box.center().x(), h = box.height();
    p.setPen(QPen(color, w, Qt::SolidLine, Qt::RoundCap));
    p.drawLine(QPointF(x, box.top() + h * 0.42), QPointF(x, box.top() + h * 0.58));
    p.drawPoint(QPointF(x, box.top() + h * 0.74));
}

void paintHourglass(QPainter& p, const QRectF& b) {
    const double l = b.left() + b.width() * 0.2, r = b.right() - b.width() * 0.2, cx = b.center().x();
    const double t = b.top() + b.height() * 0.08, d = b.bottom() - b.height() * 0.08, cy = b.center().y();
    QPainterPath path(QPointF(l, t));
    path.lineTo(r, t);
    path.lineTo(cx, cy);
    path.lineTo(r, d);
    path.lineTo(l, d);
    path.lineTo(cx, cy);
    path.closeSubpath();
    p.drawPath(path);
    const QPointF sand[] = {{cx, cy + b.height() * 0.1}, {r, d}, {l, d}};
    p.setBrush(p.pen().color());
    p.drawPolygon(sand, 3);
}

} // namespace

void paintGlyph(QPainter& p, Glyph glyph, const QColor& color, const QRectF& box) {
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    const double s = std::min(box.width(), box.height());
    const double w = std::max(1.2, s * 0.13);
    const QRectF inner = box.adjusted(w / 2, w / 2, -w / 2, -w / 2);
    p.setPen(QPen(color, w, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    p.setBrush(Qt::NoBrush);
    switch (glyph) {
    case Glyph::Disc:
        p.setPen(Qt::NoPen);
        p.setBrush(color);
        p.drawEllipse(box.center(), s * 0.36, s * 0.36);
        break;
    case Glyph::Ring:
        p.drawEllipse(box.center(), s * 0.36 - w / 2, s * 0.36 - w / 2);
        break;
    case Glyph::Clock:
        p.drawEllipse(inner);
        p.drawLine(box.center(), QPointF(box.center().x(), box.top() + s * 0.24));
        p.drawLine(box.center(), QPointF(box.left() + s * 0.68, box.top() + s * 0.6));
        break;
    case Glyph::Hourglass:
        paintHourglass(p, inner);
        break;
    case Glyph::Cross: {
        const double q = s * 0.24;
        const QPointF c = box.center();
        p.setPen(QPen(color, w * 1.25, Qt::SolidLine, Qt::RoundCap));
        p.drawLine(c + QPointF(-q, -q), c + QPointF(q, q));
        p.drawLine(c + QPointF(q, -q), c + QPointF(-q, q));
        break;
    }
    case Glyph::Triangle:
        paintTriangle(p, color, box, w);
        break;
    case Glyph::Check: {
        const QPointF points[] = {{box.left() + s * 0.2, box.top() + s * 0.54},
                                  {box.left() + s * 0.42, box.top() + s * 0.74},
                                  {box.left() + s * 0.8, box.top() + s * 0.3}};
        p.setPen(QPen(color, w * 1.15, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.drawPolyline(points, 3);
        break;
    }
    case Glyph::Dot:
        p.setPen(Qt::NoPen);
        p.setBrush(color);
        p.drawEllipse(box.center(), s * 0.17, s * 0.17);
        break;
    }
    p.restore();
}

QString remainingText(lab::lab_time left) {
    const double s = std::max(0.0, double(left.count()) / 1e9);
    if (s >= 60) {
        const auto whole = static_cast<long long>(s);
        return Words::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
    }
    return Words::tr("%1 s").arg(s, 0, 'f', s < 10 ? 2 : 1);
}

QString spanText(lab::lab_time span) {
    const double ms = double(span.count()) / 1e6;
    const double size = std::abs(ms);
    if (size >= 60000) return Words::tr("%1 min").arg(ms / 60000, 0, 'f', 1);
    if (size >= 1000) return Words::tr("%1 s").arg(ms / 1000, 0, 'f', size < 10000 ? 2 : 1);
    return Words::tr("%1 ms").arg(ms, 0, 'f', size < 1 ? 2 : size < 10 ? 1 : 0);
}

QString momentText(lab::lab_time at, lab::lab_time step) {
    int digits = 0;
    for (auto unit = std::int64_t(1'000'000'000); digits < 9 && step.count() % unit != 0; unit /= 10)
        ++digits;
    std::int64_t unit = 1'000'000'000; // of the last digit; a moment that has not come yet is not named
    for (int i = 0; i < digits; ++i) unit /= 10;
    return Words::tr("+%1 s").arg(double(at.count() / unit * unit) / 1e9, 0, 'f', digits);
}
