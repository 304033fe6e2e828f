// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QList>
#include <QObject>

#include <optional>

class QAction;
class QActionGroup;

/// Run, pause, step, speed and mode of the laboratory's clock, as actions that the bar, the menu and keys
/// share. What cannot be done now is disabled, and its tooltip says why.
class ClockVerbs : public QObject {
    Q_OBJECT
  public:
    ClockVerbs(SessionModel& session, QWidget* window);

    QAction* runPause() const { return m_runPause; }
    /// Steps by the size used last.
    QAction* step() const { return m_step; }
    const QList<QAction*>& stepSizes() const { return m_sizes; }
    /// Whoever acts next stops at its next hook.
    QAction* hold() const { return m_hold; }
    /// Out of step mode: everybody goes on, and so does the clock.
    QAction* letGo() const { return m_letGo; }
    /// Asks by how much.
    QAction* advance() const { return m_advance; }
    QAction* virtualMode() const { return m_virtual; }
    QAction* realMode() const { return m_real; }
    QAction* faster() const { return m_faster; }
    QAction* slower() const { return m_slower; }

    void setSpeed(double speed);
    /// Why the clock has no other speed now; empty: it can have.
    QString whyOneSpeed() const;
    lab::step_size stepSize() const { return m_lastSize; }
    void setStepSize(lab::step_size size);
    /// A word for it, short enough for the bar.
    static QString shortName(lab::step_size size);

    static constexpr double slowest = 1.0 / 16;
    static constexpr double fastest = 16;

  signals:
    void stepSizeChanged();

  private:
    QAction* make(const QString& text, const QKeySequence& keys, const QString& tip,
                  void (ClockVerbs::*go)());
    void makeSteps();
    void makeMoves();
    void makeModes();
    void goOrStop();
    void stepOn();
    void goOn();
    void holdNext();
    void askHowFar();
    void goFaster();
    void goSlower();
    void offer(QAction* action, const QString& whyNot);
    QString whyNoAdvance() const;
    void stepBy(lab::step_size size);
    void showRunning(bool running);
    void update();

    SessionModel& m_session;
    QAction* m_runPause = nullptr;
    QAction* m_step = nullptr;
    QList<QAction*> m_sizes;
    QAction* m_hold = nullptr;
    QAction* m_letGo = nullptr;
    QAction* m_advance = nullptr;
    QString m_lastAdvance = QStringLiteral("1s"); ///< what the next one begins with
    QAction* m_virtual = nullptr;
    QAction* m_real = nullptr;
    QAction* m_faster = nullptr;
    QAction* m_slower = nullptr;
    std::optional<bool> m_shownRunning; ///< what the run button says
    lab::step_size m_lastSize = lab::step_size::node;
};
