// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class CodeBox;
class FactList;
class HeldMoments;
class InspectorHeader;
class OwnEventsList;
class QLabel;

/// All that is known about one worker.
class WorkerPage : public QWidget {
    Q_OBJECT
  public:
    explicit WorkerPage(SessionModel& session, QWidget* parent = nullptr);

    void display(const lab::worker_info& worker);
    /// Another life has other workers by the same numbers.
    void forget() { m_worker = 0; }
    /// Its code shows the line at which a thread is held, when that concerns it.
    void setHeld(const HeldMoments* held);

  private:
    void displayCode(const lab::worker_info& worker);
    void displayLine();
    void displayLife(const lab::worker_info& worker);

    SessionModel& m_session;
    const HeldMoments* m_held = nullptr;
    lab::id_t m_worker = 0;
    InspectorHeader* m_header = nullptr;
    CodeBox* m_code = nullptr;
    FactList* m_facts = nullptr;
    QLabel* m_leak = nullptr;
    OwnEventsList* m_events = nullptr;
};
