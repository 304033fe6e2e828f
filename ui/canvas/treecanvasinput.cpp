// SPDX-License-Identifier: MIT
// What mouse and keyboard do to the tree.
#include "canvas/treecanvas.h"
#include "canvas/treecanvas_p.h"

#include <QAccessible>
#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace {

constexpr qint64 doubleF = 600;

bool isOwnKey(const QKeyEvent* e) {
    if (e->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) return false;
    switch (e->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_F:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
    case Qt::Key_0:
        return true;
    default:
        return false;
    }
}

QString word(const std::string& s) {
    return QString::fromStdString(s).toHtmlEscaped();
}

} // namespace

void TreeCanvas::Private::select(int node) {
    const Selection next = node < 0 ? Selection{} : Selection{Selection::Sort::Context, scene.id(node)};
    if (next == selection) return;
    q->setSelection(next);
    emit q->selectionRequested(next);
}

void TreeCanvas::Private::walk(TreeScene::Direction direction) {
    if (scene.isEmpty()) return;
    const int here = selectedNode();
    const int to = here < 0 ? 0 : scene.neighbour(here, direction);
    if (to >= 0) select(to);
}

void TreeCanvas::Private::describe() {
    QString text = tr("Contexts: %1. None selected. Arrow keys walk the tree.").arg(scene.count());
    if (const int node = selectedNode(); node >= 0) {
        const lab::context_info& c = scene.context(node);
        const CardLook& look = scene.look(node);
        text = look.kindName + QLatin1Char(' ') + look.name;
        if (!scene.isMade(node)) text += QStringLiteral(", ") + tr("not made yet");
        if (!look.badge.word.isEmpty()) text += QStringLiteral(", ") + look.badge.word;
        if (const int up = scene.parent(node); up >= 0) {
            const auto& siblings = scene.context(up).children;
            const auto place = std::find(siblings.begin(), siblings.end(), c.id) - siblings.begin() + 1;
            text += tr(", %1 of %2 below %3").arg(place).arg(siblings.size()).arg(scene.look(up).name);
        }
        text += QStringLiteral(", ") + tr("children: %1").arg(c.children.size());
        if (c.live_workers) text += QStringLiteral(", ") + tr("live workers: %1").arg(c.live_workers);
        if (!c.err.empty()) text += QStringLiteral(", ") + QString::fromStdString(c.err);
    }
    if (text == q->accessibleDescription()) return;
    q->setAccessibleDescription(text);
    QAccessibleEvent changed(q, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

QString TreeCanvas::Private::toolTip(int node) const {
    const lab::context_info& c = scene.context(node);
    const CardLook& look = scene.look(node);
    QString text = QStringLiteral("<b>%1</b> &nbsp; %2 #%3").arg(word(c.name), look.kindName).arg(c.id);
    const auto line = [&text](const QString& label, const QString& value) {
        text += QStringLiteral("<br>%1: %2").arg(label, value);
    };
    if (!scene.isMade(node)) return text + QStringLiteral("<br>") + tr("not made yet");
    if (!look.badge.word.isEmpty()) line(tr("State"), look.badge.word);
    if (!c.err.empty()) line(QStringLiteral("Err()"), word(c.err));
    if (!c.cause.empty() && c.cause != c.err) line(QStringLiteral("Cause()"), word(c.cause));
    if (c.deadline) {
        QString when = momentText(*c.deadline);
        if (c.deadline_owner && c.deadline_owner != c.id)
            if (const auto* owner = state->context(c.deadline_owner))
                when += tr(", from %1").arg(word(owner->name));
        line(QStringLiteral("Deadline()"), when);
    }
    if (!c.key.empty()) line(tr("Value"), word(c.key) + QStringLiteral(" = ") + word(c.value));
    if (!c.children.empty()) line(tr("Children"), QString::number(c.children.size()));
    if (!c.workers.empty())
        line(tr("Workers alive"), tr("%1 of %2").arg(c.live_workers).arg(c.workers.size()));
    return text;
}

void TreeCanvas::Private::hover(const QPointF& at) {
    const auto part = overlay.partAt(at, scene, camera, size());
    const int node = part == TreeOverlay::Part::Nothing ? scene.nodeAt(camera.toScene(at)) : -1;
    const lab::id_t id = node < 0 ? 0 : scene.id(node);
    if (part == hoveredPart && id == hovered) return;
    hoveredPart = part;
    hovered = id;
    const bool button = part != TreeOverlay::Part::Nothing && part != TreeOverlay::Part::Minimap;
    q->setCursor(button || id ? Qt::PointingHandCursor : Qt::ArrowCursor);
    q->update();
}

bool TreeCanvas::event(QEvent* event) {
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
        d->hovered = 0;
        d->hoveredPart = TreeOverlay::Part::Nothing;
        update();
        break;
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        d->updateScene();
        const int node = d->hoveredPart == TreeOverlay::Part::Nothing
                             ? d->scene.nodeAt(d->camera.toScene(QPointF(help->pos())))
                             : -1;
        if (node < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), d->toolTip(node), this,
                               d->camera.toView(d->scene.rect(node)).toAlignedRect());
        return true;
    }
    default:
        break;
    }
    return QWidget::event(event);
}

