// SPDX-License-Identifier: MIT
#include "canvas/treecanvas.h"
#include "canvas/treecanvas_p.h"

#include <QEvent>
#include <QPainter>
#include <QTimerEvent>

#include <cmath>

namespace {

constexpr int frame = 16;
constexpr qint64 layoutTime = 200, flightTime = 220;
constexpr double leastReadable = 0.45;
constexpr double viewMargin = 46;
constexpr int mostInFlight = 400; // with more cards than this the camera jumps
constexpr qint64 mapEvery = 250;

double eased(double t) {
    return 1 - std::pow(1 - std::clamp(t, 0.0, 1.0), 3);
}

} // namespace

TreeCanvas::TreeCanvas(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setObjectName(QStringLiteral("treeCanvas"));
    setAccessibleName(tr("Context tree"));
    d->describe();
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] {
        d->painter.forgetSprites();
        d->overlay.forgetMinimap();
        update();
    });
}

TreeCanvas::~TreeCanvas() = default;

QSize TreeCanvas::sizeHint() const {
    return {900, 560};
}
QSize TreeCanvas::minimumSizeHint() const {
    return {240, 160};
}
Selection TreeCanvas::selection() const {
    return d->selection;
}
double TreeCanvas::zoom() const {
    d->updateScene();
    return d->camera.zoom;
}
QString TreeCanvas::filter() const {
    return d->scene.filter();
}

QRectF TreeCanvas::cardRect(lab::id_t context) const {
    d->updateScene();
    const int node = d->scene.indexOf(context);
    return node < 0 ? QRectF() : d->camera.toView(d->scene.rect(node));
}

void TreeCanvas::setState(const lab::state* state, const lab::state* end) {
    if (d->state != state) d->scene.clear();
    const bool travels = d->end || end;
    if ((d->end == nullptr) != (end == nullptr)) d->lastSeq = 0; // going back in time is no restart
    d->state = state;
    d->end = end;
    stateChanged();
    if (travels) d->updateScene(); // cards may have gone: nothing must ask for them before the next frame
}

void TreeCanvas::setHeld(const HeldMark& held) {
    if (held == d->held) return;
    const bool moved = held.context != d->held.context;
    d->held = held;
    d->updateScene();
    if (const int node = d->scene.indexOf(held.context); moved && node >= 0 && !d->pressed) d->reveal(node);
    update();
}

void TreeCanvas::stateChanged() {
    if (d->state && d->state->seq() < d->lastSeq) restart();
    d->lastSeq = d->state && !d->end ? d->state->seq() : 0;
    d->stale = true;
    update();
}

void TreeCanvas::timeChanged() {
    update();
}

void TreeCanvas::restart() {
    d->scene.clear();
    d->motion.clear();
    d->overlay.forgetMinimap();
    d->followsShape = true;
    d->followLeast = leastReadable;
    d->placed = false;
    d->flightStart = d->layoutStart = -1;
    d->hovered = 0;
    d->stale = true;
    update();
}

void TreeCanvas::setSelection(Selection selection) {
    if (selection == d->selection) return;
    d->selection = selection;
    d->updateScene();
    if (const int node = d->selectedNode(); node >= 0 && !d->pressed) d->reveal(node);
    d->describe();
    update();
}

void TreeCanvas::setFilter(const QString& text) {
    if (text.trimmed() == d->scene.filter()) return;
    d->scene.setFilter(text);
    d->overlay.forgetMinimap();
    update();
}

void TreeCanvas::fit() {
    d->updateScene();
    if (d->scene.isEmpty()) return;
    d->followsShape = true;
    d->followLeast = 0;
    d->fly(d->fitting(d->scene.bounds(), 0));
}

void TreeCanvas::centreOnSelection() {
    d->updateScene();
    const int node = d->selectedNode();
    if (node < 0) return;
    d->touchCamera();
    Camera to = d->camera;
    if (to.zoom < leastReadable) to.setZoom(1, 1, 1);
    to.centreOn(d->scene.rect(node).center(), d->size());
    d->fly(to);
}

