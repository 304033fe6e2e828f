// SPDX-License-Identifier: MIT
#include "canvas/treeoverlay.h"

#include "canvas/icons.h"
#include "canvas/treepainter.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TreeOverlay)
};

constexpr double edge = 14; // from the border of the canvas
constexpr double cell = 30; // of the zoom control; a comfortable target
constexpr double percentCell = 52;
constexpr double minimapWidth = 190, minimapMostHeight = 130;
constexpr double mostMinimapScale = 0.14;

QColor glass(double alpha = 0.94) {
    QColor c = theme().panel;
    c.setAlphaF(float(alpha));
    return c;
}

void plate(QPainter& p, const QRectF& box) {
    p.setPen(QPen(theme().panelBorder, 1));
    p.setBrush(glass());
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

} // namespace

QRectF TreeOverlay::zoomBox(const QSizeF& size) {
    const double width = 3 * cell + percentCell;
    return {size.width() - edge - width, size.height() - edge - cell, width, cell};
}

QRectF TreeOverlay::zoomCell(const QSizeF& size, int index) {
    const QRectF box = zoomBox(size);
    const double left[] = {0, cell, cell + percentCell, 2 * cell + percentCell};
    return {box.left() + left[index], box.top(), index == 1 ? percentCell : cell, cell};
}

bool TreeOverlay::needsMinimap(const TreeScene& scene, const Camera& camera, const QSizeF& size) {
    if (scene.isEmpty() || size.width() < 480 || size.height() < 320) return false;
    const QRectF shown = camera.toScene(QRectF(QPointF(), size));
    return !shown.adjusted(-1, -1, 1, 1).contains(scene.bounds());
}

QRectF TreeOverlay::minimapBox(const TreeScene& scene, const QSizeF& size) {
    const QRectF b = scene.bounds();
    const double height = std::clamp(b.height() * mostMinimapScale + 16, 48.0, minimapMostHeight);
    const QRectF zoom = zoomBox(size);
    return {zoom.right() - minimapWidth, zoom.top() - 8 - height, minimapWidth, height};
}

Camera TreeOverlay::minimapCamera(const TreeScene& scene, const QRectF& box) {
    const QRectF b = scene.bounds();
    Camera c;
    c.scaleX = std::min(mostMinimapScale, (box.width() - 16) / b.width());
    c.scaleY = std::min(mostMinimapScale, (box.height() - 16) / b.height());
    c.zoom = std::min(c.scaleX, c.scaleY);
    c.centreOn(b.center(), box.size());
    return c;
}

QPointF TreeOverlay::minimapToScene(const QPointF& point, const TreeScene& scene, const QSizeF& size) const {
    const QRectF box = minimapBox(scene, size);
    return minimapCamera(scene, box).toScene(point - box.topLeft());
}

TreeOverlay::Part TreeOverlay::partAt(const QPointF& point, const TreeScene& scene, const Camera& camera,
                                      const QSizeF& size) const {
    constexpr Part parts[] = {Part::ZoomOut, Part::ZoomReset, Part::ZoomIn, Part::Fit};
    for (int i = 0; i < 4; ++i)
        if (zoomCell(size, i).contains(point)) return parts[i];
    if (needsMinimap(scene, camera, size) && minimapBox(scene, size).contains(point)) return Part::Minimap;
    return Part::Nothing;
}

void TreeOverlay::paint(QPainter& p, const TreeScene& scene, const TreeMotion& motion, const View& view) {
    p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const double used = paintPath(p, scene, view);
    paintLegend(p, view, used);
    if (needsMinimap(scene, view.camera, view.size)) paintMinimap(p, scene, view);
    paintZoom(p, view);
    if (!scene.isEmpty()) paintNews(p, scene, motion, view);
    if (scene.count() <= 1) paintHint(p, scene, view);
}