void TreeCanvas::mousePressEvent(QMouseEvent* event) {
    d->updateScene();
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) return;
    d->pressedAt = event->position();
    d->offsetAtPress = d->camera.offset;
    d->dragging = false;
    d->pressed = true;
    d->pressedPart = event->button() == Qt::LeftButton
                         ? d->overlay.partAt(event->position(), d->scene, d->camera, d->size())
                         : TreeOverlay::Part::Nothing;
    if (d->pressedPart == TreeOverlay::Part::Minimap) return mouseMoveEvent(event);
    if (d->pressedPart != TreeOverlay::Part::Nothing || event->button() != Qt::LeftButton) return;
    if (const int node = d->scene.nodeAt(d->camera.toScene(event->position())); node >= 0) d->select(node);
}

void TreeCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (!d->pressed) {
        d->updateScene();
        return d->hover(event->position());
    }
    if (d->pressedPart == TreeOverlay::Part::Minimap) {
        Camera to = d->camera;
        to.centreOn(d->overlay.minimapToScene(event->position(), d->scene, d->size()), d->size());
        d->touchCamera();
        return d->jump(to);
    }
    if (d->pressedPart != TreeOverlay::Part::Nothing) return;
    const QPointF moved = event->position() - d->pressedAt;
    if (!d->dragging && moved.manhattanLength() < QApplication::startDragDistance()) return;
    d->dragging = true;
    d->touchCamera();
    setCursor(Qt::ClosedHandCursor);
    Camera to = d->camera;
    to.offset = d->offsetAtPress + moved;
    d->jump(to);
}

void TreeCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (!d->pressed) return;
    d->pressed = false;
    setCursor(Qt::ArrowCursor);
    const bool dragged = std::exchange(d->dragging, false);
    const auto part = d->overlay.partAt(event->position(), d->scene, d->camera, d->size());
    const auto pressed = std::exchange(d->pressedPart, TreeOverlay::Part::Nothing);
    if (pressed != TreeOverlay::Part::Nothing) {
        if (part != pressed) return;
        switch (part) {
        case TreeOverlay::Part::ZoomOut:
            zoomOut();
            break;
        case TreeOverlay::Part::ZoomReset:
            setZoom(1);
            break;
        case TreeOverlay::Part::ZoomIn:
            zoomIn();
            break;
        case TreeOverlay::Part::Fit:
            fit();
            break;
        default:
            break;
        }
        return;
    }
    const bool empty = d->scene.nodeAt(d->camera.toScene(event->position())) < 0;
    if (!dragged && empty && event->button() == Qt::LeftButton) d->select(-1);
}

void TreeCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    mousePressEvent(event);
    if (event->button() != Qt::LeftButton || d->pressedPart != TreeOverlay::Part::Nothing) return;
    const int node = d->scene.nodeAt(d->camera.toScene(event->position()));
    if (node >= 0) emit activated(d->scene.id(node));
}

void TreeCanvas::wheelEvent(QWheelEvent* event) {
    d->updateScene();
    event->accept();
    const QPointF turned = QPointF(event->angleDelta()) / 120;
    if (event->modifiers() & Qt::ControlModifier) {
        if (turned.y() == 0) return;
        const double to = d->camera.zoom * std::pow(1.15, turned.y());
        // A snapped zoom must not get stuck.
        const double least = d->camera.isPlain() ? 0 : 0.01;
        return d->zoomTo(turned.y() > 0 ? std::max(to, d->camera.zoom + least)
                                        : std::min(to, d->camera.zoom - least),
                         event->position());
    }
    QPointF by = event->pixelDelta().isNull() ? turned * 64 : QPointF(event->pixelDelta());
    if (event->modifiers() & Qt::ShiftModifier && by.x() == 0) by = {by.y(), 0};
    d->touchCamera();
    Camera to = d->camera;
    to.offset += by;
    d->jump(to);
    d->hover(event->position());
}

void TreeCanvas::keyPressEvent(QKeyEvent* event) {
    d->updateScene();
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (const int node = d->selectedNode(); node >= 0) emit activated(d->scene.id(node));
        return;
    }
    if (!isOwnKey(event)) return QWidget::keyPressEvent(event);
    d->keyboardFocus = true;
    switch (event->key()) {
    case Qt::Key_Left:
        d->walk(TreeScene::Direction::Parent);
        break;
    case Qt::Key_Right:
        d->walk(TreeScene::Direction::FirstChild);
        break;
    case Qt::Key_Up:
        d->walk(TreeScene::Direction::Previous);
        break;
    case Qt::Key_Down:
        d->walk(TreeScene::Direction::Next);
        break;
    case Qt::Key_Home:
        if (!d->scene.isEmpty()) d->select(0);
        break;
    case Qt::Key_F: {
        const qint64 now = d->clock.elapsed();
        const bool again = now - std::exchange(d->lastF, now) < doubleF;
        again || d->selectedNode() < 0 ? fit() : centreOnSelection();
        break;
    }
    case Qt::Key_Minus:
        zoomOut();
        break;
    case Qt::Key_0:
        setZoom(1);
        break;
    default:
        zoomIn();
        break;
    }
    update();
}

void TreeCanvas::contextMenuEvent(QContextMenuEvent* event) {
    d->updateScene();
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const int node = keyboard ? d->selectedNode() : d->scene.nodeAt(d->camera.toScene(QPointF(event->pos())));
    if (node < 0) return;
    d->select(node);
    const QPoint at =
        keyboard ? mapToGlobal(d->camera.toView(d->scene.rect(node)).center().toPoint()) : event->globalPos();
    emit contextMenuRequested(d->scene.id(node), at);
}