void TreeCanvas::zoomIn() {
    setZoom(d->camera.zoom * 1.2 + 0.005);
}
void TreeCanvas::zoomOut() {
    setZoom(d->camera.zoom / 1.2 - (d->camera.isPlain() ? 0 : 0.005));
}

void TreeCanvas::setZoom(double zoom) {
    d->updateScene();
    d->zoomTo(zoom, QPointF(width() / 2.0, height() / 2.0));
}

void TreeCanvas::Private::updateScene() {
    if (!stale || !state) return;
    stale = false;
    const bool hadCards = !scene.isEmpty();
    const bool moved = scene.update(*state, end);
    const bool still = end || ThemeManager::instance().reduceMotion();
    motion.update(scene, clock.elapsed(), still);
    if (moved) {
        overlay.forgetMinimap();
        if (hadCards && !still && q->isVisible()) {
            layoutStart = clock.elapsed();
            scene.setProgress(0);
        }
    } else if (clock.elapsed() - mapDrawn > mapEvery) {
        overlay.forgetMinimap();
        mapDrawn = clock.elapsed();
    }
    if (followsShape && ((moved && !end) || !placed) && !scene.isEmpty()) {
        const Camera to = fitting(scene.bounds(), followLeast);
        placed ? fly(to) : jump(to);
        placed = true;
    }
    keepMoving();
}

QSizeF TreeCanvas::Private::fittingScale(const QRectF& area) const {
    const QSizeF view = size();
    return {std::max(1e-6, (view.width() - 2 * viewMargin) / std::max(1.0, area.width())),
            std::max(1e-6, (view.height() - 2 * viewMargin - 20) / std::max(1.0, area.height()))};
}

Camera TreeCanvas::Private::fitting(const QRectF& area, double least) const {
    const QSizeF view = size(), scale = fittingScale(area);
    double fits = std::min({1.0, scale.width(), scale.height()});
    if (fits >= Camera::plainBelow) fits = std::floor(fits * 100) / 100;
    Camera c;
    c.setZoom(std::max(fits, least), scale.width(), scale.height());
    c.centreOn(area.center(), view);
    c.offset.ry() += 10; // the line of the path and the legend is above
    // Where not all of it fits, the root stays in view.
    if (c.zoom > fits && !scene.isEmpty()) {
        const QPointF root = scene.rect(0).center();
        if (scale.width() < c.zoom) c.offset.rx() = viewMargin - area.left() * c.zoom;
        if (scale.height() < c.zoom) c.offset.ry() = view.height() / 2 - root.y() * c.zoom;
    }
    c.offset = QPointF(std::round(c.offset.x()), std::round(c.offset.y()));
    return c;
}

void TreeCanvas::Private::jump(const Camera& to) {
    const bool zoomed = to.zoom != camera.zoom;
    camera = to;
    flightStart = -1;
    if (zoomed) emit q->zoomChanged(camera.zoom);
    q->update();
}

void TreeCanvas::Private::fly(const Camera& to) {
    const bool still =
        ThemeManager::instance().reduceMotion() || !q->isVisible() || scene.count() > mostInFlight;
    if (still) return jump(to);
    flightFrom = camera;
    flightTo = to;
    flightStart = clock.elapsed();
    if (to.zoom != camera.zoom) emit q->zoomChanged(to.zoom);
    keepMoving();
}

void TreeCanvas::Private::zoomTo(double zoom, const QPointF& fixed) {
    if (scene.isEmpty()) return;
    touchCamera();
    const QSizeF scale = fittingScale(scene.bounds());
    const double all = std::min(scale.width(), scale.height());
    Camera to = flightStart >= 0 ? flightTo : camera;
    const QPointF anchor = to.toScene(fixed);
    to.setZoom(Camera::snapped(std::clamp(zoom, std::min(all, 0.3), Camera::most)), scale.width(),
               scale.height());
    to.place(anchor, fixed);
    jump(to);
}

