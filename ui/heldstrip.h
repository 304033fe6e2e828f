// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

class ClockVerbs;
class HeldMoments;
class QLabel;
class QHBoxLayout;
class SessionModel;
class StatePill;

/// Over the tree while steps are taken: what has just happened inside the library, what comes next, who acts,
/// who waits for a turn, and the steps. Large enough for a projector.
class HeldStrip : public QFrame {
    Q_OBJECT
  public:
    HeldStrip(SessionModel& session, HeldMoments& held, ClockVerbs& clock, QWidget* parent = nullptr);

    /// What it says, for a screen reader and for tests.
    QString happened() const;
    QString next() const;
    QString actor() const;
    QString queue() const;

  private:
    QLabel* addLine();
    void addSteps(QHBoxLayout& row, ClockVerbs& clock);
    void refresh();
    void describeHeld();
    void describeNobody();
    void keepHeight();

    SessionModel& m_session;
    HeldMoments& m_held;
    StatePill* m_pill = nullptr;
    QLabel* m_actor = nullptr;
    QLabel* m_happened = nullptr;
    QLabel* m_next = nullptr;
    QLabel* m_queue = nullptr;
};
