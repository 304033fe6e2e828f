// SPDX-License-Identifier: MIT
#pragma once

#include "branches.h"
#include "errand.h"

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/undo.h"
#endif

#include <QTimer>

#include <functional>
#include <memory>

/// Executes runs again: to fork one at a moment, to go back to one that was left, to take one's own actions
/// back. What is executed becomes the next run of the laboratory; the one that goes on now stays as it is.
/// Plans of long runs are made on a thread of their own. What goes wrong is told by SessionModel::refused.
class Forks : public QObject {
    Q_OBJECT
  public:
    Forks(SessionModel& session, Branches& branches, QObject* parent = nullptr);

    /// A plan is made, or executed: nothing else can be begun.
    bool busy() const { return m_busy; }

    /// At an event of the shown log; while it is live, now.
    void forkAt(std::uint64_t seq);
    /// Makes the contexts and workers of the shown moment anew, for a run that cannot be forked.
    void standIn();
    /// Executes the run again, all of it.
    void returnTo(int run);
    /// Its scenario and its seed from the beginning, without what was done in it by hand.
    void runAgain(int run);
    void undo();
    void redo();

    /// Of the laboratory, as it was a moment ago.
    bool canUndo() const { return !m_undoText.isEmpty(); }
    bool canRedo() const { return !m_redoText.isEmpty(); }
    /// What would be undone, in words.
    const QString& undoText() const { return m_undoText; }
    const QString& redoText() const { return m_redoText; }
    /// Why the laboratory's run cannot be executed again; empty: it can.
    const QString& whyNotAgain() const { return m_whyNot; }

  signals:
    void changed();
    /// The laboratory plays this now; null: nothing.
    void went(std::shared_ptr<const lab::scenario> scenario);

  private:
    using Plan = std::shared_ptr<const lab::rerun>;
    struct Step {
        Plan plan;
        lab::undo_stack after;
    };

    void goTo(int run, const lab::life& life, std::uint64_t seq, Branches::Origin how);
    void make(std::uint64_t events, std::function<Step()> work, Branches::Origin how);
    void execute(const Step& step, Branches::Origin how);
    void begin(std::shared_ptr<const lab::scenario> with, std::function<void()> then = {});
    void setBusy(bool busy);
    void onBegan(const Branches::Origin& how);
    void refreshSoon();
    void refresh();

    SessionModel& m_session;
    Branches& m_branches;
    lab::undo_stack m_actions{"you"};
    QStringList m_undone; ///< what can be done again, the next one last
    QString m_undoText;
    QString m_redoText;
    QString m_whyNot;
    bool m_busy = false;
    QTimer m_refresh;
};
