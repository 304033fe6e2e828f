// SPDX-License-Identifier: MIT
#include "canvas/timelinepainter.h"

#include "canvas/barpainter.h"
#include "canvas/heldmark.h"
#include "canvas/rulertags.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TimelinePainter)
};

constexpr double thinHeight = 8;

QRectF barBox(const QRectF& row, double x0, double x1, double height) {
    return {x0, row.center().y() - height / 2, std::max(1.0, x1 - x0), height};
}

Mark doneMark(const lab::context_info& c) {
    return c.state == lab::context_state::deadline_exceeded ? Mark::Deadline : Mark::Cancelled;
}

QString barText(const lab::worker_info& w, const Bar& bar) {
    switch (bar.kind) {
    case BarKind::Leaked:
        return Words::tr("leaked");
    case BarKind::Draining:
        return Words::tr("draining");
    case BarKind::Waiting:
        return bar.span < 0 ? QString() : QString::fromStdString(w.spans[std::size_t(bar.span)].what);
    case BarKind::Running:
        break;
    }
    return bar.span == 0 ? QString::fromStdString(w.kind) : Words::tr("running");
}

void sideText(QPainter& p, double x, const QRectF& row, const QString& text, const QColor& ink,
              double until) {
    const double width = QFontMetricsF(p.font()).horizontalAdvance(text);
    if (x + width > until) return;
    p.setPen(ink);
    p.drawText(QRectF(x, row.top(), width + 2, row.height()), int(Qt::AlignVCenter | Qt::AlignLeft), text);
}

} // namespace

int TimelinePainter::View::lastLane() const {
    const double visible = size.height() - rulerHeight + scroll;
    return std::min(int(lanes->size()) - 1, int(visible / laneHeight));
}

QRectF TimelinePainter::View::laneRect(int lane) const {
    return {0, rulerHeight + lane * laneHeight - scroll, size.width(), laneHeight};
}

int TimelinePainter::View::laneAt(double y) const {
    if (y < rulerHeight) return -1;
    const int lane = int((y - rulerHeight + scroll) / laneHeight);
    return lane < int(lanes->size()) ? lane : -1;
}

void TimelinePainter::paintStill(QPainter& p, const View& view) {
    p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    p.fillRect(QRectF(QPointF(), view.size), theme().canvas);
    paintRows(p, view);
    p.save();
    p.setClipRect(QRectF(view.axis.left, rulerHeight, view.axis.width, view.size.height() - rulerHeight));
    for (int i = view.firstLane(); i <= view.lastLane(); ++i) paintLane(p, view, i, false);
    p.restore();
    paintRuler(p, view);
}

void TimelinePainter::paintLive(QPainter& p, const View& view) {
    p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    p.save();
    p.setClipRect(QRectF(view.axis.left, rulerHeight, view.axis.width, view.size.height() - rulerHeight));
    for (int i = view.firstLane(); i <= view.lastLane(); ++i) paintLane(p, view, i, true);
    paintHeldLanes(p, view);
    p.restore();
    if (view.playhead) paintFuture(p, view);
    paintLabels(p, view);
    RulerTags tags(view);
    tags.paintLines(p);
    tags.paintLabels(p);
    tags.paintTags(p);
}

void TimelinePainter::paintHeldLanes(QPainter& p, const View& view) {
    for (int i = view.firstLane(); i <= view.lastLane(); ++i) {
        const Lane& lane = (*view.lanes)[std::size_t(i)];
        const bool worker = lane.thing.sort == Selection::Sort::Worker;
        if (worker ? view.heldWorker != 0 && lane.thing.id == view.heldWorker
                   : view.heldContext != 0 && lane.context == view.heldContext)
            paintHeldPointer(p, view.laneRect(i), view.axis.toPixel(view.state->now()));
    }
}

