// SPDX-License-Identifier: MIT
#include "pastbar.h"

#include "actionbutton.h"
#include "elidedlabel.h"
#include "labtext.h"
#include "sessionmodel.h"
#include "statepill.h"
#include "timetravel.h"
#include "type.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>

PastBar::PastBar(SessionModel& session, TimeTravel& travel, QWidget* parent)
    : QFrame(parent), m_session(session), m_row(new QHBoxLayout(this)), m_pill(new StatePill(this)),
      m_place(new ElidedLabel(this)), m_sentence(new ElidedLabel(this)) {
    setObjectName(QStringLiteral("pastBar"));
    setProperty("notice", true);
    m_row->setContentsMargins(12, 6, 8, 6);
    m_row->setSpacing(8);
    m_place->setRoomFor(
        tr("event %1 of %2 · %3")
            .arg(QStringLiteral("100,000"), QStringLiteral("100,000"), QStringLiteral("+100.000 s")));
    m_place->setMuted(true);
    m_row->addWidget(m_pill);
    for (QAction* action : {travel.previous(), travel.next()}) addFlat(action);
    m_row->addWidget(m_place);
    m_row->addWidget(m_sentence, 1);
    auto* back = makeActionButton(travel.live(), this);
    back->setProperty("primary", true);
    m_back = back;
    m_row->addWidget(back);
    connect(&m_session, &SessionModel::momentChanged, this, &PastBar::refresh);
    connect(&m_session, &SessionModel::logGrew, this, &PastBar::refresh);
    refresh();
}

void PastBar::addFlat(QAction* action) {
    auto* button = new QToolButton(this);
    button->setProperty("flat", true);
    button->setDefaultAction(action);
    m_row->addWidget(button);
}

void PastBar::addButton(QAction* action) {
    m_row->insertWidget(m_row->indexOf(m_back), makeActionButton(action, this));
}

void PastBar::refresh() {
    setVisible(!m_session.live());
    if (m_session.live()) return;
    const bool recorded = m_session.recorded();
    m_pill->setState({Mark::Deadline, Glyph::Clock, {}}, recorded ? tr("Recording") : tr("The past"));
    m_pill->setToolTip(recorded ? m_session.recordingTitle() : QString());
    const History::Life& life = m_session.shownLife();
    const QLocale locale;
    m_place->setText(tr("event %1 of %2 · %3")
                         .arg(locale.toString(qulonglong(m_session.shownSeq() + 1 - life.first)),
                              locale.toString(qulonglong(life.last + 1 - life.first)),
                              LabText::moment(m_session.state().now())));
    m_sentence->setText(LabText::of(m_session.history().sentence(m_session.shownSeq())));
}
