// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QAbstractTableModel>

#include <vector>

/// HTTP calls, newest on top: what the caller saw, and beside it what became of the request on the server.
/// Requests that came from elsewhere (curl, a browser) have rows too.
class CallsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Request, Outcome, Time, ServerFate, ColumnCount };

    explicit CallsModel(SessionModel& session, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// The client call or, from elsewhere, the server's request.
    Selection callAt(int row) const;
    /// What to select for a click on the row: the request's context once the server has one.
    Selection subjectAt(int row) const;
    int rowOf(Selection call) const;

  private:
    void update();
    void tick();
    void rebuild();
    std::vector<Selection> takeNew();
    QVariant text(Selection call, int column) const;
    QVariant mark(Selection call, int column) const;
    const lab::request_info* requestOf(Selection call) const;

    SessionModel& m_session;
    std::vector<Selection> m_calls; ///< oldest first
    std::size_t m_clientsSeen = 0;
    std::size_t m_requestsSeen = 0;
};
