// SPDX-License-Identifier: MIT
#include "timetravel.h"

#include "canvas/icons.h"

#include <QAction>
#include <QWidget>

#include <algorithm>

TimeTravel::TimeTravel(SessionModel& session, QWidget* window) : QObject(window), m_session(session) {
    m_first = make(tr("To the first event"), QStringLiteral("Home"), tr("To the beginning of this run"),
                   &TimeTravel::goFirst);
    m_previous =
        make(tr("Previous event"), QStringLiteral("PgUp"), tr("One event back"), &TimeTravel::goPrevious);
    m_previous->setIcon(Icons::icon(QStringLiteral("step-back")));
    m_next = make(tr("Next event"), QStringLiteral("PgDown"), tr("One event on"), &TimeTravel::goNext);
    m_next->setIcon(Icons::icon(QStringLiteral("step")));
    m_previousOfSelection =
        make(tr("Previous event of the selection"), QStringLiteral(","),
             tr("To what happened to the selected thing before"), &TimeTravel::goPreviousOfSelection);
    m_nextOfSelection =
        make(tr("Next event of the selection"), QStringLiteral("."),
             tr("To what happened to the selected thing next"), &TimeTravel::goNextOfSelection);
    m_toCause = make(tr("To its cause"), QStringLiteral("["), tr("To the event that made this one happen"),
                     &TimeTravel::goToCause);
    m_toEffect = make(tr("To its effect"), QStringLiteral("]"),
                      tr("To what this event made happen, towards the selection"), &TimeTravel::goToEffect);
    m_live = make(tr("Return to live"), QStringLiteral("Esc"), tr("Show the laboratory as it is now"),
                  &TimeTravel::showLive);
    for (const auto signal : {&SessionModel::momentChanged, &SessionModel::changed, &SessionModel::logGrew})
        connect(&m_session, signal, this, &TimeTravel::update);
    connect(&m_session, &SessionModel::selectionChanged, this, &TimeTravel::update);
    update();
}

QAction* TimeTravel::make(const QString& text, const QString& keys, const QString& tip,
                          void (TimeTravel::*go)()) {
    auto* action = new QAction(text, this);
    action->setShortcut(QKeySequence(keys));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("%1 (%2)").arg(tip, action->shortcut().toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, go);
    return action;
}

QList<QAction*> TimeTravel::all() const {
    return {m_first,           m_previous, m_next,     m_previousOfSelection,
            m_nextOfSelection, m_toCause,  m_toEffect, m_live};
}

/// Going past the end of what goes on is going live. What the event is about becomes the selection where the
/// way led from thing to thing.
void TimeTravel::goTo(Seq seq, bool select) {
    if (!seq) return;
    const bool isEnd = !m_session.recorded() && *seq >= m_session.liveHistory().lastSeq();
    isEnd ? m_session.showLive() : m_session.showMoment(*seq);
    if (!select) return;
    const Selection about = subjectOf(m_session.history().event(*seq));
    if (about != Selection{}) m_session.select(about);
}

void TimeTravel::showLive() {
    m_session.showLive();
}

void TimeTravel::goFirst() {
    goTo(m_session.shownLife().first, false);
}

void TimeTravel::goPrevious() {
    goTo(std::max(m_session.shownSeq(), m_session.shownLife().first + 1) - 1, false);
}

void TimeTravel::goNext() {
    if (!m_session.live()) goTo(std::min(m_session.shownSeq() + 1, m_session.shownLife().last), false);
}

void TimeTravel::goPreviousOfSelection() {
    goTo(ofSelection(false), false);
}

void TimeTravel::goNextOfSelection() {
    goTo(ofSelection(true), false);
}

void TimeTravel::goToCause() {
    goTo(m_session.history().moments().cause_of(m_session.shownSeq()), true);
}

void TimeTravel::goToEffect() {
    goTo(effect(), true);
}

TimeTravel::Seq TimeTravel::ofSelection(bool forward) const {
    const auto subject = indexed(m_session.selection());
    if (!subject) return std::nullopt;
    const lab::moments& moments = m_session.history().moments();
    return forward ? moments.next(*subject, m_session.shownSeq())
                   : moments.previous(*subject, m_session.shownSeq());
}

TimeTravel::Seq TimeTravel::effect() const {
    const lab::moments& moments = m_session.history().moments();
    const std::uint64_t here = m_session.shownSeq();
    const std::vector<std::uint64_t> effects = moments.effects_of(here);
    if (effects.empty()) return std::nullopt;
    const auto subject = indexed(m_session.selection());
    if (!subject) return effects.front();
    Seq way = moments.previous(*subject, m_session.shownLife().last + 1);
    while (way && *way > here) {
        if (std::binary_search(effects.begin(), effects.end(), *way)) return way;
        way = moments.cause_of(*way);
    }
    return effects.front();
}

void TimeTravel::update() {
    const History::Life& life = m_session.shownLife();
    const std::uint64_t here = m_session.shownSeq();
    const bool any = life.last != 0;
    m_first->setEnabled(any && here > life.first);
    m_previous->setEnabled(any && here > life.first);
    m_next->setEnabled(!m_session.live() && here < life.last);
    m_previousOfSelection->setEnabled(any && ofSelection(false).has_value());
    m_nextOfSelection->setEnabled(!m_session.live() && ofSelection(true).has_value());
    m_toCause->setEnabled(any && m_session.history().moments().cause_of(here).has_value());
    m_toEffect->setEnabled(any && !m_session.history().moments().effects_of(here).empty());
    m_live->setEnabled(!m_session.live());
    m_live->setText(m_session.recorded() ? tr("Close the recording") : tr("Return to live"));
}
