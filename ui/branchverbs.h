// SPDX-License-Identifier: MIT
#pragma once

#include "forks.h"

#include <QList>
#include <QObject>

class QAction;

/// Fork here, undo, redo and run again, as actions that menu, bar and keys share. Each says why it cannot be
/// used, when it cannot.
class BranchVerbs : public QObject {
    Q_OBJECT
  public:
    BranchVerbs(SessionModel& session, Branches& branches, Forks& forks, QWidget* window);

    QAction* fork() const { return m_fork; }
    /// For runs that cannot be forked; not shown for others.
    QAction* standIn() const { return m_standIn; }
    QAction* undo() const { return m_undo; }
    QAction* redo() const { return m_redo; }
    QAction* runAgain() const { return m_again; }
    QList<QAction*> all() const { return {m_fork, m_standIn, m_undo, m_redo, m_again}; }

  private:
    void update();
    QString whyNotFromHere() const;
    QString whyNotFork() const;
    QString whyNotAgain() const;
    QString whyNotTakeBack() const;

    SessionModel& m_session;
    Branches& m_branches;
    Forks& m_forks;
    QAction* m_fork = nullptr;
    QAction* m_standIn = nullptr;
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_again = nullptr;
};
