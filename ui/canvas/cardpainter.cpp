// SPDX-License-Identifier: MIT
#include "canvas/cardpainter.h"

#include "canvas/icons.h"

#include <QFontMetricsF>
#include <QHashFunctions>
#include <QPainter>

#include <algorithm>

namespace {

constexpr double smallestText = 11;
constexpr int shownDots = 5;
constexpr double leastNamed = 80; // narrower cards would show stumps of names

/// Kinds differ by icon first; the hue only helps the eye.
QColor kindColor(lab::context_kind kind) {
    const Theme& t = theme();
    if (t.highContrast) return t.text;
    switch (kind) {
    case lab::context_kind::with_deadline:
    case lab::context_kind::with_deadline_cause:
    case lab::context_kind::with_timeout:
    case lab::context_kind::with_timeout_cause:
        return t.isDark ? QColor(0xf0b45a) : QColor(0x7a5a00);
    case lab::context_kind::with_value:
        return t.isDark ? QColor(0xb9a4ff) : QColor(0x5b3fc4);
    case lab::context_kind::without_cancel:
        return t.isDark ? QColor(0x5fd0c5) : QColor(0x0a6b66);
    case lab::context_kind::background:
    case lab::context_kind::todo:
        return t.mutedText;
    default:
        return t.accent;
    }
}

void drawElided(QPainter& p, const QRectF& box, Qt::Alignment where, const QString& text) {
    const QFontMetricsF metrics(p.font());
    p.drawText(box, int(where | Qt::AlignVCenter | Qt::TextSingleLine),
               metrics.elidedText(text, Qt::ElideRight, box.width()));
}

struct Workers {
    explicit Workers(const CardLook& look, const CardGeometry& g)
        : dots(int(std::min<qsizetype>(look.workers.size(), shownDots))),
          dot(std::max(9.0, g.smallPixels * 0.9)), icon(g.smallPixels + 1),
          font(Theme::uiFont(g.smallPixels, QFont::Medium)), count(QString::number(look.liveWorkers)) {
        if (look.liveWorkers > 0)
            width = dots * (dot + 1) + 4 + icon + 3 + QFontMetricsF(font).horizontalAdvance(count);
    }

