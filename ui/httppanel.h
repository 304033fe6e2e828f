// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class CallsModel;
class DurationEdit;
class ElidedLabel;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableView;

/// Sends requests with the built-in client, and shows what the caller saw beside what became of each on the
/// server.
class HttpPanel : public QWidget {
    Q_OBJECT
  public:
    explicit HttpPanel(SessionModel& session, QWidget* parent = nullptr);

    /// `address` is empty when there is no server; `problem` then says why, and else what is worth knowing
    /// about it.
    void setServer(const QString& address, const QString& problem);

  public slots:
    void send();
    void abort();

  private:
    QWidget* makeRequestRow();
    QWidget* makeLimitsRow();
    QWidget* makeTable();
    void connectAll();
    void refresh();
    void showNotice();
    void showProblem(const QString& text, QWidget* at);
    void selectRow(const QModelIndex& index);

    SessionModel& m_session;
    CallsModel* m_calls = nullptr;
    ElidedLabel* m_serving = nullptr;
    ElidedLabel* m_hint = nullptr; ///< what the clock means for requests
    QLabel* m_notice = nullptr;
    QComboBox* m_method = nullptr;
    QComboBox* m_path = nullptr;
    DurationEdit* m_timeout = nullptr;
    DurationEdit* m_abortAfter = nullptr;
    QSpinBox* m_count = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_abort = nullptr;
    QStackedWidget* m_list = nullptr;
    QLabel* m_empty = nullptr;
    QTableView* m_table = nullptr;
    QString m_address;
    QString m_serverProblem;
    QString m_problem; ///< with what was last asked
};
