// SPDX-License-Identifier: MIT
#pragma once

#include "branches.h"
#include "comparemodel.h"
#include "errand.h"

#include <QDialog>

#include <cstdint>

class QCheckBox;
class QLabel;
class QStackedWidget;
class QTreeView;

/// Two runs side by side: on top the first thing that went another way, which a click shows; below, what
/// became of everything in either. Compares what was there when it was opened, and stays open beside the
/// window.
class CompareDialog : public QDialog {
    Q_OBJECT
  public:
    /// Two runs of the shown log.
    CompareDialog(SessionModel& session, Branches& branches, int left, int right, QWidget* parent);

    const CompareModel& model() const { return *m_model; }
    bool done() const { return m_done; }
    /// Where they part, in words.
    QString summary() const;
    /// The sentence on that side, as it reads.
    QString firstDifference(lab::side side) const;

  protected:
    void changeEvent(QEvent* event) override;

  private:
    struct Side {
        QString name;
        int run = -1;
        QLabel* sentence = nullptr;
    };

    QWidget* makeFirst();
    QWidget* makeSide(Side& side);
    QWidget* makeTable();
    void compare();
    void present(lab::comparison comparison);
    QString partingOf(const lab::first_difference& first) const;
    void showFirst(const lab::first_difference& first);
    void expandIfFew();
    void goTo(const QString& href);
    void selectThing(const QModelIndex& index);
    void fitToFont();
    const Side& of(lab::side side) const { return side == lab::side::left ? m_left : m_right; }

    SessionModel& m_session;
    Branches& m_branches;
    const History* m_log; ///< the runs are in
    Side m_left;
    Side m_right;
    CompareModel* m_model = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_message = nullptr;
    QWidget* m_first = nullptr;
    QStackedWidget* m_pages = nullptr;
    QWidget* m_table = nullptr;
    QTreeView* m_view = nullptr;
    QCheckBox* m_only = nullptr;
    bool m_done = false;
};
