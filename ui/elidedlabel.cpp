// SPDX-License-Identifier: MIT
#include "elidedlabel.h"

#include "canvas/theme.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

ElidedLabel::ElidedLabel(QWidget* parent) : QFrame(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : ElidedLabel(parent) {
    setText(text);
}

void ElidedLabel::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    setAccessibleName(text);
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
    update();
}

void ElidedLabel::setRoomFor(const QString& longest) {
    m_longest = longest;
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    updateGeometry();
}

void ElidedLabel::setMuted(bool muted) {
    m_muted = muted;
    update();
}

void ElidedLabel::setHref(const QString& href) {
    if (href == m_href) return;
    m_href = href;
    if (href.isEmpty())
        unsetCursor();
    else
        setCursor(Qt::PointingHandCursor);
    setFocusPolicy(href.isEmpty() ? Qt::NoFocus : Qt::StrongFocus);
    update();
}

QSize ElidedLabel::sizeHint() const {
    const int width = m_longest.isEmpty() ? 80 : fontMetrics().horizontalAdvance(m_longest) + 2;
    return {width, fontMetrics().height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const {
    return {m_longest.isEmpty() ? 24 : sizeHint().width(), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent* event) {
    QFrame::paintEvent(event);
    QPainter painter(this);
    painter.setPen(!m_href.isEmpty() ? theme().accent : m_muted ? theme().mutedText : theme().text);
    if (hasFocus()) {
        QFont underlined = font();
        underlined.setUnderline(true);
        painter.setFont(underlined);
    }
    painter.drawText(contentsRect(), static_cast<int>(m_alignment) | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_text, Qt::ElideRight, contentsRect().width()));
}

void ElidedLabel::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_href.isEmpty() && event->button() == Qt::LeftButton && rect().contains(event->pos()))
        emit linkActivated(m_href);
    else
        QFrame::mouseReleaseEvent(event);
}

void ElidedLabel::keyPressEvent(QKeyEvent* event) {
    const bool pressed =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (!m_href.isEmpty() && pressed)
        emit linkActivated(m_href);
    else
        QFrame::keyPressEvent(event);
}

bool ElidedLabel::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        const bool cut = fontMetrics().horizontalAdvance(m_text) > contentsRect().width();
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), cut ? m_text : QString(), this);
        return true;
    }
    return QFrame::event(event);
}
