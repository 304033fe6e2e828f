// SPDX-License-Identifier: MIT
#pragma once

#include "formdialog.h"

#include <vector>

class QComboBox;
class QLineEdit;
class QStackedWidget;

/// Starts a worker of any kind of the catalogue with a context. Its fields come from the catalogue.
class NewWorkerDialog : public FormDialog {
    Q_OBJECT
  public:
    NewWorkerDialog(SessionModel& session, lab::id_t context, const QString& kind, QWidget* window);

  protected:
    std::optional<lab::command> command() override;
    void refresh() override;

  private:
    struct Field {
        lab::worker_field what;
        QLineEdit* edit = nullptr;
    };

    QWidget* makePage(const lab::worker_kind& kind);
    bool readField(const Field& field, lab::new_worker& into);
    const lab::worker_kind& kind() const;

    lab::id_t m_context;
    QComboBox* m_kind = nullptr;
    QLineEdit* m_name = nullptr;
    QStackedWidget* m_pages = nullptr;
    std::vector<std::vector<Field>> m_fields; ///< one list a kind, in the catalogue's order
};
