// SPDX-License-Identifier: MIT
#include "canvas/timeline.h"
#include "canvas/timeline_p.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace {

constexpr double labelShare = 0.24, leastLabel = 110, mostLabel = 220;
constexpr double leastShown = 100e6; // an empty laboratory shows this many nanoseconds
constexpr double liveRoom = 0.1;     // of the plot is kept free right of the clock

} // namespace

TimelineCanvas::TimelineCanvas(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setObjectName(QStringLiteral("timelineCanvas"));
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(
        tr("Requests, contexts and workers over laboratory time. Up and down walk the lanes."));
    d->bar = new QScrollBar(Qt::Vertical, this);
    d->bar->setSingleStep(int(TimelinePainter::laneHeight));
    connect(d->bar, &QScrollBar::valueChanged, this, [this] { d->repaintAll(); });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] { d->repaintAll(); });
}

TimelineCanvas::~TimelineCanvas() = default;

QSize TimelineCanvas::sizeHint() const {
    return {900, 260};
}
QSize TimelineCanvas::minimumSizeHint() const {
    return {260, 110};
}
Selection TimelineCanvas::selection() const {
    return d->selection;
}
bool TimelineCanvas::followsLive() const {
    return d->follow;
}

void TimelineCanvas::setState(const lab::state* state) {
    d->state = state;
    stateChanged();
}

void TimelineCanvas::setPast(const lab::state* shown) {
    if (!shown && !d->past) return;
    d->past = shown;
    d->playhead = shown ? std::optional(shown->now()) : std::nullopt;
    update();
}

void TimelineCanvas::setCauses(std::vector<CauseArrow> arrows) {
    if (arrows.empty() && d->causes.empty()) return;
    d->causes = std::move(arrows);
    update();
}

void TimelineCanvas::setHeld(const HeldMark& held) {
    if (held == d->held) return;
    d->held = held;
    update();
}

void TimelineCanvas::stateChanged() {
    if (d->state && d->state->seq() < d->lastSeq) restart();
    d->lastSeq = d->state ? d->state->seq() : 0;
    d->stale = true;
    d->repaintAll();
}

void TimelineCanvas::timeChanged() {
    update();
}

void TimelineCanvas::restart() {
    d->lanes.clear();
    d->marks.clear();
    d->laneKey = {};
    d->shownUntil = leastShown;
    d->showAll = true;
    d->bar->setValue(0);
    setFollowLive(true);
    d->stale = true;
    d->repaintAll();
}

void TimelineCanvas::fit() {
    d->showAll = true;
    d->shownUntil = leastShown;
    setFollowLive(true);
    d->repaintAll();
}

void TimelineCanvas::zoomIn() {
    d->zoomAt(d->zoomCentre(), 1.4);
}
void TimelineCanvas::zoomOut() {
    d->zoomAt(d->zoomCentre(), 1 / 1.4);
}

void TimelineCanvas::setFollowLive(bool on) {
    if (on == d->follow) return;
    d->follow = on;
    emit followLiveChanged(on);
    d->repaintAll();
}

void TimelineCanvas::setSelection(Selection selection) {
    if (selection == d->selection) return;
    d->selection = selection;
    d->updateLanes();
    if (const int lane = d->selectedLane(); lane >= 0) d->reveal(lane);
    d->repaintAll();
}

void TimelineCanvas::setMagnification(double factor) {
    if (factor == d->magnification) return;
    d->magnification = factor;
    d->layOut();
    d->repaintAll();
}

void TimelineCanvas::Private::repaintAll() {
    still = QPixmap();
    q->update();
}

void TimelineCanvas::Private::updateLanes() {
    if (!stale || !state) return;
    stale = false;
    const LaneKey key{state->shape_version(), state->contexts().size(), state->workers().size(),
                      state->requests().size()};
    if (key != laneKey || lanes.empty()) {
        lanes = makeLanes(*state);
        laneKey = key;
    }
    marks = cancelMarks(*state);
    layOut();
}

void TimelineCanvas::Private::layOut() {
    const int visible = int(plane().height() - TimelinePainter::rulerHeight);
    const int all = int(double(lanes.size()) * TimelinePainter::laneHeight) + 6;
    const int barWidth = bar->sizeHint().width();
    const int top = int(TimelinePainter::rulerHeight * magnification);
    bar->setGeometry(q->width() - barWidth, top, barWidth, std::max(0, q->height() - top));
    bar->setPageStep(std::max(1, visible));
    bar->setRange(0, std::max(0, all - visible));
    bar->setVisible(all > visible);
}

void TimelineCanvas::Private::placeAxis() {
    const double label = labelWidth();
    axis.left = label;
    axis.width =
        std::max(1.0, plane().width() - label - (bar->isVisible() ? bar->width() / magnification : 0));
    const double now = state ? double(state->now().count()) : 0;
    if (showAll) {
        // Grows in leaps: the still part can be kept in between.
        while (now > shownUntil * (1 - liveRoom)) shownUntil *= 1.3;
        const double before = axis.width * 0.012; // pixels left of the beginning
        axis.show(0, shownUntil);
        axis.from = -before * axis.perPixel;
    } else if (follow) {
        axis.from = now - axis.width * (1 - liveRoom) * axis.perPixel;
    }
}