void TimelinePainter::paintFuture(QPainter& p, const View& view) {
    const double x = std::max(view.axis.left, view.axis.toPixel(*view.playhead));
    QColor veil = theme().canvas;
    veil.setAlphaF(0.62f);
    p.fillRect(QRectF(x, rulerHeight, view.axis.right() - x, view.size.height() - rulerHeight), veil);
}

void TimelinePainter::paintRows(QPainter& p, const View& view) {
    const Theme& t = theme();
    const QColor stripe = mix(t.canvas, t.text, t.isDark ? 0.025 : 0.02);
    int group = 0;
    for (int i = view.firstLane(); i <= view.lastLane(); ++i) {
        const Lane& lane = (*view.lanes)[std::size_t(i)];
        const QRectF row = view.laneRect(i);
        group += lane.first;
        if (lane.first) p.fillRect(row, stripe);
        if (lane.first && i > 0) p.fillRect(QRectF(row.left(), row.top(), row.width(), 1), t.grid);
        if (lane.thing == view.selected) {
            p.fillRect(row, t.selection);
            p.fillRect(QRectF(0, row.top(), 3, row.height()), t.accent);
        }
    }
    const lab::lab_time step = rulerStep(view.axis.perPixel, rulerPixels);
    for (lab::lab_time at : rulerMarks(view.axis, step)) {
        const double x = std::floor(view.axis.toPixel(at));
        p.fillRect(QRectF(x, rulerHeight, 1, view.size.height() - rulerHeight), t.grid);
    }
}

void TimelinePainter::paintRuler(QPainter& p, const View& view) {
    const Theme& t = theme();
    p.fillRect(QRectF(0, 0, view.size.width(), rulerHeight), t.panel);
    p.fillRect(QRectF(0, rulerHeight - 1, view.size.width(), 1), t.panelBorder);
    for (lab::lab_time at : rulerMarks(view.axis, rulerStep(view.axis.perPixel, rulerPixels)))
        p.fillRect(QRectF(std::floor(view.axis.toPixel(at)), rulerHeight - 6, 1, 5), t.mutedText);
}

void TimelinePainter::paintLabels(QPainter& p, const View& view) {
    const Theme& t = theme();
    p.save();
    p.setClipRect(QRectF(0, rulerHeight, view.labelWidth, view.size.height() - rulerHeight));
    for (int i = view.firstLane(); i <= view.lastLane(); ++i) {
        const Lane& lane = (*view.lanes)[std::size_t(i)];
        const QRectF row = view.laneRect(i);
        const bool there = !view.past || isThere(*view.past, lane.thing);
        LaneLabel label = laneLabel(view.past && there ? *view.past : *view.state, lane);
        if (!there) label.badge = {};
        p.setOpacity(there ? 1 : 0.35);
        double x = 12 + lane.indent * 18;
        if (lane.indent) {
            p.setPen(QPen(t.panelBorder, 1));
            p.drawLine(QPointF(18.5, row.top()), QPointF(18.5, row.center().y()));
            p.drawLine(QPointF(18.5, row.center().y()), QPointF(25, row.center().y()));
        }
        paintGlyph(p, label.badge.glyph, t.color(label.badge.mark), {x, row.center().y() - 6.5, 13, 13});
        x += 20;
        p.setFont(Theme::codeFont(11));
        const double idWidth = QFontMetricsF(p.font()).horizontalAdvance(label.id);
        p.setPen(t.mutedText);
        const double right = view.labelWidth - 12;
        p.drawText(QRectF(right - idWidth, row.top(), idWidth + 2, row.height()), Qt::AlignVCenter, label.id);
        p.setFont(Theme::uiFont(12, lane.first ? QFont::DemiBold : QFont::Normal));
        p.setPen(t.text);
        const double room = right - idWidth - 8 - x;
        p.drawText(QRectF(x, row.top(), room, row.height()), int(Qt::AlignVCenter | Qt::TextSingleLine),
                   QFontMetricsF(p.font()).elidedText(label.name, Qt::ElideMiddle, room));
    }
    p.restore();
    p.fillRect(QRectF(view.labelWidth - 1, 0, 1, view.size.height()), t.panelBorder);
}

