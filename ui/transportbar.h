// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class ClockVerbs;
class ContextVerbs;
class ElidedLabel;
class QComboBox;
class QLabel;
class QLineEdit;
class QSlider;
class QToolButton;
class Scenarios;

/// The bar on top: what runs, its clock, and the verbs that are used most.
class TransportBar : public QWidget {
    Q_OBJECT
  public:
    TransportBar(SessionModel& session, ContextVerbs& verbs, ClockVerbs& clock, Scenarios& scenarios,
                 QAction* reset, QAction* theme, QWidget* parent = nullptr);

    QLineEdit* search() const { return m_search; }

  signals:
    void openFileRequested();

  protected:
    bool event(QEvent* event) override;

  private:
    void keepTexts();
    QWidget* makeLogo();
    QWidget* makeVerbs(ContextVerbs& verbs);
    QWidget* makeScenarios();
    QWidget* makeClock(QAction* reset);
    QWidget* makeSpeed();
    QToolButton* flatButton(QAction* action);
    void fillScenarios();
    void onScenarioChosen(int index);
    void showScenario();
    void showClock();
    void showTime();

    SessionModel& m_session;
    ClockVerbs& m_clock;
    Scenarios& m_scenarios;
    QComboBox* m_scenario = nullptr;
    QComboBox* m_step = nullptr;
    ElidedLabel* m_time = nullptr;
    QSlider* m_speed = nullptr;
    ElidedLabel* m_speedText = nullptr;
    QComboBox* m_mode = nullptr;
    QLineEdit* m_search = nullptr;
};
