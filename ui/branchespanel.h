// SPDX-License-Identifier: MIT
#pragma once

#include "branchesmodel.h"
#include "forks.h"

#include <QWidget>

class ElidedLabel;
class QPushButton;
class QTreeView;

/// Every run as a small tree: the live one, the one that is shown, and the futures that were left. One can be
/// shown, gone back to, and compared.
class BranchesPanel : public QWidget {
    Q_OBJECT
  public:
    BranchesPanel(SessionModel& session, Branches& branches, Forks& forks, QWidget* parent = nullptr);

    QTreeView* view() { return m_view; }
    /// The one that the buttons act on; -1: none.
    int selected() const;
    /// What a comparison of the selected run is made with: the run that is shown, else the live one, else
    /// what it was forked from. -1: there is no other.
    int partner() const;

  public slots:
    void showSelected();
    void returnToSelected();
    void compareSelected();

  protected:
    void changeEvent(QEvent* event) override;

  private:
    QPushButton* makeButton(const QString& text, void (BranchesPanel::*slot)());
    void buildView();
    void update();
    void fitToFont();
    void widenNames();
    void followShown();

    SessionModel& m_session;
    Branches& m_branches;
    Forks& m_forks;
    BranchesModel* m_model = nullptr;
    QTreeView* m_view = nullptr;
    QPushButton* m_show = nullptr;
    QPushButton* m_return = nullptr;
    QPushButton* m_compare = nullptr;
    ElidedLabel* m_hint = nullptr;
    int m_followed = -1; ///< the shown run that was selected by itself
};