void TimelinePainter::paintLane(QPainter& p, const View& view, int lane, bool live) {
    if ((*view.lanes)[std::size_t(lane)].thing.sort == Selection::Sort::Worker)
        paintWorkerLane(p, view, lane, live);
    else
        paintContextLane(p, view, lane, live);
}

void TimelinePainter::paintContextLane(QPainter& p, const View& view, int i, bool live) {
    const Lane& lane = (*view.lanes)[std::size_t(i)];
    const lab::context_info* c = view.state->context(lane.context);
    if (!c || live != !c->done) return;
    const QRectF row = view.laneRect(i);
    const TimeAxis& axis = view.axis;
    const lab::lab_time now = view.state->now();
    const bool deadline = !c->done && c->own_deadline;
    const bool lasting = c->done || lane.thing.sort == Selection::Sort::Request;
    const Mark mark = lasting ? Mark::Active : markOf(*c, now);
    const double x0 = axis.toPixel(c->created), x1 = axis.toPixel(c->done.value_or(now));
    const double from = std::max(x0, axis.left - 10), to = std::min(x1, axis.right() + 10);
    if (to >= from)
        paintThinBar(p, barBox(row, from, std::max(to, from + 2), thinHeight), theme().color(mark), !c->done);
    if (deadline && *c->own_deadline > now) {
        // What is left of its time, up to the clock that would end it.
        const double due = axis.toPixel(*c->own_deadline), y = row.center().y();
        p.setPen(QPen(theme().color(Mark::Deadline), 1.4, Qt::DashLine));
        const double a = std::max(x1, axis.left), b = std::min(due, axis.right());
        if (b > a) p.drawLine(QPointF(a, y), QPointF(b, y));
        p.fillRect(QRectF(due - 8, y - 8, 16, 16), theme().canvas);
        paintGlyph(p, Glyph::Clock, theme().color(Mark::Deadline), {due - 7, y - 7, 14, 14});
    }
    if (!c->done) return;
    paintDiamond(p, {x1, row.center().y()}, theme().color(doneMark(*c)));
    p.setFont(Theme::uiFont(11, QFont::Medium));
    sideText(p, x1 + 13, row, QString::fromStdString(c->cause.empty() ? c->err : c->cause), theme().mutedText,
             axis.right());
}

void TimelinePainter::paintWorkerLane(QPainter& p, const View& view, int i, bool live) {
    const Lane& lane = (*view.lanes)[std::size_t(i)];
    const lab::worker_info* w = view.state->worker(lane.thing.id);
    const lab::context_info* c = view.state->context(lane.context);
    if (!w || (live && w->exited)) return;
    const QRectF row = view.laneRect(i);
    const TimeAxis& axis = view.axis;
    const std::optional<lab::lab_time> done = c ? c->done : std::nullopt;
    const auto bars = workerBars(*w, done, view.state->now(), axis);
    for (const Bar& bar : bars)
        if (bar.open == live) paintBar(p, barBox(row, bar.x0, bar.x1, barHeight), bar.kind, barText(*w, bar));
    const bool outlived = done && (!w->exited || *w->exited >= *done);
    if (outlived && (live || w->exited) && *done >= w->started)
        paintDiamond(p, {axis.toPixel(*done), row.center().y()}, theme().color(doneMark(*c)));
    if (!w->exited || live) return;
    const double end = axis.toPixel(*w->exited);
    p.setFont(Theme::uiFont(11, QFont::DemiBold));
    if (outlived) {
        sideText(p, end + 12, row, Words::tr("exit +%1").arg(spanText(*w->exited - *done)), theme().text,
                 axis.right());
    } else {
        paintGlyph(p, Glyph::Check, theme().color(Mark::Finished), {end + 5, row.center().y() - 6.5, 13, 13});
        p.setFont(Theme::uiFont(11));
        sideText(p, end + 22, row, QString::fromStdString(w->reason), theme().mutedText, axis.right());
    }
}
