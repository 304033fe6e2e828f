// SPDX-License-Identifier: MIT
#include "exports.h"

#include "canvas/picture.h"
#include "documents.h"
#include "labtext.h"
#include "notices.h"

#include "lab/chrome_trace.h"
#include "lab/code_cpp.h"
#include "lab/code_go.h"
#include "lab/code_run.h"
#include "lab/event_json.h"
#include "lab/replaced_file.h"

#include <QAction>
#include <QBuffer>
#include <QFileDialog>
#include <QFileInfo>

namespace {

using Format = Exports::Format;

constexpr std::uint64_t reportEvery = 4096;

struct Sort {
    Format format;
    const char* text;
    const char* filter;
    const char* ending;
};

constexpr Sort sorts[] = {
    {Format::Ndjson, QT_TRANSLATE_NOOP("Exports", "&Events as NDJSON…"),
     QT_TRANSLATE_NOOP("Exports", "Events, one a line (*.ndjson)"), "ndjson"},
    {Format::Perfetto, QT_TRANSLATE_NOOP("Exports", "T&race for Perfetto…"),
     QT_TRANSLATE_NOOP("Exports", "Chrome traces (*.json)"), "trace.json"},
    {Format::TreePng, QT_TRANSLATE_NOOP("Exports", "&Tree as PNG…"),
     QT_TRANSLATE_NOOP("Exports", "Pictures (*.png)"), "png"},
    {Format::TreeSvg, QT_TRANSLATE_NOOP("Exports", "Tree as &SVG…"),
     QT_TRANSLATE_NOOP("Exports", "Vector pictures (*.svg)"), "svg"},
    {Format::TimelinePng, QT_TRANSLATE_NOOP("Exports", "Time&line as PNG…"),
     QT_TRANSLATE_NOOP("Exports", "Pictures (*.png)"), "timeline.png"},
    {Format::TimelineSvg, QT_TRANSLATE_NOOP("Exports", "Timeline as S&VG…"),
     QT_TRANSLATE_NOOP("Exports", "Vector pictures (*.svg)"), "timeline.svg"},
    {Format::Go, QT_TRANSLATE_NOOP("Exports", "Scenario as &Go program…"),
     QT_TRANSLATE_NOOP("Exports", "Go programs (*.go)"), "go"},
    {Format::Cpp, QT_TRANSLATE_NOOP("Exports", "Scenario as &C++ program…"),
     QT_TRANSLATE_NOOP("Exports", "C++ programs (*.cpp)"), "cpp"},
};

const Sort& sortOf(Format format) {
    return sorts[static_cast<std::size_t>(format)];
}

bool isTree(Format f) {
    return f == Format::TreePng || f == Format::TreeSvg;
}

bool isPng(Format f) {
    return f == Format::TreePng || f == Format::TimelinePng;
}

/// Gives up between two events when nobody wants it any more: then false.
template <class Each>
bool forEach(const lab::log_view& events, Errand::Progress& progress, Each each) {
    for (std::uint64_t seq = events.first(); seq <= events.last(); ++seq) {
        if (seq % reportEvery == 0) {
            if (!progress.isWanted()) return false;
            progress.report(double(seq - events.first()) / double(events.size()));
        }
        each(events[seq]);
    }
    return true;
}

bool writeTrace(std::ostream& out, const lab::log_view& events, Errand::Progress& progress) {
    lab::chrome_trace_writer trace(out);
    const bool whole = forEach(events, progress, [&](const lab::event& e) { trace.add(e); });
    trace.finish();
    return whole;
}

bool writeLines(std::ostream& out, const lab::log_view& events, Errand::Progress& progress) {
    return forEach(events, progress, [&](const lab::event& e) { out << lab::to_line(e) << '\n'; });
}

} // namespace

Exports::Exports(SessionModel& session, Documents& documents, Notices& notices, QWidget* window)
    : QObject(window), m_session(session), m_documents(documents), m_notices(notices), m_window(window) {
    for (const Sort& s : sorts) {
        if (s.format == Format::TreePng || s.format == Format::Go) m_actions += nullptr;
        auto* action = new QAction(tr(s.text), this);
        connect(action, &QAction::triggered, this, [this, format = s.format] { choose(format); });
        m_actions += action;
    }
}

