// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class FactList;
class InspectorHeader;
class OwnEventsList;
class QLabel;
class StatePill;

/// One HTTP call from both ends: what the client saw, and what became of the request on the server.
class CallPage : public QWidget {
    Q_OBJECT
  public:
    explicit CallPage(SessionModel& session, QWidget* parent = nullptr);

    /// Either may be missing: a call that never arrived, a request that came from elsewhere.
    void display(const lab::client_info* client, const lab::request_info* request);

  private:
    struct Side {
        QWidget* box = nullptr;
        StatePill* pill = nullptr;
        QLabel* words = nullptr; ///< the fate, in full
        FactList* facts = nullptr;
    };

    Side makeSide(const QString& title, bool ownsContext);
    void displayClient(const lab::client_info* client);
    void displayServer(const lab::request_info* request);

    SessionModel& m_session;
    InspectorHeader* m_header = nullptr;
    Side m_client;
    Side m_server;
    OwnEventsList* m_events = nullptr;
};
