// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class CrashOffer;
class QLabel;
class QPushButton;
class QTreeWidget;

/// The runs that crashes left behind, as a list: each can be opened, saved or discarded. It blocks nothing.
class UnfinishedDialog : public QDialog {
    Q_OBJECT
  public:
    UnfinishedDialog(CrashOffer& offer, QWidget* parent);

  private:
    void fill();
    void refresh();
    /// Of the selected line; -1: none.
    int selected() const;

    CrashOffer& m_offer;
    QTreeWidget* m_list = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_discard = nullptr;
};
