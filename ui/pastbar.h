// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>

class ElidedLabel;
class QBoxLayout;
class QLabel;
class SessionModel;
class StatePill;
class TimeTravel;

/// A bar below the tree while what is shown is not now: which moment it is, what happened in it, and the ways
/// out of it.
class PastBar : public QFrame {
    Q_OBJECT
  public:
    PastBar(SessionModel& session, TimeTravel& travel, QWidget* parent = nullptr);

    /// A further button, before the way back.
    void addButton(QAction* action);

  private:
    void refresh();
    void addFlat(QAction* action);

    SessionModel& m_session;
    QBoxLayout* m_row = nullptr;
    StatePill* m_pill = nullptr;
    ElidedLabel* m_place = nullptr;
    ElidedLabel* m_sentence = nullptr;
    QWidget* m_back = nullptr;
};
