// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QAbstractItemModel>

#include <unordered_map>
#include <vector>

/// The context tree as rows: contexts under their parents, workers under their contexts, in order of
/// creation. Grows by inserts as events come in; a restart or a sweep builds it anew. What changes in a row
/// is read from the session's state when it is drawn, so a whole wave costs one dataChanged.
class OutlineModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column { Name, Kind, State, Err, Cause, Deadline, Children, Workers, ColumnCount };
    enum Role {
        /// What the search field looks in: name, kind, key and value.
        SearchRole = Qt::UserRole,
    };

    explicit OutlineModel(SessionModel& session, QObject* parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    Selection selectionAt(const QModelIndex& index) const;
    QModelIndex indexOf(Selection selection) const;
    /// Rows at every level together.
    /// An outline that nobody sees costs nothing: it is made anew when it is switched on.
    void setActive(bool on);
    int totalRows() const { return static_cast<int>(m_nodes.size()); }

  private:
    struct Node {
        Selection what;
        int parent = -1; ///< an index into m_nodes; -1: top level
        int row = 0;
        std::vector<int> children;
    };

    void update();
    void rebuild();
    void refresh();
    /// The events of one batch that add rows under one parent, inserted together.
    void insertRun(int parent, const std::vector<Selection>& run);
    void add(int parent, Selection what);
    int nodeOfContext(lab::id_t id) const;
    std::vector<int>& childrenOf(int node) {
        return node < 0 ? m_top : m_nodes[static_cast<size_t>(node)].children;
    }
    const std::vector<int>& childrenOf(int node) const {
        return node < 0 ? m_top : m_nodes[static_cast<size_t>(node)].children;
    }
    QModelIndex indexOfNode(int node, int column = 0) const;
    const Node& nodeAt(const QModelIndex& index) const {
        return m_nodes[static_cast<size_t>(index.internalId())];
    }

    QVariant contextText(const lab::context_info& context, int column) const;
    QVariant workerText(const lab::worker_info& worker, int column) const;
    QString accessibleText(const Node& node) const;
    QString searchText(const Node& node) const;

    SessionModel& m_session;
    bool m_active = true;
    std::uint64_t m_seen = 0;
    std::vector<Node> m_nodes;
    std::vector<int> m_top;
    std::unordered_map<lab::id_t, int> m_contexts;
    std::unordered_map<lab::id_t, int> m_workers;
};
