// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#ifndef Q_MOC_RUN
#include "lab/ledger.h"
#endif

#include <QAbstractTableModel>

/// Work after death, sorted by overtime: by request, or by context. Folds the log that is shown, as far as it
/// is shown, a slice at a time, so that a long one does not stop the window.
class LedgerModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Subject, Overtime, Workers, StillThere, Resumes, ColumnCount };
    enum class By { Request, Context };

    explicit LedgerModel(SessionModel& session, QObject* parent = nullptr);

    void setBy(By by);
    By by() const { return m_by; }
    /// Nothing is folded while nobody looks.
    void setActive(bool active);
    /// Everything up to the shown moment has been counted.
    bool isUpToDate() const;
    /// Of everybody, whether of a request or not.
    lab::account total() const { return m_total; }
    lab::lab_time overtimeOf(const lab::account& a) const;
    Selection subjectAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  signals:
    /// The rows or the sum have changed.
    void refreshed();

  private:
    struct Row {
        lab::id_t id = 0;
        lab::account account;
    };

    void follow();
    void work();
    void startOver();
    void showRows();
    QString nameOf(lab::id_t id) const;

    SessionModel& m_session;
    By m_by = By::Request;
    bool m_active = false;
    lab::ledger m_book;
    lab::account m_total;
    const History* m_log = nullptr; ///< that was counted
    std::uint64_t m_life = 0;       ///< first event of the life that was
    std::uint64_t m_done = 0;       ///< last event that was
    std::vector<Row> m_rows;
    QTimer m_slice;  ///< there is more to count
    QTimer m_redraw; ///< rows move up and down four times a second, not sixty
};
