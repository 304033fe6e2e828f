// SPDX-License-Identifier: MIT
#include "canvas/rulertags.h"

#include "canvas/barpainter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RulerTags)
};

constexpr double tagHeight = 20, gap = 4;
/// Closer than this, lines of cancels would hide the lanes: they stay in the ruler.
constexpr double leastApart = 12;
constexpr double mostTagText = 150, leastTagText = 58;

} // namespace

RulerTags::RulerTags(const TimelinePainter::View& view) : m_view(view) {
    addPlayhead();
    addNow();
    addHover();
    addCancels();
}

QRectF RulerTags::boxAround(double x, const QString& text, const QFont& font) const {
    const double width = QFontMetricsF(font).horizontalAdvance(text) + 16;
    const TimeAxis& axis = m_view.axis;
    const double left =
        std::clamp(x - width / 2, axis.left + 2, std::max(axis.left + 2, axis.right() - width - 2));
    return {left, TimelinePainter::rulerHeight - 5 - tagHeight, width, tagHeight};
}

bool RulerTags::isFree(const QRectF& box) const {
    return std::none_of(m_tags.begin(), m_tags.end(),
                        [&](const Tag& t) { return t.box.adjusted(-gap, 0, gap, 0).intersects(box); });
}

void RulerTags::addPlayhead() {
    if (!m_view.playhead) return;
    const double x = std::round(m_view.axis.toPixel(*m_view.playhead)) + 0.5;
    if (x < m_view.axis.left || x > m_view.axis.right()) return;
    const QFont font = Theme::codeFont(11, QFont::DemiBold);
    const QString text = QStringLiteral("◀ %1 ▶").arg(momentText(*m_view.playhead));
    m_lines.push_back({x, theme().accent, Qt::SolidLine});
    m_tags.push_back({boxAround(x, text, font), text, theme().accent, inkOn(theme().accent), font});
}

void RulerTags::addNow() {
    const lab::lab_time now = m_view.state->now();
    const double x = std::round(m_view.axis.toPixel(now)) + 0.5;
    if (x < m_view.axis.left || x > m_view.axis.right()) return;
    const QFont font = Theme::codeFont(11, QFont::DemiBold);
    const QString text = momentText(now);
    const QRectF box = boxAround(x, text, font);
    m_lines.push_back({x, m_view.playhead ? theme().mutedText : theme().text, Qt::SolidLine});
    if (!m_view.playhead)
        m_tags.push_back({box, text, theme().text, theme().canvas, font});
    else if (isFree(box))
        m_tags.push_back({box, text, theme().track, theme().text, font});
}

void RulerTags::addHover() {
    if (m_view.hoverX < m_view.axis.left || m_view.hoverX > m_view.axis.right()) return;
    const double x = std::round(m_view.hoverX) + 0.5;
    m_lines.push_back({x, theme().mutedText, Qt::DotLine});
    const QFont font = Theme::codeFont(11);
    const lab::lab_time fine = std::max(lab::lab_time(1000), rulerStep(m_view.axis.perPixel, 2));
    const QString text = momentText(m_view.axis.toTime(x), fine);
    const QRectF box = boxAround(x, text, font);
    if (isFree(box)) m_tags.push_back({box, text, theme().track, theme().text, font});
}

void RulerTags::addCancels() {
    const TimeAxis& axis = m_view.axis;
    const QFont font = Theme::uiFont(11, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    double usedUntil = axis.left, lastLine = axis.left - 2;
    auto m = std::partition_point(m_view.marks->begin(), m_view.marks->end(),
                                  [&](const CancelMark& c) { return double(c.at.count()) < axis.from; });
    const auto last = std::partition_point(
        m, m_view.marks->end(), [&](const CancelMark& c) { return axis.toPixel(c.at) <= axis.right(); });
    const bool dense = double(last - m) * leastApart > axis.width;
    for (; m != last; ++m) {
        const double x = std::round(axis.toPixel(m->at)) + 0.5;
        if (x - lastLine < 1) continue;
        lastLine = x;
        const QColor color = theme().color(m->deadline ? Mark::Deadline : Mark::Cancelled);
        m_lines.push_back({x, color, Qt::DashLine, dense});
        if (usedUntil + gap > x - 3) continue; // whatever its text is
        const lab::context_info* c = m_view.state->context(m->context);
        const QString name = c ? QString::fromStdString(c->name) : QString();
        const QString full = (m->deadline ? Words::tr("deadline %1") : Words::tr("cancel %1")).arg(name);
        // Shifted or shortened, a tag still touches its line.
        for (double room : {mostTagText, 120.0, 100.0, 85.0, 70.0, leastTagText}) {
            const QString text = metrics.elidedText(full, Qt::ElideRight, room);
            QRectF box = boxAround(x, text, font);
            if (box.left() < usedUntil + gap) box.moveLeft(usedUntil + gap);
            if (box.left() > x - 3 || box.right() > axis.right() || !isFree(box)) continue;
            m_tags.push_back({box, text, color, inkOn(color), font});
            usedUntil = box.right();
            break;
        }
    }
}

void RulerTags::paintLines(QPainter& p) const {
    const double top = TimelinePainter::rulerHeight - 4, bottom = m_view.size.height();
    // The clock's line is on top of the others.
    for (auto line = m_lines.rbegin(); line != m_lines.rend(); ++line) {
        p.setPen(QPen(line->color, line->style == Qt::SolidLine ? 1.4 : 1.2, line->style));
        p.drawLine(QPointF(line->x, top),
                   QPointF(line->x, line->onlyInRuler ? TimelinePainter::rulerHeight : bottom));
    }
}

void RulerTags::paintLabels(QPainter& p) const {
    const TimeAxis& axis = m_view.axis;
    p.setFont(Theme::codeFont(11));
    p.setPen(theme().mutedText);
    const QFontMetricsF metrics(p.font());
    const lab::lab_time step = rulerStep(axis.perPixel, TimelinePainter::rulerPixels);
    for (lab::lab_time at : rulerMarks(axis, step)) {
        const QString text = momentText(at, step);
        const double width = metrics.horizontalAdvance(text) + 2;
        QRectF box(std::floor(axis.toPixel(at)) - width / 2, 4, width, TimelinePainter::rulerHeight - 11);
        if (box.left() < axis.left + 3) box.moveLeft(axis.left + 3);
        if (box.right() > axis.right() || !isFree(box)) continue;
        p.drawText(box, Qt::AlignCenter, text);
    }
}

void RulerTags::paintTags(QPainter& p) const {
    for (const Tag& tag : m_tags) {
        p.setFont(tag.font);
        paintTag(p, tag.box, tag.text, tag.fill, tag.ink);
    }
}
