// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

class QAction;
class Scenarios;

/// What can be done with chance: choose the seed, take another one, try many.
class SeedVerbs : public QObject {
    Q_OBJECT
  public:
    SeedVerbs(SessionModel& session, Scenarios& scenarios, QWidget* window);

    QAction* choose() const { return m_choose; }
    QAction* reroll() const { return m_reroll; }
    QAction* tryMany() const { return m_tryMany; }
    QList<QAction*> all() const { return {m_choose, m_reroll, m_tryMany}; }

  private:
    QAction* make(const QString& text, const QKeySequence& keys, const QString& tip, void (SeedVerbs::*go)());
    void offer(QAction* action, const QString& whyNot);
    void ask();
    void takeAnother();
    void openSeeds();
    QString whyNotMany() const;
    void onChanged();
    void update();

    SessionModel& m_session;
    Scenarios& m_scenarios;
    QWidget* m_window;
    std::uint64_t m_life = 0; ///< for which it was told last what can be done
    QAction* m_choose = nullptr;
    QAction* m_reroll = nullptr;
    QAction* m_tryMany = nullptr;
};
