// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QList>
#include <QObject>

#include <optional>

class QAction;

/// The ways through the past, as actions that menu, bar and keys share: from event to event, along what
/// concerns the selection, along causes, and back to the present.
class TimeTravel : public QObject {
    Q_OBJECT
  public:
    TimeTravel(SessionModel& session, QWidget* window);

    QAction* first() const { return m_first; }
    QAction* previous() const { return m_previous; }
    QAction* next() const { return m_next; }
    QAction* previousOfSelection() const { return m_previousOfSelection; }
    QAction* nextOfSelection() const { return m_nextOfSelection; }
    QAction* toCause() const { return m_toCause; }
    QAction* toEffect() const { return m_toEffect; }
    QAction* live() const { return m_live; }
    /// In the order of a menu.
    QList<QAction*> all() const;

  private:
    using Seq = std::optional<std::uint64_t>;
    QAction* make(const QString& text, const QString& keys, const QString& tip, void (TimeTravel::*go)());
    void goTo(Seq seq, bool select);
    void showLive();
    void goFirst();
    void goPrevious();
    void goNext();
    void goPreviousOfSelection();
    void goNextOfSelection();
    void goToCause();
    void goToEffect();
    Seq ofSelection(bool forward) const;
    /// Of several effects, the one on the way to the selection's last event.
    Seq effect() const;
    void update();

    SessionModel& m_session;
    QAction* m_first = nullptr;
    QAction* m_previous = nullptr;
    QAction* m_next = nullptr;
    QAction* m_previousOfSelection = nullptr;
    QAction* m_nextOfSelection = nullptr;
    QAction* m_toCause = nullptr;
    QAction* m_toEffect = nullptr;
    QAction* m_live = nullptr;
};
