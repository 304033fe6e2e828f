// SPDX-License-Identifier: MIT
#include "canvas/treepainter.h"

#include "canvas/treeedges.h"

#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>
#include <vector>

namespace {

constexpr int spriteKilobytes = 96 * 1024;
constexpr double leastSoftGlow = 0.45; // cards smaller than this are many; they get a plain outline
constexpr int glowLevels = 16;

/// Cards stand on whole device pixels: a sprite is copied, never resampled.
QPointF snapped(const QPointF& p, qreal ratio) {
    return {std::round(p.x() * ratio) / ratio, std::round(p.y() * ratio) / ratio};
}

QRectF cardOnScreen(const TreeScene& scene, int node, const TreePainter::View& view) {
    const QPointF corner = snapped(view.camera.toView(scene.place(node)), view.devicePixelRatio);
    return {corner, QSizeF(cardWidth * view.camera.scaleX, cardHeight * view.camera.scaleY)};
}

void outline(QPainter& p, const QRectF& card, double zoom, const QColor& color, double width,
             double outside) {
    const double radius = CardGeometry(card.size(), zoom).radius + outside;
    p.setPen(QPen(color, width));
    p.setBrush(Qt::NoBrush);
    p.drawRoundedRect(card.adjusted(-outside, -outside, outside, outside), radius, radius);
}

void glowAround(QPainter& p, const QRectF& card, double zoom, QColor color, double strength) {
    for (const auto& [width, alpha] : {std::pair(9.0, 0.13), std::pair(6.0, 0.2), std::pair(3.0, 0.35)}) {
        color.setAlphaF(float(alpha * strength));
        outline(p, card, zoom, color, width, 1);
    }
    color.setAlphaF(float(strength));
    outline(p, card, zoom, color, 1.6, 0);
}

void glowAlong(QPainter& p, const QPainterPath& path, double zoom, QColor color, double strength) {
    p.setBrush(Qt::NoBrush);
    for (const auto& [width, alpha] : {std::pair(9.0, 0.14), std::pair(5.0, 0.3), std::pair(2.4, 1.0)}) {
        if (zoom < leastSoftGlow && alpha < 1) continue;
        color.setAlphaF(float(alpha * strength));
        p.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
        p.drawPath(path);
    }
}

void pulse(QPainter& p, const QPointF& at, QColor color, double strength) {
    p.setPen(Qt::NoPen);
    for (const auto& [radius, alpha] : {std::pair(8.0, 0.18), std::pair(5.5, 0.35), std::pair(3.2, 1.0)}) {
        color.setAlphaF(float(alpha * strength));
        p.setBrush(color);
        p.drawEllipse(at, radius, radius);
    }
}

/// With more edges than this in view, which are a thicket anyway, each is a plain line.
constexpr std::size_t mostCurves = 1500;

/// The first `part` of a path, as a polyline.
QPainterPath beginning(const QPainterPath& path, double part) {
    if (part >= 1) return path;
    QPainterPath out(path.pointAtPercent(0));
    constexpr int pieces = 16;
    for (int i = 1; i <= pieces; ++i) out.lineTo(path.pointAtPercent(part * i / pieces));
    return out;
}

} // namespace

TreePainter::TreePainter() : m_sprites(spriteKilobytes) {}

void TreePainter::paint(QPainter& p, const TreeScene& scene, const TreeMotion& motion, const View& view) {
    p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    p.fillRect(QRectF(QPointF(), view.size), theme().canvas);
    if (!view.asPicture) paintGrid(p, view);
    if (scene.isEmpty()) return;
    if (view.camera.isPlain()) {
        paintPlain(p, scene, view.camera, QRectF(QPointF(), view.size));
        p.setRenderHint(QPainter::Antialiasing);
    } else {
        paintEdges(p, scene, view);
        paintCards(p, scene, view);
    }
    paintWave(p, scene, motion, view);
    paintLookup(p, scene, motion, view);
    paintSelection(p, scene, view);
}

