// SPDX-License-Identifier: MIT
#include "statepill.h"

#include "type.h"

#include <QPainter>

StatePill::StatePill(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    Type::use(this, Type::Rank::Small);
}

void StatePill::setState(const Badge& badge, const QString& word) {
    if (badge.mark == m_badge.mark && badge.glyph == m_badge.glyph && word == m_word) return;
    m_badge = badge;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize StatePill::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_word) + 34, fontMetrics().height() + 6};
}

void StatePill::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(theme().color(m_badge.mark));
    painter.setBrush(theme().tint(m_badge.mark, 0.14));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    paintGlyph(painter, m_badge.glyph, theme().color(m_badge.mark),
               QRectF(8, box.center().y() - 5.5, 11, 11));
    painter.setPen(theme().text);
    painter.drawText(box.adjusted(23, 0, -9, 0), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

Badge StatePill::badgeFor(lab::client_state state) {
    switch (state) {
    case lab::client_state::in_flight:
        return {Mark::Active, Glyph::Disc, {}};
    case lab::client_state::answered:
        return {Mark::Finished, Glyph::Check, {}};
    case lab::client_state::aborted:
        return {Mark::Cancelled, Glyph::Cross, {}};
    case lab::client_state::timed_out:
        return {Mark::Deadline, Glyph::Hourglass, {}};
    case lab::client_state::failed:
        return {Mark::Leaked, Glyph::Triangle, {}};
    }
    return {};
}