    int dots;
    double dot, icon;
    QFont font;
    QString count;
    double width = 0;
};

/// At the right end of the third line: a mark a worker, then how many there are.
void paintWorkers(QPainter& p, const CardLook& look, const CardGeometry& g) {
    const Workers w(look, g);
    if (w.width <= 0) return;
    double x = g.third.right() - w.width;
    const double y = g.third.center().y();
    for (int i = 0; i < w.dots; ++i, x += w.dot + 1) {
        const Badge b = badgeOf(look.workers[i]);
        paintGlyph(p, b.glyph, theme().color(b.mark), {x, y - w.dot / 2, w.dot, w.dot});
    }
    x += 4;
    Icons::paint(p, QStringLiteral("worker"), theme().mutedText, {x, y - w.icon / 2, w.icon, w.icon});
    p.setFont(w.font);
    p.setPen(theme().mutedText);
    p.drawText(g.third, int(Qt::AlignVCenter | Qt::AlignRight), w.count);
}

/// What the workers leave free of the third line.
QRectF restOfThird(const CardLook& look, const CardGeometry& g) {
    const double taken = Workers(look, g).width;
    return g.third.adjusted(0, 0, taken > 0 ? -taken - 8 : 0, 0);
}

void paintBody(QPainter& p, const CardLook& look, const QRectF& box, double radius) {
    const Theme& t = theme();
    const bool ended = look.badge.mark == Mark::Cancelled || look.badge.mark == Mark::Deadline;
    if (box.width() > 60 && !t.highContrast) {
        p.setPen(Qt::NoPen);
        QColor shade = t.shadow;
        for (int i = 3; i >= 1; --i) {
            shade.setAlpha(t.shadow.alpha() / (2 * i));
            p.setBrush(shade);
            p.drawRoundedRect(box.adjusted(-i + 1, -i + 2, i - 1, i + 0.5), radius + i, radius + i);
        }
    }
    const double strength = t.isDark ? 0.13 : 0.055;
    p.setBrush(ended ? t.tint(look.badge.mark, strength) : t.card);
    const QColor border = ended ? mix(t.cardBorder, t.color(look.badge.mark), 0.75) : t.cardBorder;
    p.setPen(
        QPen(look.ghost ? mix(border, t.card, 0.3) : border, 1, look.ghost ? Qt::DashLine : Qt::SolidLine));
    p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

void paintIconTile(QPainter& p, const CardLook& look, const CardGeometry& g) {
    if (g.iconTile.isEmpty()) return;
    const QColor color = kindColor(look.kind);
    p.setPen(Qt::NoPen);
    p.setBrush(mix(theme().card, color, theme().isDark ? 0.16 : 0.09));
    p.drawRoundedRect(g.iconTile, g.iconTile.width() * 0.24, g.iconTile.width() * 0.24);
    const double inset = g.iconTile.width() * 0.22;
    Icons::paint(p, Icons::kindName(look.kind), color, g.iconTile.adjusted(inset, inset, -inset, -inset));
}

} // namespace

std::size_t CardLook::hash() const {
    std::size_t h = qHashMulti(0, name, detail, int(kind), int(badge.mark), int(badge.glyph), liveWorkers,
                               timer, ghost, faded);
    for (lab::worker_state w : workers) h = qHashMulti(h, int(w));
    return h;
}

CardGeometry::CardGeometry(QSizeF size, double zoom) {
    const double w = size.width(), h = size.height();
    const double scale = std::max(1.0, zoom);
    radius = std::clamp(9 * zoom, 2.0, 16.0);
    namePixels = std::max(smallestText, 13.5 * zoom);
    smallPixels = smallestText * scale;
    const double pad = std::max(3.0, 8 * zoom), side = std::max(5.0, 11 * zoom);
    const double nameLine = namePixels * 1.3, smallLine = smallPixels * 1.36;
    const double room = h - 2 * pad + 2;
    lines = room >= nameLine + 2 * smallLine ? 3
            : room >= nameLine + smallLine   ? 2
            : room >= nameLine * 0.92        ? 1
                                             : 0;
    if (w < leastNamed) lines = 0;

    double left = side;
    if (w >= 118) {
        const double tile = std::min(31 * zoom, h - 2 * pad);
        iconTile = {side, lines >= 2 ? pad + 1 * zoom : (h - tile) / 2, tile, tile};
        left += tile + std::max(6.0, 10 * zoom);
    }
    const double mark = std::clamp(15 * zoom, 9.0, 30.0);
    const double spare = std::max(0.0, room - nameLine - (lines - 1) * smallLine);
    const double gap = lines > 1 ? std::min(spare / (lines - 1), 4 * scale) : 0;
    const double used = nameLine + (lines - 1) * (smallLine + gap);
    double y = std::max(pad - 1, (h - used) / 2);
    name = {left, y, w - left - side - mark - 3, nameLine};
    badge = lines == 0 ? QRectF((w - mark) / 2, (h - mark) / 2, mark, mark)
                       : QRectF(w - side - mark + mark * 0.15, y + (nameLine - mark) / 2, mark, mark);
    y += nameLine + gap;
    second = {left, y, w - left - side, smallLine};
    y += smallLine + gap;
    third = {left, y, w - left - side, smallLine};
}

void paintCard(QPainter& p, const CardLook& look, QSizeF size, double zoom) {
    const Theme& t = theme();
    const CardGeometry g(size, zoom);
    p.save();
    p.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    if (look.faded) p.setOpacity(0.28);
    paintBody(p, look, QRectF(QPointF(), size), g.radius);
    if (look.ghost) p.setOpacity(p.opacity() * 0.62);
    paintIconTile(p, look, g);
    const bool badgeFits = g.lines > 0 || size.width() >= plainCardWidth;
    if (badgeFits) paintGlyph(p, look.badge.glyph, t.color(look.badge.mark), g.badge);
    if (g.lines >= 1) {
        p.setFont(Theme::uiFont(g.namePixels, QFont::DemiBold));
        p.setPen(t.text);
        drawElided(p, g.name, Qt::AlignLeft, look.name);
    }
    if (g.lines >= 2) {
        p.setFont(Theme::uiFont(g.smallPixels, QFont::Medium));
        p.setPen(t.text);
        const QString word = look.timer ? QString() : look.badge.word;
        const double wordWidth = word.isEmpty() ? 0 : QFontMetricsF(p.font()).horizontalAdvance(word) + 8;
        drawElided(p, g.second, Qt::AlignRight, word);
        p.setFont(Theme::codeFont(g.smallPixels));
        p.setPen(kindColor(look.kind));
        const double timeWidth = look.timer ? g.smallPixels * 4.4 : wordWidth;
        drawElided(p, g.second.adjusted(0, 0, -timeWidth, 0), Qt::AlignLeft, look.kindName);
    }
    if (g.lines >= 3) {
        paintWorkers(p, look, g);
        if (!look.timer && !look.detail.isEmpty()) {
            p.setFont(look.detailIsCode ? Theme::codeFont(g.smallPixels) : Theme::uiFont(g.smallPixels));
            p.setPen(t.mutedText);
            drawElided(p, restOfThird(look, g), Qt::AlignLeft, look.detail);
        }
    }
    p.restore();
}

void paintTimer(QPainter& p, const CardLook& look, const CardGeometry& g, double left, const QString& text) {
    const Theme& t = theme();
    p.setOpacity(look.faded ? 0.28 : 1);
    if (g.lines >= 2) {
        p.setFont(Theme::uiFont(g.smallPixels, QFont::DemiBold));
        p.setPen(t.text);
        p.drawText(g.second, int(Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine), text);
    }
    if (g.lines < 3) {
        p.setOpacity(1);
        return;
    }
    const QRectF room = restOfThird(look, g);
    const QRectF bar(room.left(), room.center().y() - 2, room.width(), 4);
    p.setPen(Qt::NoPen);
    p.setBrush(t.track);
    p.drawRoundedRect(bar, 2, 2);
    p.setBrush(t.color(look.badge.mark));
    const double width = std::max(left > 0 ? 4.0 : 0.0, bar.width() * std::clamp(left, 0.0, 1.0));
    p.drawRoundedRect(QRectF(bar.left(), bar.top(), width, bar.height()), 2, 2);
    p.setOpacity(1);
}
