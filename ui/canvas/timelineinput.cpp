// SPDX-License-Identifier: MIT
// What mouse and keyboard do to the timeline.
#include "canvas/timeline.h"
#include "canvas/timeline_p.h"

#include "canvas/icons.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace {

constexpr double keyPan = 80;

bool isOwnKey(const QKeyEvent* e) {
    if (e->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) return false;
    switch (e->key()) {
    case Qt::Key_W:
    case Qt::Key_A:
    case Qt::Key_S:
    case Qt::Key_D:
    case Qt::Key_0:
    case Qt::Key_F:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_End:
        return true;
    default:
        return false;
    }
}

QString word(const std::string& s) {
    return QString::fromStdString(s).toHtmlEscaped();
}

} // namespace

void TimelineCanvas::Private::select(int lane) {
    const Selection next = lane < 0 ? Selection{} : lanes[std::size_t(lane)].thing;
    if (next == selection) return;
    q->setSelection(next);
    emit q->selectionRequested(next);
}

void TimelineCanvas::Private::walk(int by) {
    if (lanes.empty()) return;
    const int here = selectedLane();
    select(here < 0 ? 0 : std::clamp(here + by, 0, int(lanes.size()) - 1));
}

QRectF TimelineCanvas::Private::corner() const {
    return {8, 4, std::min(96.0, axis.left - 16), TimelinePainter::rulerHeight - 9};
}

bool TimelineCanvas::Private::inRuler(QPointF at) const {
    return at.y() < TimelinePainter::rulerHeight && at.x() >= axis.left && at.x() <= axis.right();
}

void TimelineCanvas::Private::scrubTo(double x) {
    placeAxis();
    emit q->momentRequested(std::max(lab::lab_time(0), axis.toTime(std::clamp(x, axis.left, axis.right()))));
}

void TimelineCanvas::Private::paintCorner(QPainter& p) {
    const QRectF box = corner();
    const Theme& t = theme();
    const bool live = follow && !playhead;
    p.setPen(QPen(live ? t.panelBorder : t.accent, 1));
    p.setBrush(cornerHovered ? t.controlHover : t.control);
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    const QRectF mark(box.left() + 8, box.center().y() - 6, 12, 12);
    if (live)
        paintGlyph(p, Glyph::Disc, t.accent, mark);
    else
        Icons::paint(p, QStringLiteral("follow"), t.accent, mark);
    p.setFont(Theme::uiFont(11, QFont::DemiBold));
    p.setPen(t.text);
    const QString text = live ? tr("Live") : tr("Go live");
    p.drawText(box.adjusted(26, 0, -4, 0), int(Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine), text);
}

QString TimelineCanvas::Private::toolTip(int lane, double x) const {
    const Lane& l = lanes[std::size_t(lane)];
    const LaneLabel label = laneLabel(*state, l);
    QString text = QStringLiteral("<b>%1</b> &nbsp; %2").arg(label.name.toHtmlEscaped(), label.id);
    const auto line = [&text](const QString& name, const QString& value) {
        text += QStringLiteral("<br>%1: %2").arg(name, value);
    };
    if (!label.badge.word.isEmpty()) line(tr("State"), label.badge.word);
    const lab::context_info* c = state->context(l.context);
    const lab::lab_time now = state->now(), at = axis.toTime(x);
    if (const auto* w = l.thing.sort == Selection::Sort::Worker ? state->worker(l.thing.id) : nullptr) {
        if (!w->code.empty()) text += QStringLiteral("<br><code>%1</code>").arg(word(w->code));
        if (const int i = x >= axis.left ? spanAt(*w, at, now) : -1; i >= 0) {
            const lab::worker_span& span = w->spans[std::size_t(i)];
            const lab::lab_time end = spanEnd(*w, i, now);
            QString what = badgeOf(span.state).word;
            if (!span.what.empty()) what += QStringLiteral(", ") + word(span.what);
            line(tr("Here"),
                 tr("%1, from %2 for %3").arg(what, momentText(span.from), spanText(end - span.from)));
        }
        if (c && c->done) {
            line(tr("Done closed"), momentText(*c->done));
            if (w->noticed) line(tr("Noticed"), QStringLiteral("+") + spanText(*w->noticed - *c->done));
            if (w->exited) line(tr("Exited"), QStringLiteral("+") + spanText(*w->exited - *c->done));
        }
        if (!w->reason.empty()) line(tr("Reason"), word(w->reason));
        return text;
    }
    if (const auto* r = l.thing.sort == Selection::Sort::Request ? state->request(l.thing.id) : nullptr) {
        if (!r->fate.empty()) line(tr("Fate"), word(r->fate));
        if (r->status) line(tr("Status"), QString::number(r->status));
    }
    if (!c) return text;
    line(tr("Lives"),
         tr("from %1 for %2").arg(momentText(c->created), spanText(c->done.value_or(now) - c->created)));
    if (c->deadline) line(QStringLiteral("Deadline()"), momentText(*c->deadline));
    if (!c->err.empty()) line(QStringLiteral("Err()"), word(c->err));
    if (!c->cause.empty() && c->cause != c->err) line(QStringLiteral("Cause()"), word(c->cause));
    return text;
}

