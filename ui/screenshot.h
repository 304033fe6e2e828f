// SPDX-License-Identifier: MIT
#pragma once

#include "sessionmodel.h"

#include <QSize>

#include <memory>

class MainWindow;

/// Brings the laboratory to a moment, saves a picture of the window as it is then, and ends the application:
/// status 0, or 1 with a line on standard error when the picture could not be made.
class Screenshot : public QObject {
    Q_OBJECT
  public:
    struct Request {
        QString file;
        QSize size;
        std::shared_ptr<const lab::scenario> scenario; ///< null: an empty laboratory
        lab::lab_time at{};
        QString recording;  ///< instead of a scenario
        bool atEnd = false; ///< of the recording, whatever `at` is
    };

    Screenshot(SessionModel& session, MainWindow& window, Request request, QObject* parent = nullptr);

    void start();

    /// Just after the scenario's last command: what is on screen when all of it has been asked for.
    static lab::lab_time defaultMoment(const lab::scenario* scenario);

  private:
    void showRecording();
    void advance();
    void waitForRealTime();
    void take();
    void fail(const QString& why);

    SessionModel& m_session;
    MainWindow& m_window;
    Request m_request;
};