void TreePainter::paintGrid(QPainter& p, const View& view) {
    double step = 26 * view.camera.zoom;
    while (step < 18) step *= 2;
    while (step > 40) step /= 2;
    const int side = std::max(1, int(std::round(step * view.devicePixelRatio)));
    const QString key =
        QStringLiteral("%1 %2 %3").arg(side).arg(view.devicePixelRatio).arg(theme().grid.name());
    if (key != m_gridKey) {
        m_gridKey = key;
        m_grid = QPixmap(side, side);
        m_grid.fill(theme().canvas);
        QPainter dot(&m_grid);
        const int size = std::max(1, int(std::round(1.2 * view.devicePixelRatio)));
        dot.fillRect(side / 2, side / 2, size, size, mix(theme().grid, theme().mutedText, 0.12));
    }
    const double tile = side / view.devicePixelRatio;
    const QPointF origin(std::fmod(view.camera.offset.x(), tile) - tile,
                         std::fmod(view.camera.offset.y(), tile) - tile);
    QBrush brush(m_grid);
    QTransform place = QTransform::fromTranslate(std::round(origin.x()), std::round(origin.y()));
    place.scale(1 / view.devicePixelRatio, 1 / view.devicePixelRatio);
    brush.setTransform(place);
    p.fillRect(QRectF(QPointF(), view.size), brush);
}

void TreePainter::paintEdges(QPainter& p, const TreeScene& scene, const View& view) {
    std::array<EdgeLines, markCount> ended;
    EdgeLines alive, cut, faded;
    QList<QPointF> cuts;
    const Camera& camera = view.camera;
    LongEdges crossing(view.size.height());
    std::vector<int> shown;
    scene.forEdgesIn(camera.toScene(QRectF(QPointF(), view.size)), [&](int child) {
        if (!crossing.isRepeated(scene, camera, child)) shown.push_back(child);
    });
    const bool thicket = shown.size() > mostCurves && !view.asPicture;
    for (const int child : shown) {
        const lab::context_info& c = scene.context(child);
        const Mark mark = scene.mark(child);
        EdgeLines* into = &alive;
        if (!scene.matches(child) || !scene.isMade(child))
            into = &faded;
        else if (c.kind == lab::context_kind::without_cancel)
            into = &cut;
        else if (c.state != lab::context_state::active)
            into = &ended[std::size_t(mark)];
        if (thicket) {
            into->plain.append(plainEdge(scene, camera, child));
        } else {
            const QPainterPath edge = edgePath(scene, camera, view.size.height(), child);
            into->add(edge);
            if (into == &cut) cuts.append(edge.pointAtPercent(0.5));
        }
    }
    p.setRenderHint(QPainter::Antialiasing, !thicket);
    const double width = std::clamp(1.5 * camera.zoom, 1.0, 3.0);
    const Theme& t = theme();
    p.setBrush(Qt::NoBrush);
    const auto stroke = [&](const EdgeLines& edges, const QColor& color, double w, Qt::PenStyle style) {
        QPen pen(color, thicket ? 0 : w, thicket ? Qt::SolidLine : style, Qt::FlatCap);
        if (pen.style() == Qt::CustomDashLine) pen.setDashPattern({5, 4});
        p.setPen(pen);
        for (const QPainterPath& piece : edges.curves) p.drawPath(piece);
        p.drawLines(edges.plain);
    };
    stroke(faded, mix(t.canvas, t.edge, 0.3), width, Qt::SolidLine);
    stroke(alive, t.edge, width, Qt::SolidLine);
    for (int i = 0; i < markCount; ++i)
        stroke(ended[std::size_t(i)], mix(t.canvas, t.marks[std::size_t(i)], 0.8), width * 1.2,
               Qt::SolidLine);
    stroke(cut, mix(t.canvas, t.color(Mark::Inert), 0.95), width, Qt::CustomDashLine);
    p.setRenderHint(QPainter::Antialiasing);
    if (camera.zoom < 0.3) return;
    // The cut itself: two strokes across the dashed edge.
    for (const QPointF& middle : cuts) {
        const double s = 6 * std::max(0.7, camera.zoom);
        p.setPen(QPen(t.canvas, s * 0.9));
        p.drawLine(middle - QPointF(s * 0.35, 0), middle + QPointF(s * 0.35, 0));
        p.setPen(QPen(t.color(Mark::Inert), 1.6, Qt::SolidLine, Qt::RoundCap));
        for (double x : {-0.35, 0.35})
            p.drawLine(middle + QPointF(s * (x - 0.25), s * 0.7), middle + QPointF(s * (x + 0.25), -s * 0.7));
    }
}

