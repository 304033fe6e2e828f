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

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void fitToFont();
    EventsModel* m_model = nullptr;
};
