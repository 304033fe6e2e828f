// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QAbstractTableModel>

#include <deque>

/// The event log as rows: all of it, or what concerns one thing. Rows are read from the session when they are
/// drawn; the model itself keeps at most one number a row.
class EventsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Time, Kind, Sentence, ColumnCount };
    enum Role { SequenceRole = Qt::UserRole };

    /// `most`: how many rows of a filtered list are kept, the latest ones.
    explicit EventsModel(SessionModel& session, std::size_t most = 10'000, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Only events that concern `what`; nothing selected means every event.
    void setFilter(Selection what);
    Selection filter() const { return m_filter; }
    /// What the row's event is about.
    Selection subjectOf(int row) const;
    /// The row's event; 0: there is no such row.
    std::uint64_t seqAt(int row) const;
    /// That of the last event shown up to `seq`; -1: there is none.
    int rowOf(std::uint64_t seq) const;

    static bool concerns(const lab::event& event, Selection what);

  private:
    void update();
    void rebuild();
    void appendFiltered(std::uint64_t after);
    const lab::event* eventAt(int row) const;

    SessionModel& m_session;
    std::size_t m_most;
    Selection m_filter;
    std::deque<std::uint64_t> m_matching; ///< sequence numbers, when filtered
    int m_rows = 0;                       ///< shown, when not
    std::uint64_t m_seen = 0;
};
