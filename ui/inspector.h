// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QWidget>

class CallPage;
class ContextPage;
class HeldMoments;
class QAction;
class QScrollArea;
class QStackedWidget;
class WorkerPage;

/// The selected thing in full, and what can be done with it.
class Inspector : public QWidget {
    Q_OBJECT
  public:
    /// A button at its foot: what it does, and a text short enough for it.
    struct Verb {
        QAction* action = nullptr;
        QString text;
    };

    Inspector(SessionModel& session, const QList<Verb>& verbs, QWidget* parent = nullptr);

    /// Its pages point at what a held thread does.
    void setHeld(const HeldMoments* held);

  private:
    QWidget* makeEmptyPage();
    QWidget* scrolled(QWidget* page);
    QWidget* makeVerbs(const QList<Verb>& verbs);
    void refresh();
    void refreshTime();

    SessionModel& m_session;
    QStackedWidget* m_pages = nullptr;
    QWidget* m_empty = nullptr;
    ContextPage* m_context = nullptr;
    WorkerPage* m_worker = nullptr;
    CallPage* m_call = nullptr;
    QWidget* m_verbs = nullptr;
};