bool TimelineCanvas::event(QEvent* event) {
    switch (event->type()) {
    case QEvent::ShortcutOverride:
        if (isOwnKey(static_cast<QKeyEvent*>(event))) {
            event->accept();
            return true;
        }
        break;
    case QEvent::FocusIn: {
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        d->keyboardFocus = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason;
        update();
        break;
    }
    case QEvent::FocusOut:
        update();
        break;
    case QEvent::Leave:
        d->hoverX = -1;
        d->cornerHovered = false;
        update();
        break;
    case QEvent::ToolTip: {
        if (!d->state) return true;
        d->updateLanes();
        const auto* help = static_cast<QHelpEvent*>(event);
        const TimelinePainter::View view = d->view();
        const QPointF at = d->inPlane(help->pos());
        const int lane = view.laneAt(at.y());
        if (d->inRuler(at))
            QToolTip::showText(help->globalPos(), tr("Drag here to look at the past"), this);
        else if (lane < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), d->toolTip(lane, at.x()), this);
        return true;
    }
    default:
        break;
    }
    return QWidget::event(event);
}

void TimelineCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
    d->pressed = true;
    d->dragging = false;
    d->pressedAt = d->draggedTo = d->inPlane(event->position());
    d->scrubbing = event->button() == Qt::LeftButton && d->state && d->inRuler(d->pressedAt);
    if (d->scrubbing) d->scrubTo(d->pressedAt.x());
}

void TimelineCanvas::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = d->inPlane(event->position());
    if (!d->pressed) {
        d->hoverX = at.x() >= d->axis.left && at.x() <= d->axis.right() ? at.x() : -1;
        d->cornerHovered = d->corner().contains(at);
        setCursor(d->cornerHovered ? Qt::PointingHandCursor
                  : d->inRuler(at) ? Qt::SplitHCursor
                                   : Qt::ArrowCursor);
        return update();
    }
    if (d->scrubbing) {
        d->hoverX = -1;
        return d->scrubTo(at.x());
    }
    if (!d->dragging && (at - d->pressedAt).manhattanLength() < QApplication::startDragDistance()) return;
    if (!d->dragging && std::abs(at.x() - d->pressedAt.x()) < 2 && std::abs(at.y() - d->pressedAt.y()) < 2)
        return;
    d->dragging = true;
    d->hoverX = -1;
    setCursor(Qt::ClosedHandCursor);
    const QPointF by = at - d->draggedTo;
    d->draggedTo = at;
    if (by.x() != 0) d->pan(by.x());
    d->bar->setValue(d->bar->value() - int(by.y()));
}

void TimelineCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (!d->pressed) return;
    d->pressed = false;
    setCursor(Qt::ArrowCursor);
    if (std::exchange(d->scrubbing, false)) return update();
    if (std::exchange(d->dragging, false) || event->button() != Qt::LeftButton || !d->state) return;
    if (d->corner().contains(d->inPlane(event->position()))) {
        if (d->playhead) emit liveRequested();
        return d->follow ? fit() : setFollowLive(true);
    }
    d->updateLanes();
    d->select(d->view().laneAt(d->inPlane(event->position()).y()));
}

void TimelineCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!d->state || event->button() != Qt::LeftButton) return;
    d->updateLanes();
    const int lane = d->view().laneAt(d->inPlane(event->position()).y());
    if (lane >= 0) emit activated(d->lanes[std::size_t(lane)].thing);
}

void TimelineCanvas::wheelEvent(QWheelEvent* event) {
    event->accept();
    const QPointF turned = QPointF(event->angleDelta()) / 120;
    if (event->modifiers() & Qt::ControlModifier)
        return d->zoomAt(std::max(d->axis.left, d->inPlane(event->position()).x()),
                         std::pow(1.25, turned.y()));
    QPointF by = event->pixelDelta().isNull() ? turned * 52 : QPointF(event->pixelDelta());
    if (event->modifiers() & Qt::ShiftModifier && by.x() == 0) by = {by.y(), 0};
    if (by.x() != 0) d->pan(by.x());
    d->bar->setValue(d->bar->value() - int(by.y()));
}

void TimelineCanvas::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        d->updateLanes();
        if (const int lane = d->selectedLane(); lane >= 0) emit activated(d->lanes[std::size_t(lane)].thing);
        return;
    }
    if (!isOwnKey(event)) return QWidget::keyPressEvent(event);
    d->keyboardFocus = true;
    d->updateLanes();
    switch (event->key()) {
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomIn();
        break;
    case Qt::Key_S:
    case Qt::Key_Minus:
        zoomOut();
        break;
    case Qt::Key_A:
    case Qt::Key_Left:
        d->pan(keyPan);
        break;
    case Qt::Key_D:
    case Qt::Key_Right:
        d->pan(-keyPan);
        break;
    case Qt::Key_Up:
        d->walk(-1);
        break;
    case Qt::Key_Down:
        d->walk(1);
        break;
    case Qt::Key_End:
        setFollowLive(true);
        break;
    default:
        fit();
        break;
    }
}