double TreeOverlay::paintPath(QPainter& p, const TreeScene& scene, const View& view) {
    const int node = scene.indexOf(view.selected);
    if (node < 0) return edge;
    std::vector<int> path = scene.pathTo(node);
    constexpr std::size_t most = 5;
    const bool cut = path.size() > most;
    if (cut) path.erase(path.begin() + 1, path.end() - (most - 2));
    p.setFont(Theme::uiFont(13));
    const QFontMetricsF normal(p.font()), strong(Theme::uiFont(13, QFont::DemiBold));
    const QString separator = QStringLiteral("  ›  ");
    const auto name = [&](std::size_t i) {
        return normal.elidedText(QString::fromStdString(scene.context(path[i]).name), Qt::ElideRight, 170);
    };
    double width = 0;
    for (std::size_t i = 0; i < path.size(); ++i)
        width += (i + 1 == path.size() ? strong : normal).horizontalAdvance(name(i)) +
                 (i ? normal.horizontalAdvance(separator) : 0);
    if (cut) width += normal.horizontalAdvance(separator + QStringLiteral("…"));
    const QRectF box(edge - 6, edge - 6, width + 22, 30);
    p.setPen(Qt::NoPen);
    p.setBrush(glass(0.85));
    p.drawRoundedRect(box, 8, 8);
    double x = edge + 5;
    const auto put = [&](const QString& text, const QFont& font, const QColor& color) {
        p.setFont(font);
        p.setPen(color);
        const double w = QFontMetricsF(font).horizontalAdvance(text);
        p.drawText(QRectF(x, box.top(), w + 2, box.height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        x += w;
    };
    const QFont plain = Theme::uiFont(13), bold = Theme::uiFont(13, QFont::DemiBold);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool last = i + 1 == path.size();
        if (i) put(separator, plain, theme().mutedText);
        if (cut && i == 1) put(QStringLiteral("…") + separator, plain, theme().mutedText);
        put(name(i), last ? bold : plain, last ? theme().text : theme().mutedText);
    }
    return box.right();
}

void TreeOverlay::paintLegend(QPainter& p, const View& view, double freeFrom) {
    const Badge items[] = {
        {Mark::Active, Glyph::Disc, Words::tr("active")},
        {Mark::Waiting, Glyph::Ring, Words::tr("waiting")},
        {Mark::Deadline, Glyph::Hourglass, Words::tr("deadline")},
        {Mark::Cancelled, Glyph::Cross, Words::tr("cancelled")},
        {Mark::Leaked, Glyph::Triangle, Words::tr("leaked")},
        {Mark::Finished, Glyph::Check, Words::tr("done")},
    };
    p.setFont(Theme::uiFont(12));
    const QFontMetricsF metrics(p.font());
    constexpr double glyph = 13, gap = 5, between = 16;
    double width = -between;
    for (const Badge& b : items) width += glyph + gap + metrics.horizontalAdvance(b.word) + between;
    const QRectF box(view.size.width() - edge - width - 10, edge - 6, width + 20, 30);
    if (box.left() < freeFrom + 16) return;
    p.setPen(Qt::NoPen);
    p.setBrush(glass(0.85));
    p.drawRoundedRect(box, 8, 8);
    double x = box.left() + 10;
    for (const Badge& b : items) {
        paintGlyph(p, b.glyph, theme().color(b.mark), {x, box.center().y() - glyph / 2, glyph, glyph});
        x += glyph + gap;
        const double w = metrics.horizontalAdvance(b.word);
        p.setPen(theme().mutedText);
        p.drawText(QRectF(x, box.top(), w + 2, box.height()), Qt::AlignVCenter | Qt::AlignLeft, b.word);
        x += w + between;
    }
}

void TreeOverlay::paintNews(QPainter& p, const TreeScene& scene, const TreeMotion& motion, const View& view) {
    const double strength = motion.news(view.now);
    const lab::state& s = scene.state();
    const lab::wave_info& wave = s.wave();
    const int root = scene.indexOf(wave.root);
    if (strength <= 0 || root < 0) return;
    std::size_t alive = 0;
    for (auto it = motion.arrivals().keyBegin(); it != motion.arrivals().keyEnd(); ++it)
        if (const lab::context_info* c = s.context(*it)) alive += c->live_workers;
    const bool deadline = scene.context(root).state == lab::context_state::deadline_exceeded;
    const QString name = QString::fromStdString(scene.context(root).name);
    const QString what =
        deadline ? Words::tr("Deadline of %1").arg(name) : Words::tr("Cancelled %1").arg(name);
    const int contexts = int(wave.reached);
    const QString reached =
        contexts == 1 ? Words::tr("1 context reached") : Words::tr("%1 contexts reached").arg(contexts);
    const QString left = alive == 0   ? Words::tr("no worker left")
                         : alive == 1 ? Words::tr("1 worker still alive")
                                      : Words::tr("%1 workers still alive").arg(alive);
    const QString workers = wave.finished ? left : Words::tr("more to come");
    const QFont bold = Theme::uiFont(13, QFont::DemiBold), normal = Theme::uiFont(13);
    const QString head = QFontMetricsF(bold).elidedText(what, Qt::ElideMiddle, 260);
    const QString tail = reached + QStringLiteral("  ·  ") + workers;
    const double headWidth = QFontMetricsF(bold).horizontalAdvance(head);
    const double tailWidth = QFontMetricsF(normal).horizontalAdvance(tail);
    QRectF box(edge, view.size.height() - edge - 34, headWidth + tailWidth + 64, 34);
    if (box.right() > zoomBox(view.size).left() - 10) box.moveBottom(zoomBox(view.size).top() - 10);
    const Mark mark = deadline ? Mark::Deadline : Mark::Cancelled;
    p.setOpacity(strength);
    p.setPen(QPen(mix(theme().panelBorder, theme().color(mark), 0.7), 1));
    p.setBrush(mix(theme().panel, theme().color(mark),
                   theme().highContrast ? 0
                   : theme().isDark     ? 0.16
                                        : 0.07));
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    paintGlyph(p, deadline ? Glyph::Hourglass : Glyph::Cross, theme().color(mark),
               {box.left() + 12, box.center().y() - 8, 16, 16});
    p.setFont(bold);
    p.setPen(theme().text);
    p.drawText(box.adjusted(38, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, head);
    p.setFont(normal);
    p.setPen(theme().isDark ? theme().mutedText : theme().text);
    p.drawText(box.adjusted(50 + headWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, tail);
    p.setOpacity(1);
}

void TreeOverlay::paintZoom(QPainter& p, const View& view) {
    plate(p, zoomBox(view.size));
    constexpr Part parts[] = {Part::ZoomOut, Part::ZoomReset, Part::ZoomIn, Part::Fit};
    const QString icons[] = {QStringLiteral("minus"), QString(), QStringLiteral("add"),
                             QStringLiteral("fit")};
    for (int i = 0; i < 4; ++i) {
        const QRectF box = zoomCell(view.size, i);
        if (view.hovered == parts[i]) {
            p.setPen(Qt::NoPen);
            p.setBrush(theme().controlHover);
            p.drawRoundedRect(box.adjusted(3, 3, -3, -3), 6, 6);
        }
        if (icons[i].isEmpty()) continue;
        constexpr double side = 15;
        Icons::paint(p, icons[i], theme().mutedText,
                     {box.center().x() - side / 2, box.center().y() - side / 2, side, side});
    }
    p.setFont(Theme::uiFont(12, QFont::DemiBold));
    p.setPen(theme().text);
    const double percent = view.camera.zoom * 100;
    p.drawText(zoomCell(view.size, 1), Qt::AlignCenter,
               Words::tr("%1%").arg(percent, 0, 'f',
                                    percent < 1    ? 2
                                    : percent < 10 ? 1
                                                   : 0));
}

void TreeOverlay::paintMinimap(QPainter& p, const TreeScene& scene, const View& view) {
    const QRectF box = minimapBox(scene, view.size);
    const Camera camera = minimapCamera(scene, box);
    const qreal ratio = view.devicePixelRatio;
    if (m_minimap.isNull() || m_minimap.devicePixelRatio() != ratio ||
        m_minimap.size() != (box.size() * ratio).toSize()) {
        m_minimap = QPixmap((box.size() * ratio).toSize());
        m_minimap.setDevicePixelRatio(ratio);
        m_minimap.fill(Qt::transparent);
        QPainter map(&m_minimap);
        TreePainter::paintPlain(map, scene, camera, QRectF(QPointF(), box.size()));
    }
    plate(p, box);
    p.drawPixmap(box.topLeft(), m_minimap);
    QRectF shown = camera.toView(view.camera.toScene(QRectF(QPointF(), view.size))).translated(box.topLeft());
    const QRectF inside = box.adjusted(2, 2, -2, -2);
    if (!shown.intersects(inside)) return;
    constexpr double least = 8;
    const double widen = std::max(0.0, least - shown.width()) / 2,
                 heighten = std::max(0.0, least - shown.height()) / 2;
    shown = shown.adjusted(-widen, -heighten, widen, heighten).intersected(inside);
    QColor light = theme().accent;
    light.setAlphaF(0.12f);
    p.setPen(QPen(theme().accent, 1.4));
    p.setBrush(light);
    p.drawRoundedRect(shown, 3, 3);
}

void TreeOverlay::paintHint(QPainter& p, const TreeScene& scene, const View& view) {
    double y = view.size.height() / 2;
    if (!scene.isEmpty()) y = view.camera.toView(scene.rect(0)).bottom() + 28;
    y = std::min(y, view.size.height() - 110);
    p.setFont(Theme::uiFont(15, QFont::DemiBold));
    p.setPen(theme().text);
    const QRectF head(0, y, view.size.width(), 24);
    const bool waits = !scene.state().scenario().empty();
    p.drawText(head, Qt::AlignCenter,
               waits ? Words::tr("The scenario has not begun") : Words::tr("Only Background is here"));
    p.setFont(Theme::uiFont(13));
    p.setPen(theme().mutedText);
    p.drawText(head.translated(0, 26), Qt::AlignCenter,
               waits ? Words::tr("Press Run, or the space bar")
                     : Words::tr("Press N then T for a WithTimeout child, or pick a scenario"));
}