const QPixmap& TreePainter::sprite(const TreeScene& scene, int node, const View& view,
                                   const CardGeometry& geometry) {
    const CardLook& look = scene.look(node);
    const double zoom = view.camera.zoom, ratio = view.devicePixelRatio;
    // Without text two cards of the same state look the same.
    const bool nameless = geometry.lines == 0;
    const std::size_t hash = nameless ? qHashMulti(0, int(look.kind), int(look.badge.mark),
                                                   int(look.badge.glyph), look.ghost, look.faded)
                                      : look.hash();
    const Key key{nameless ? 0 : scene.id(node), hash, int(std::round(zoom * 1000)),
                  int(std::round(ratio * 100))};
    if (const QPixmap* known = m_sprites.object(key)) return *known;
    const QSizeF size = QSizeF(cardWidth, cardHeight) * zoom;
    const QSize pixels(int(std::ceil((size.width() + 2 * cardMargin) * ratio)),
                       int(std::ceil((size.height() + 2 * cardMargin) * ratio)));
    auto* pixmap = new QPixmap(pixels);
    pixmap->setDevicePixelRatio(ratio);
    pixmap->fill(Qt::transparent);
    {
        QPainter p(pixmap);
        p.translate(cardMargin, cardMargin);
        paintCard(p, look, size, zoom);
    }
    m_sprites.insert(key, pixmap, std::max(1, pixels.width() * pixels.height() * 4 / 1024));
    return *pixmap;
}

void TreePainter::paintCards(QPainter& p, const TreeScene& scene, const View& view) {
    const double zoom = view.camera.zoom;
    const CardGeometry geometry(QSizeF(cardWidth, cardHeight) * zoom, zoom);
    const QRectF area = view.camera.toScene(
        QRectF(QPointF(), view.size).adjusted(-cardMargin, -cardMargin, cardMargin, cardMargin));
    const lab::lab_time now = scene.state().now();
    scene.forNodesIn(area, [&](int node) {
        const QRectF card = cardOnScreen(scene, node, view);
        if (view.asPicture) {
            p.translate(card.topLeft());
            paintCard(p, scene.look(node), card.size(), zoom);
            p.translate(-card.topLeft());
        } else {
            p.drawPixmap(card.topLeft() - QPointF(cardMargin, cardMargin),
                         sprite(scene, node, view, geometry));
        }
        const CardLook& look = scene.look(node);
        if (!look.timer || geometry.lines < 2) return;
        const lab::context_info& c = scene.context(node);
        const auto whole = (*c.own_deadline - c.created).count();
        const auto left = (*c.own_deadline - now).count();
        p.save();
        p.translate(card.topLeft());
        paintTimer(p, look, geometry, whole > 0 ? double(left) / double(whole) : 0,
                   remainingText(*c.own_deadline - now));
        p.restore();
    });
}

