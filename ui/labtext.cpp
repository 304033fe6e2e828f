// SPDX-License-Identifier: MIT
#include "labtext.h"

#include "lab/durations.h"
#include "lab/narration.h"

#include <QCoreApplication>

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("LabText", text);
}

} // namespace

namespace LabText {

QString of(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString word(lab::context_state state) {
    switch (state) {
    case lab::context_state::active:
        return tr("active");
    case lab::context_state::canceled:
        return tr("cancelled");
    case lab::context_state::deadline_exceeded:
        return tr("deadline exceeded");
    }
    return {};
}

QString word(lab::worker_state state) {
    switch (state) {
    case lab::worker_state::running:
        return tr("running");
    case lab::worker_state::waiting:
        return tr("waiting");
    case lab::worker_state::leaked:
        return tr("leaked");
    case lab::worker_state::exited:
        return tr("exited");
    }
    return {};
}

QString word(lab::request_state state) {
    switch (state) {
    case lab::request_state::active:
        return tr("active");
    case lab::request_state::finished:
        return tr("finished");
    case lab::request_state::client_gone:
        return tr("client gone");
    case lab::request_state::timed_out:
        return tr("timed out");
    }
    return {};
}

QString word(lab::client_state state) {
    switch (state) {
    case lab::client_state::in_flight:
        return tr("in flight");
    case lab::client_state::answered:
        return tr("answered");
    case lab::client_state::aborted:
        return tr("aborted");
    case lab::client_state::timed_out:
        return tr("timed out");
    case lab::client_state::failed:
        return tr("failed");
    }
    return {};
}

QString moment(lab::lab_time at) {
    return of(lab::clock_text(at));
}

QString span(std::chrono::nanoseconds length) {
    const double ms = lab::to_ms(length);
    if (ms < 1000) return tr("%1 ms").arg(QString::number(ms, 'f', ms < 10 ? 3 : 1));
    return tr("%1 s").arg(QString::number(ms / 1000, 'f', 3));
}

QString duration(std::chrono::nanoseconds length) {
    return of(lab::duration_text(length));
}

QString errorOrNil(const std::string& text) {
    return text.empty() ? QStringLiteral("nil") : of(text);
}

QString title(const lab::context_info& context) {
    return of(context.name);
}

QString title(const lab::worker_info& worker) {
    return of(worker.name);
}

} // namespace LabText
