// SPDX-License-Identifier: MIT
#pragma once

#include "formdialog.h"

class DurationEdit;

/// Moves the virtual clock on by a typed amount.
class AdvanceDialog : public FormDialog {
    Q_OBJECT
  public:
    AdvanceDialog(SessionModel& session, const QString& by, QWidget* window);

    /// What was typed last.
    QString text() const;

  protected:
    std::optional<lab::command> command() override;
    void refresh() override;

  private:
    DurationEdit* m_by = nullptr;
};
