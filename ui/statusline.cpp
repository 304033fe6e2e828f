// SPDX-License-Identifier: MIT
#include "statusline.h"

#include "elidedlabel.h"
#include "labtext.h"
#include "statepill.h"

#include <QAccessible>

StatusLine::StatusLine(SessionModel& session, QWidget* parent)
    : QStatusBar(parent), m_session(session), m_held(new StatePill(this)), m_sentence(new ElidedLabel(this)) {
    setSizeGripEnabled(false);
    setContentsMargins(10, 0, 10, 2);
    m_held->setState({Mark::Waiting, Glyph::Ring, {}}, tr("held inside the library"));
    m_held->setToolTip(tr("A step has stopped here. Step goes on; Run lets everything go."));
    m_held->hide();
    setFixedHeight(m_held->sizeHint().height() + 8); // the same with and without the badge
    addWidget(m_held);
    addWidget(m_sentence, 1);
    m_counts = addPart(tr("1000 contexts · 1000 active · 1000 cancelled · 1000 expired"));
    m_leaks = addPart(tr("%1 leaks").arg(1000));
    m_seed = addPart(tr("seed %1").arg(100000));
    m_address = addPart(QStringLiteral("http://127.0.0.1:65535"));
    m_counts->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_leaks->setToolTip(tr("Workers that are still alive although their context is done"));
    m_seed->setToolTip(tr("Decides the order of children, the choice of a select and the turns of workers.\n"
                          "Click to choose another (Ctrl+E)"));
    m_seed->setHref(QStringLiteral("seed"));
    connect(m_seed, &ElidedLabel::linkActivated, this, &StatusLine::seedClicked);
    m_address->setToolTip(tr("Where the embedded server listens"));
    m_saying.setSingleShot(true);
    m_saying.setInterval(5000);
    connect(&m_saying, &QTimer::timeout, this, &StatusLine::refresh);
    connect(&m_session, &SessionModel::changed, this, &StatusLine::refresh);
    connect(&m_session, &SessionModel::heldChanged, m_held, &QWidget::setVisible);
    connect(&m_session, &SessionModel::refused, this, &StatusLine::say);
    refresh();
}

ElidedLabel* StatusLine::addPart(const QString& roomFor) {
    auto* part = new ElidedLabel(this);
    part->setRoomFor(roomFor);
    part->setMuted(true);
    part->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    addPermanentWidget(part);
    return part;
}

void StatusLine::setAddress(const QString& address) {
    m_address->setText(address.isEmpty() ? tr("no server") : address);
}

void StatusLine::say(const QString& text) {
    m_sentence->setText(text);
    m_saying.start();
    QAccessibleEvent alert(m_sentence, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString StatusLine::countsText() const {
    const auto& c = m_session.state().counts();
    const std::size_t all = m_session.state().contexts().size();
    return (all == 1 ? tr("1 context") : tr("%1 contexts").arg(all)) +
           tr(" · %1 active · %2 cancelled · %3 expired").arg(c.active).arg(c.canceled).arg(c.expired);
}

void StatusLine::refresh() {
    if (!m_saying.isActive()) {
        const std::uint64_t seq = m_session.shownSeq();
        m_sentence->setText(seq == 0 ? QString() : LabText::of(m_session.history().sentence(seq)));
    }
    m_counts->setText(countsText());
    const std::size_t leaked = m_session.state().counts().leaked;
    m_leaks->setText(leaked == 1 ? tr("1 leak") : tr("%1 leaks").arg(leaked));
    m_seed->setText(tr("seed %1").arg(m_session.state().seed()));
}
