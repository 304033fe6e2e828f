// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class LedgerModel;
class QLabel;
class QStackedWidget;
class QTabBar;
class QTableView;

/// What workers did after their context had died: the sum, and who owes how much of it.
class LedgerPanel : public QWidget {
    Q_OBJECT
  public:
    explicit LedgerPanel(SessionModel& session, QWidget* parent = nullptr);

    LedgerModel* model() const { return m_model; }
    QString sum() const;

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void makeTable();
    void fitToFont();
    void refresh();

    SessionModel& m_session;
    LedgerModel* m_model = nullptr;
    QLabel* m_sum = nullptr;
    QTabBar* m_by = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_empty = nullptr;
    QTableView* m_table = nullptr;
};
