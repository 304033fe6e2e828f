// SPDX-License-Identifier: MIT
#pragma once

#include "eventsmodel.h"

#include <QWidget>

class ElidedLabel;
class QCheckBox;
class QTableView;

/// What happened, one plain sentence a line, newest last. Follows the log while its end is in view. Return or
/// a double click shows the moment of an event; in the past a click does.
class EventsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit EventsPanel(SessionModel& session, QWidget* parent = nullptr);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void buildTable();
    void applyFilter();
    void showCount();
    void followIfWanted();
    void fitToFont();
    void showMoment(const QModelIndex& index);
    void followMoment();
    void stepTo(const QModelIndex& index);

    SessionModel& m_session;
    EventsModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QCheckBox* m_onlySelection = nullptr;
    QCheckBox* m_follow = nullptr;
    ElidedLabel* m_count = nullptr;
};