void Exports::choose(Format format) {
    const Sort& sort = sortOf(format);
    auto* dialog = new QFileDialog(m_window, tr(sort.text).remove(QLatin1Char('&')).remove(QChar(0x2026)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QString::fromLatin1(sort.ending).section(QLatin1Char('.'), -1));
    dialog->setNameFilters({tr(sort.filter)});
    dialog->selectFile(m_documents.suggestion(QString::fromLatin1(sort.ending)));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format](const QString& file) { write(format, file); });
    dialog->open();
}

void Exports::write(Format format, const QString& file) {
    Errand::Work work;
    switch (format) {
    case Format::Ndjson:
    case Format::Perfetto:
        work = writeEvents(format, file);
        break;
    case Format::Go:
    case Format::Cpp:
        work = writeProgram(format, file);
        break;
    default:
        work = writePicture(format, file);
        break;
    }
    auto* errand = new Errand(this);
    connect(errand, &Errand::finished, errand, &QObject::deleteLater);
    errand->start(std::move(work));
    m_notices.follow(*errand, tr("Writing %1").arg(QFileInfo(file).fileName()));
}

Errand::Work Exports::writeEvents(Format format, const QString& file) {
    return [this, format, file, events = m_session.history().view(m_session.shownLife()),
            keep = m_documents.recording()](Errand::Progress& progress) -> Errand::Then {
        try {
            lab::replaced_file to(pathOf(file));
            const auto put = format == Format::Perfetto ? writeTrace : writeLines;
            if (!put(to.out(), events, progress)) return {};
            to.commit();
            return tell(file, {});
        } catch (const std::exception& e) {
            return tell(file, LabText::of(e.what()));
        }
    };
}

Errand::Work Exports::writePicture(Format format, const QString& file) {
    QString title = LabText::of(m_session.history().event(m_session.shownLife().first).text);
    if (title.isEmpty() && m_session.recorded()) title = m_session.recordingTitle();
    return [this, format, file, title, state = m_session.state()](Errand::Progress&) -> Errand::Then {
        const WholePicture picture =
            isTree(format) ? WholePicture::ofTree(state, title) : WholePicture::ofTimeline(state, title);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        const WrittenPicture w = isPng(format) ? writePng(picture, buffer) : writeSvg(picture, buffer);
        if (!w.problem.isEmpty()) return tell(file, tr("%1: %2.").arg(file, w.problem));
        try {
            lab::replaced_file to(pathOf(file));
            to.out().write(bytes.constData(), bytes.size());
            to.commit();
        } catch (const std::exception& e) {
            return tell(file, LabText::of(e.what()));
        }
        return tell(file, {}, w.remark);
    };
}

Errand::Work Exports::writeProgram(Format format, const QString& file) {
    return [this, format, file, life = m_documents.lives().at(m_session.shownLife().first),
            events = m_session.history().view(m_session.shownLife()),
            keep = m_documents.recording()](Errand::Progress&) -> Errand::Then {
        try {
            const lab::scenario s = lab::with_inputs(life, events);
            const std::string text = format == Format::Go ? lab::to_go(s) : lab::to_cpp(s);
            lab::replaced_file to(pathOf(file));
            to.out() << text;
            to.commit();
            return tell(file, {});
        } catch (const std::exception& e) {
            return tell(file, LabText::of(e.what()));
        }
    };
}

/// What is said when it is over.
Errand::Then Exports::tell(const QString& file, const QString& problem, const QString& remark) {
    return [this, file, problem, remark] {
        if (!problem.isEmpty())
            m_notices.add(NoticeBar::Sort::Warning, problem);
        else if (!remark.isEmpty())
            m_notices.add(NoticeBar::Sort::Offer, tr("%1: %2.").arg(QFileInfo(file).fileName(), remark));
        if (problem.isEmpty()) emit done(tr("Written: %1").arg(file));
        emit finished(problem.isEmpty());
    };
}
