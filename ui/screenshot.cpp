// SPDX-License-Identifier: MIT
#include "screenshot.h"

#include "canvas/theme.h"
#include "canvas/treecanvas.h"
#include "documents.h"
#include "labtext.h"
#include "mainwindow.h"

#include "lab/input_error.h"

#include <QCoreApplication>
#include <QPixmap>

#include <cstdio>

using namespace std::chrono_literals;

Screenshot::Screenshot(SessionModel& session, MainWindow& window, Request request, QObject* parent)
    : QObject(parent), m_session(session), m_window(window), m_request(std::move(request)) {}

lab::lab_time Screenshot::defaultMoment(const lab::scenario* scenario) {
    return scenario && !scenario->commands.empty() ? scenario->commands.back().at + 1ms : lab::lab_time{};
}

void Screenshot::start() {
    ThemeManager::instance().setReduceMotion(true); // a picture is taken of the end of a motion
    m_window.resize(m_request.size);
    m_window.setAttribute(Qt::WA_DontShowOnScreen);
    m_window.show();
    if (!m_request.recording.isEmpty()) return showRecording();
    if (!m_request.scenario) return advance();
    m_session.post(lab::reset_lab{.with = m_request.scenario}, [this](const lab::reply& reply) {
        if (reply.ok())
            advance();
        else
            fail(LabText::of(reply.error));
    });
}

void Screenshot::showRecording() {
    try {
        Errand::Progress nobodyWaits;
        const auto opened = OpenedRecording::read(m_request.recording, nobodyWaits);
        if (opened->history->lastSeq() == 0)
            return fail(QCoreApplication::translate("Screenshot", "nothing was recorded in %1")
                            .arg(m_request.recording));
        m_window.documents().present(opened);
    } catch (const lab::input_error& e) {
        return fail(LabText::of(e.what()));
    }
    if (!m_request.atEnd) m_session.showTime(m_request.at);
    take();
}

/// Sockets take the time they take; without them the virtual clock goes there at once.
void Screenshot::advance() {
    if (m_request.scenario && m_request.scenario->needs_sockets()) return waitForRealTime();
    m_session.post(lab::change_clock{.action = lab::clock_action::pause});
    m_session.post(lab::change_clock{.action = lab::clock_action::advance, .by = m_request.at},
                   [this](const lab::reply& reply) {
                       if (reply.ok())
                           take();
                       else
                           fail(LabText::of(reply.error));
                   });
}

void Screenshot::waitForRealTime() {
    const auto check = [this] {
        if (m_session.state().now() < m_request.at) return;
        disconnect(&m_session, nullptr, this, nullptr);
        take();
    };
    connect(&m_session, &SessionModel::ticked, this, check);
    connect(&m_session, &SessionModel::changed, this, check);
    m_session.post(lab::change_clock{.action = lab::clock_action::run});
}

void Screenshot::take() {
    m_session.drain();
    m_window.tree()->fit();
    QCoreApplication::sendPostedEvents();
    if (m_window.grab().save(m_request.file, "PNG"))
        QCoreApplication::exit(0);
    else
        fail(QCoreApplication::translate("Screenshot", "the picture could not be saved there"));
}

void Screenshot::fail(const QString& why) {
    std::fprintf(stderr, "ctxlab: %s: %s\n", qUtf8Printable(m_request.file), qUtf8Printable(why));
    QCoreApplication::exit(1);
}
