// SPDX-License-Identifier: MIT
#include "keptrun.h"

#include "lab/input_error.h"
#include "lab/unfinished_runs.h"
#include "labtext.h"

#include <QDateTime>

using namespace std::chrono_literals;

lab::recording_header recordingHeader(const lab::laboratory& laboratory, std::int64_t beganUnixMs) {
    lab::life first = laboratory.lives().front();
    first.inputs.clear();
    first.recorded_only.clear(); // noted when it is known
    return {.program = CTXLAB_VERSION, .began_unix_ms = beganUnixMs, .first = std::move(first)};
}

KeptRun::KeptRun(lab::laboratory& laboratory, QObject* parent)
    : QObject(parent), m_began(QDateTime::currentMSecsSinceEpoch()) {
    try {
        m_folder = lab::runs_folder();
    } catch (const lab::input_error& e) {
        // Said when somebody listens.
        QMetaObject::invokeMethod(
            this, [this, why = LabText::of(e.what())] { setProblem(why); }, Qt::QueuedConnection);
        return;
    }
    m_keeper = std::make_unique<lab::run_keeper>(
        laboratory.log(), recordingHeader(laboratory, m_began), [&laboratory] { return laboratory.lives(); },
        m_folder);
    connect(&m_poll, &QTimer::timeout, this, &KeptRun::look);
    m_poll.start(2s);
}

KeptRun::~KeptRun() = default;

void KeptRun::look() {
    setProblem(LabText::of(m_keeper->problem()));
}

void KeptRun::setProblem(const QString& reason) {
    if (reason == m_problem) return;
    m_problem = reason;
    if (!reason.isEmpty()) emit troubled(tr("What happens here would be lost in a crash: %1").arg(reason));
}
