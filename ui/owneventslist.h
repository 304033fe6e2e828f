// SPDX-License-Identifier: MIT
#pragma once

#include "eventsmodel.h"

#include <QTableView>

/// The latest events of one thing, for the foot of an inspector page.
class OwnEventsList : public QTableView {
    Q_OBJECT
  public:
    explicit OwnEventsList(SessionModel& session, QWidget* parent = nullptr);

    void setSubject(Selection what) { m_model->setFilter(what); }

  private:
    EventsModel* m_model = nullptr;
};