void TreeCanvas::Private::reveal(int node) {
    Camera to = flightStart >= 0 ? flightTo : camera;
    const QRectF card = to.toView(scene.rect(node));
    const QRectF room = QRectF(QPointF(), size()).adjusted(20, 44, -20, -56);
    if (room.contains(card)) return;
    touchCamera();
    const auto push = [](double low, double high, double from, double until) {
        if (low < from || high - low > until - from) return from - low;
        return high > until ? until - high : 0.0;
    };
    to.offset += QPointF(push(card.left(), card.right(), room.left(), room.right()),
                         push(card.top(), card.bottom(), room.top(), room.bottom()));
    fly(to);
}

int TreeCanvas::Private::selectedNode() const {
    if (!state) return -1;
    lab::id_t context = 0;
    switch (selection.sort) {
    case Selection::Sort::Context:
        context = selection.id;
        break;
    case Selection::Sort::Worker:
        if (const auto* w = state->worker(selection.id)) context = w->context;
        break;
    case Selection::Sort::Request:
        if (const auto* r = state->request(selection.id)) context = r->context;
        break;
    case Selection::Sort::Client:
        if (const auto* c = state->client(selection.id))
            if (const auto* r = state->request(c->request)) context = r->context;
        break;
    case Selection::Sort::None:
        break;
    }
    return context ? scene.indexOf(context) : -1;
}

void TreeCanvas::Private::advance() {
    const qint64 now = clock.elapsed();
    if (layoutStart >= 0) {
        const double t = double(now - layoutStart) / layoutTime;
        scene.setProgress(t >= 1 ? 1 : eased(t));
        if (t >= 1) layoutStart = -1;
    }
    if (flightStart >= 0) {
        const double t = double(now - flightStart) / flightTime;
        if (t >= 1) {
            camera = flightTo;
            flightStart = -1;
        } else {
            // The middle of the view travels straight, the zoom by equal factors.
            const double part = eased(t);
            const QPointF middle(size().width() / 2, size().height() / 2);
            const QPointF at = flightFrom.toScene(middle) * (1 - part) + flightTo.toScene(middle) * part;
            const QSizeF scale = fittingScale(scene.bounds());
            camera.setZoom(Camera::snapped(flightFrom.zoom * std::pow(flightTo.zoom / flightFrom.zoom, part)),
                           scale.width(), scale.height());
            camera.centreOn(at, size());
        }
    }
}

bool TreeCanvas::Private::isMoving() const {
    return layoutStart >= 0 || flightStart >= 0 || motion.isActive(clock.elapsed());
}

void TreeCanvas::Private::keepMoving() {
    if (isMoving() && !timer.isActive()) timer.start(frame, Qt::PreciseTimer, q);
}

void TreeCanvas::timerEvent(QTimerEvent* event) {
    if (event->timerId() != d->timer.timerId()) return QWidget::timerEvent(event);
    if (!d->isMoving()) d->timer.stop();
    update();
}

void TreeCanvas::paintEvent(QPaintEvent*) {
    d->updateScene();
    d->advance();
    QPainter painter(this);
    const qint64 now = d->clock.elapsed();
    const int selected = d->selectedNode();
    const lab::id_t id = selected < 0 ? 0 : d->scene.id(selected);
    const qreal ratio = devicePixelRatioF();
    d->painter.paint(painter, d->scene, d->motion,
                     {d->camera, d->size(), ratio, id, d->hovered, hasFocus(), now});
    if (d->held.context != 0) paintHeld(painter, d->scene, d->camera, d->size(), d->held);
    d->overlay.paint(painter, d->scene, d->motion, {d->camera, d->size(), ratio, id, now, d->hoveredPart});
    if (d->end) painter.fillRect(rect(), theme().past);
    if (hasFocus() && d->keyboardFocus) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    }
}

void TreeCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->updateScene();
    if (d->followsShape && !d->end && !d->scene.isEmpty())
        d->jump(d->fitting(d->scene.bounds(), d->followLeast));
}

void TreeCanvas::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Context tree"));
        d->describe();
    }
    QWidget::changeEvent(event);
}
