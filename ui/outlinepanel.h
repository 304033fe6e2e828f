// SPDX-License-Identifier: MIT
#pragma once

#include "outlinemodel.h"

#include <QWidget>

class QLabel;
class QSortFilterProxyModel;
class QTreeView;

/// The tree as an item view: the canvas's twin for the keyboard and for screen readers, with the same
/// selection.
class OutlinePanel : public QWidget {
    Q_OBJECT
  public:
    explicit OutlinePanel(SessionModel& session, QWidget* parent = nullptr);

    QTreeView* view() { return m_view; }

  public slots:
    /// Only rows whose name, kind, key or value contains `text`, with their ancestors; empty shows all.
    void setFilter(const QString& text);

  signals:
    void contextMenuRequested(lab::id_t context, QPoint global);
    void activated(lab::id_t context);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void expandNew(const QModelIndex& parent);
    void showSelection(Selection selection);
    void onCurrentChanged(const QModelIndex& current);
    QModelIndex toSource(const QModelIndex& shown) const;
    QModelIndex toShown(const QModelIndex& source) const;
    bool small() const;

    SessionModel& m_session;
    OutlineModel* m_model = nullptr;
    QSortFilterProxyModel* m_filtered = nullptr;
    QTreeView* m_view = nullptr;
    bool m_following = false; ///< the selection comes from elsewhere
};
