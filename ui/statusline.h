// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QStatusBar>
#include <QTimer>

class ElidedLabel;
class StatePill;

/// The foot of the window: the last thing that happened in a sentence, and how many of what there are.
class StatusLine : public QStatusBar {
    Q_OBJECT
  public:
    explicit StatusLine(SessionModel& session, QWidget* parent = nullptr);

    void setAddress(const QString& address);
    /// Shown instead of the narration for a few seconds.
    void say(const QString& text);

  signals:
    /// Somebody clicked the seed.
    void seedClicked();

  private:
    ElidedLabel* addPart(const QString& roomFor);
    void refresh();
    QString countsText() const;

    SessionModel& m_session;
    StatePill* m_held = nullptr;
    ElidedLabel* m_sentence = nullptr;
    ElidedLabel* m_counts = nullptr;
    ElidedLabel* m_leaks = nullptr;
    ElidedLabel* m_seed = nullptr;
    ElidedLabel* m_address = nullptr;
    QTimer m_saying;
};