double TimelineCanvas::Private::labelWidth() const {
    return std::round(std::clamp(plane().width() * labelShare, leastLabel, mostLabel));
}

TimelinePainter::View TimelineCanvas::Private::view() const {
    TimelinePainter::View v;
    v.state = state;
    v.lanes = &lanes;
    v.marks = &marks;
    v.axis = axis;
    v.size = plane();
    v.labelWidth = axis.left;
    v.scroll = bar->value();
    v.selected = selectedLane() >= 0 ? lanes[std::size_t(selectedLane())].thing : Selection{};
    v.hoverX = scrubbing ? -1 : hoverX;
    v.past = past;
    v.playhead = playhead;
    v.heldContext = held.context;
    v.heldWorker = held.worker;
    return v;
}

int TimelineCanvas::Private::laneOf(Selection thing) const {
    const auto find = [this](Selection::Sort sort, lab::id_t id) {
        const auto it = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& l) {
            return l.thing == Selection{sort, id};
        });
        return it == lanes.end() ? -1 : int(it - lanes.begin());
    };
    if (thing.sort == Selection::Sort::None || !state) return -1;
    if (const int exact = find(thing.sort, thing.id); exact >= 0) return exact;
    // A context that is shown as its request, and a client call that became one.
    if (thing.sort == Selection::Sort::Context) {
        const auto it = std::find_if(lanes.begin(), lanes.end(),
                                     [&](const Lane& l) { return l.first && l.context == thing.id; });
        return it == lanes.end() ? -1 : int(it - lanes.begin());
    }
    if (thing.sort == Selection::Sort::Client)
        if (const auto* c = state->client(thing.id)) return find(Selection::Sort::Request, c->request);
    return -1;
}

void TimelineCanvas::Private::paintCauses(QPainter& painter) const {
    const TimelinePainter::View v = view();
    const auto point = [&](Selection thing, lab::lab_time at) {
        const int lane = laneOf(thing);
        return lane < 0 ? std::nullopt
                        : std::optional(QPointF(axis.toPixel(at), v.laneRect(lane).center().y()));
    };
    painter.save();
    painter.setClipRect(QRectF(axis.left, TimelinePainter::rulerHeight, axis.width,
                               v.size.height() - TimelinePainter::rulerHeight));
    for (const CauseArrow& arrow : causes) {
        const auto from = point(arrow.from, arrow.fromAt), to = point(arrow.to, arrow.toAt);
        if (from && to) paintCauseArrow(painter, *from, *to, arrow.toAt - arrow.fromAt, arrow.ahead);
    }
    painter.restore();
}

void TimelineCanvas::Private::reveal(int lane) {
    const double top = lane * TimelinePainter::laneHeight;
    const double visible = plane().height() - TimelinePainter::rulerHeight;
    if (top < bar->value()) bar->setValue(int(top));
    if (top + TimelinePainter::laneHeight > bar->value() + visible)
        bar->setValue(int(std::ceil(top + TimelinePainter::laneHeight - visible)));
}

double TimelineCanvas::Private::zoomCentre() const {
    if (hoverX >= axis.left) return hoverX;
    const double now = state ? axis.toPixel(state->now()) : axis.left;
    return now >= axis.left && now <= axis.right() ? now : axis.left + axis.width / 2;
}

void TimelineCanvas::Private::zoomAt(double x, double factor) {
    placeAxis();
    showAll = false;
    axis.zoomAt(x, factor);
    repaintAll();
}

void TimelineCanvas::Private::pan(double pixels) {
    placeAxis();
    showAll = false;
    q->setFollowLive(false);
    axis.pan(pixels);
    // The beginning stays on the plot's left half, the clock right of its left end.
    const double now = state ? double(state->now().count()) : 0;
    const double span = axis.width * axis.perPixel;
    axis.from = std::clamp(axis.from, -span / 2, std::max(0.0, now - span * 0.05));
    repaintAll();
}

void TimelineCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!d->state) {
        painter.fillRect(rect(), theme().canvas);
        return;
    }
    d->updateLanes();
    const double fromBefore = d->axis.from, perPixelBefore = d->axis.perPixel, widthBefore = d->axis.width;
    d->placeAxis();
    const bool moved =
        d->axis.from != fromBefore || d->axis.perPixel != perPixelBefore || d->axis.width != widthBefore;
    const TimelinePainter::View view = d->view();
    const qreal ratio = devicePixelRatioF();
    if (moved || d->still.isNull() || d->still.size() != size() * ratio) {
        d->still = QPixmap(size() * ratio);
        d->still.setDevicePixelRatio(ratio);
        QPainter still(&d->still);
        still.scale(d->magnification, d->magnification);
        TimelinePainter::paintStill(still, view);
    }
    painter.drawPixmap(0, 0, d->still);
    painter.save();
    painter.scale(d->magnification, d->magnification);
    TimelinePainter::paintLive(painter, view);
    d->paintCauses(painter);
    d->paintCorner(painter);
    painter.restore();
    if (d->playhead) painter.fillRect(rect(), theme().past);
    if (hasFocus() && d->keyboardFocus) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
    }
}

void TimelineCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->layOut();
    d->repaintAll();
}

void TimelineCanvas::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) setAccessibleName(tr("Timeline"));
    QWidget::changeEvent(event);
}
