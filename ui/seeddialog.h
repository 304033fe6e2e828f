// SPDX-License-Identifier: MIT
#pragma once

#include "formdialog.h"

class QLineEdit;
class Scenarios;

/// Starts what runs again with a typed seed.
class SeedDialog : public FormDialog {
    Q_OBJECT
  public:
    SeedDialog(SessionModel& session, Scenarios& scenarios, QWidget* window);

  protected:
    std::optional<lab::command> command() override;

  private:
    Scenarios& m_scenarios;
    QLineEdit* m_seed = nullptr;
};