void TreePainter::paintPlain(QPainter& p, const TreeScene& scene, const Camera& camera, const QRectF& area) {
    const Theme& t = theme();
    p.setRenderHint(QPainter::Antialiasing, false);
    const QRectF visible = camera.toScene(area);
    const auto pixel = [](double v) { return int(std::floor(v)); };

    QList<QLine> edges;
    QLine last;
    scene.forEdgesIn(visible, [&](int child) {
        const QPointF from =
            camera.toView(scene.place(scene.parent(child)) + QPointF(cardWidth, cardHeight / 2));
        const QPointF to = camera.toView(scene.place(child) + QPointF(0, cardHeight / 2));
        const QLine line(pixel(from.x()), pixel(from.y()), pixel(to.x()), pixel(to.y()));
        if (line == last) return;
        last = line;
        edges.append(line);
    });
    p.setPen(QPen(mix(t.canvas, t.edge, 0.55), 0));
    p.drawLines(edges);

    std::array<QList<QRect>, markCount> cards;
    const int width = std::max(2, pixel(cardWidth * camera.scaleX)),
              height = std::max(1, pixel(cardHeight * camera.scaleY));
    int column = -1, row = 0;
    unsigned drawn = 0; // marks already on this pixel row of this column
    scene.forNodesIn(visible, [&](int node) {
        const QPointF corner = camera.toView(scene.place(node));
        const int y = pixel(corner.y());
        if (scene.column(node) != column || y != row) drawn = 0;
        column = scene.column(node);
        row = y;
        const Mark mark = scene.matches(node) ? scene.mark(node) : Mark::Inert;
        if (!scene.isMade(node)) return;
        const unsigned bit = 1u << unsigned(mark);
        if (drawn & bit) return;
        drawn |= bit;
        cards[std::size_t(mark)].append(QRect(pixel(corner.x()), y, width, height));
    });
    p.setPen(Qt::NoPen);
    // Where several share a pixel, the one that tells most is on top.
    for (Mark mark : {Mark::Inert, Mark::Finished, Mark::Active, Mark::Waiting, Mark::Deadline,
                      Mark::Cancelled, Mark::Leaked}) {
        p.setBrush(mark == Mark::Inert ? mix(t.canvas, t.color(mark), 0.7) : t.color(mark));
        p.drawRects(cards[std::size_t(mark)]);
    }
}

void TreePainter::paintWave(QPainter& p, const TreeScene& scene, const TreeMotion& motion, const View& view) {
    const int root = scene.indexOf(motion.waveRoot());
    if (motion.news(view.now) <= 0 || root < 0) return;
    const QColor color = theme().color(scene.mark(root));
    const double zoom = view.camera.zoom;
    const auto glowOf = [&](int node) { return motion.glow(scene.id(node), view.now); };
    std::array<QPainterPath, glowLevels + 1> lit;
    std::array<QList<QRect>, glowLevels + 1> outlines;
    QList<QPointF> pulses;
    const QRectF area = view.camera.toScene(QRectF(QPointF(), view.size));
    scene.forEdgesIn(area, [&](int child) {
        const TreeMotion::Glow g = glowOf(child);
        if (g.strength <= 0 || g.travelled <= 0 || scene.id(child) == motion.waveRoot()) return;
        const QPainterPath path = edgePath(scene, view.camera, view.size.height(), child);
        // Edges of the same brightness are one path: a wave may light a thousand.
        lit[std::size_t(std::ceil(g.strength * glowLevels))].addPath(beginning(path, g.travelled));
        if (g.travelled < 1 || scene.id(child) == motion.front())
            pulses.append(path.pointAtPercent(g.travelled));
    });
    for (int i = 1; i <= glowLevels; ++i)
        if (!lit[std::size_t(i)].isEmpty())
            glowAlong(p, lit[std::size_t(i)], zoom, color, double(i) / glowLevels);
    for (const QPointF& at : pulses) pulse(p, at, color, 1);
    if (view.camera.isPlain()) return;
    scene.forNodesIn(area, [&](int node) {
        const TreeMotion::Glow g = glowOf(node);
        if (g.strength <= 0 || g.travelled < 1) return;
        const QRectF card = cardOnScreen(scene, node, view);
        if (zoom < leastSoftGlow)
            outlines[std::size_t(std::ceil(g.strength * glowLevels))].append(
                card.adjusted(-1, -1, 1, 1).toRect());
        else
            glowAround(p, card, zoom, color, g.strength);
    });
    p.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 1; i <= glowLevels; ++i) {
        QColor light = color;
        light.setAlphaF(float(i) / glowLevels);
        p.setPen(QPen(light, 2));
        p.setBrush(Qt::NoBrush);
        p.drawRects(outlines[std::size_t(i)]);
    }
    p.setRenderHint(QPainter::Antialiasing);
}

