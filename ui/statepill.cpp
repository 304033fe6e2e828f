// SPDX-License-Identifier: MIT
#include "statepill.h"

#include "type.h"

#include <QPainter>

StatePill::StatePill(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    Type::use(this, Type::Rank::Small);
}

void StatePill::setState(Mark mark, const QString& word) {
    if (mark == m_mark && word == m_word) return;
    m_mark = mark;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize StatePill::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_word) + 32, fontMetrics().height() + 6};
}

void StatePill::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(theme().color(m_mark));
    painter.setBrush(theme().tint(m_mark, 0.14));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().color(m_mark));
    painter.drawEllipse(QPointF(12, box.center().y()), 3.5, 3.5);
    painter.setPen(theme().text);
    painter.drawText(box.adjusted(21, 0, -9, 0), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

Mark StatePill::markFor(lab::context_state state) {
    switch (state) {
    case lab::context_state::active:
        return Mark::Active;
    case lab::context_state::canceled:
        return Mark::Cancelled;
    case lab::context_state::deadline_exceeded:
        return Mark::Deadline;
    }
    return Mark::Inert;
}

Mark StatePill::markFor(const lab::worker_info& worker) {
    switch (worker.state) {
    case lab::worker_state::running:
        return Mark::Active;
    case lab::worker_state::waiting:
        return Mark::Waiting;
    case lab::worker_state::leaked:
        return Mark::Leaked;
    case lab::worker_state::exited:
        return worker.noticed ? Mark::Cancelled : Mark::Finished;
    }
    return Mark::Inert;
}

Mark StatePill::markFor(lab::request_state state) {
    switch (state) {
    case lab::request_state::active:
        return Mark::Active;
    case lab::request_state::finished:
        return Mark::Finished;
    case lab::request_state::client_gone:
        return Mark::Cancelled;
    case lab::request_state::timed_out:
        return Mark::Deadline;
    }
    return Mark::Inert;
}

Mark StatePill::markFor(lab::client_state state) {
    switch (state) {
    case lab::client_state::in_flight:
        return Mark::Active;
    case lab::client_state::answered:
        return Mark::Finished;
    case lab::client_state::aborted:
        return Mark::Cancelled;
    case lab::client_state::timed_out:
        return Mark::Deadline;
    case lab::client_state::failed:
        return Mark::Leaked;
    }
    return Mark::Inert;
}
