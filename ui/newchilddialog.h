// SPDX-License-Identifier: MIT
#pragma once

#include "expression.h"
#include "formdialog.h"

#include <QList>

class DurationEdit;
class QComboBox;
class QLineEdit;

/// Derives a context of any kind from a parent.
class NewChildDialog : public FormDialog {
    Q_OBJECT
  public:
    NewChildDialog(SessionModel& session, lab::id_t parent, lab::context_kind kind, QWidget* window);

    /// The kinds that can be derived, in the order in which menus list them.
    static const QList<lab::context_kind>& kinds();
    /// `WithTimeout` and, in a few words, what it is for.
    static QString describe(lab::context_kind kind);

  protected:
    std::optional<lab::command> command() override;
    void refresh() override;

  private:
    void fillCancels();
    lab::context_kind kind() const;
    Derivation derivation() const;
    bool checkTimes();

    lab::id_t m_parent;
    QComboBox* m_kind = nullptr;
    DurationEdit* m_timeout = nullptr;
    QLineEdit* m_key = nullptr;
    QLineEdit* m_value = nullptr;
    QLineEdit* m_cause = nullptr;
    QComboBox* m_cancels = nullptr;
    QLineEdit* m_name = nullptr;
};