void TreePainter::paintLookup(QPainter& p, const TreeScene& scene, const TreeMotion& motion,
                              const View& view) {
    const TreeMotion::Walk walk = motion.walk(view.now);
    if (walk.strength <= 0) return;
    const lab::lookup_info& lookup = scene.state().lookup();
    const QColor color = theme().accent;
    QColor light = color;
    light.setAlphaF(float(walk.strength));
    const int reached = int(walk.hops);
    for (int i = 0; i < int(lookup.path.size()) && i <= reached + 1; ++i) {
        const int node = scene.indexOf(lookup.path[std::size_t(i)]);
        if (node < 0) continue;
        if (i <= reached) outline(p, cardOnScreen(scene, node, view), view.camera.zoom, light, 2, 1);
        if (i == 0) continue;
        const int below = scene.indexOf(lookup.path[std::size_t(i - 1)]);
        if (below < 0 || scene.parent(below) != node) continue;
        const double part = std::clamp(walk.hops - (i - 1), 0.0, 1.0);
        if (part <= 0) continue;
        const QPainterPath path = edgePath(scene, view.camera, view.size.height(), below).toReversed();
        glowAlong(p, beginning(path, part), view.camera.zoom, color, walk.strength);
        if (part < 1) pulse(p, path.pointAtPercent(part), color, 1);
    }
    if (reached + 1 < int(lookup.path.size())) return;
    const int last = lookup.path.empty() ? scene.indexOf(lookup.from) : scene.indexOf(lookup.path.back());
    if (last < 0) return;
    const QRectF card = cardOnScreen(scene, last, view);
    if (lookup.found) glowAround(p, card, view.camera.zoom, color, walk.strength);
    const QString said = lookup.found ? QString::fromStdString(lookup.value) : QStringLiteral("nil");
    p.setFont(Theme::codeFont(12, QFont::DemiBold));
    const QString text = p.fontMetrics().elidedText(said, Qt::ElideRight, 220);
    QRectF tag(0, 0, p.fontMetrics().horizontalAdvance(text) + 18, 24);
    tag.moveBottomLeft(card.topLeft() + QPointF(8, -4));
    p.setOpacity(walk.strength);
    p.setPen(Qt::NoPen);
    p.setBrush(theme().button);
    p.drawRoundedRect(tag, 7, 7);
    p.setPen(theme().buttonText);
    p.drawText(tag, Qt::AlignCenter, text);
    p.setOpacity(1);
}

void TreePainter::paintSelection(QPainter& p, const TreeScene& scene, const View& view) {
    const auto ring = [&](lab::id_t id, QColor color, double width) {
        const int node = scene.indexOf(id);
        if (node < 0) return;
        QRectF card = cardOnScreen(scene, node, view);
        const double lacking = std::max(0.0, 8 - std::min(card.width(), card.height())) / 2;
        card.adjust(-lacking, -lacking, lacking, lacking);
        outline(p, card, view.camera.zoom, color, width, 1.5);
        if (width < 2 || !view.focused) return;
        color.setAlphaF(0.25f);
        outline(p, card, view.camera.zoom, color, 4, 4);
    };
    if (view.hovered && view.hovered != view.selected)
        ring(view.hovered, mix(theme().accent, theme().canvas, 0.4), 1.3);
    if (view.selected) ring(view.selected, theme().accent, 2.2);
}
