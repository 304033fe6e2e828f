// SPDX-License-Identifier: MIT
#pragma once

#include "branches.h"

#include <QAbstractItemModel>
#include <QTimer>

#include <optional>
#include <vector>

/// The runs as rows, each below the one it was forked from.
class BranchesModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column { Name, Beginning, Events, Outcome, ColumnCount };

    BranchesModel(SessionModel& session, Branches& branches, QObject* parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return ColumnCount; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// -1: none.
    int runOf(const QModelIndex& index) const {
        return index.isValid() ? static_cast<int>(index.internalId()) : -1;
    }
    QModelIndex indexOf(int run, int column = 0) const;

  private:
    struct Summary {
        QString until;
        QString outcome;
    };

    void onAdded(int first);
    void refresh();
    const std::vector<int>& below(int run) const {
        return run < 0 ? m_branches.roots() : m_branches.forksOf(run);
    }
    /// How many of those the views know.
    int known(int run) const;
    const Summary& summary(int run) const;
    QString nameText(int run) const;
    void tellChanged(int run);

    SessionModel& m_session;
    Branches& m_branches;
    int m_count = 0; ///< runs that the views know: those below it
    int m_live = -1;
    mutable std::vector<std::optional<Summary>> m_summaries; ///< by run
    QTimer m_refresh;
};
