// SPDX-License-Identifier: MIT
#pragma once

#include "formdialog.h"

class QLineEdit;

/// Cancels a WithCancelCause context and says why.
class CancelDialog : public FormDialog {
    Q_OBJECT
  public:
    CancelDialog(SessionModel& session, lab::id_t context, QWidget* window);

  protected:
    std::optional<lab::command> command() override;
    void refresh() override;

  private:
    lab::id_t m_context;
    QLineEdit* m_cause = nullptr;
};
