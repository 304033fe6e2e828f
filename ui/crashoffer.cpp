// SPDX-License-Identifier: MIT
#include "crashoffer.h"

#include "documents.h"
#include "labtext.h"
#include "notices.h"
#include "unfinisheddialog.h"

#include <QDateTime>
#include <QFileDialog>
#include <QLocale>
#include <QPushButton>

namespace {

QString nameOf(const std::filesystem::path& file) {
    return QString::fromStdU16String(file.u16string());
}

} // namespace

CrashOffer::CrashOffer(Documents& documents, Notices& notices, QWidget* window)
    : QObject(window), m_documents(documents), m_notices(notices), m_window(window) {}

void CrashOffer::lookInto(const std::filesystem::path& folder) {
    auto* errand = new Errand(this);
    connect(errand, &Errand::finished, errand, &QObject::deleteLater);
    errand->start([this, folder](Errand::Progress&) -> Errand::Then {
        std::vector<lab::unfinished_run> runs;
        try {
            runs = lab::unfinished_runs(folder);
        } catch (const std::exception&) {
            // A folder that cannot be read holds nothing that could be offered; the run that begins now says
            // what is wrong with it.
        }
        return [this, runs = std::move(runs)]() mutable {
            m_runs = std::move(runs);
            offer();
            emit looked();
        };
    });
}

void CrashOffer::offer() {
    if (m_bar) m_bar->dismiss();
    m_bar = nullptr;
    if (m_runs.size() == 1)
        offerOne();
    else if (m_runs.size() > 1)
        offerSeveral();
    emit changed();
}

void CrashOffer::offerOne() {
    const lab::unfinished_run& run = m_runs.front();
    const bool readable = run.problem.empty();
    m_bar = m_notices.add(NoticeBar::Sort::Offer,
                          readable ? tr("The last run ended without being closed: %1.").arg(describe(run))
                                   : tr("The last run ended without being closed, and what is left of it "
                                        "cannot be opened: %1.")
                                         .arg(LabText::of(run.problem)));
    if (readable) {
        auto* openIt = m_bar->addButton(tr("Open"), tr("Show it as a recording"));
        openIt->setProperty("primary", true);
        connect(openIt, &QPushButton::clicked, this, [this] { open(m_runs.front()); });
        auto* saveIt = m_bar->addButton(tr("Save…"), tr("Keep it as a file"));
        connect(saveIt, &QPushButton::clicked, this, [this] { save(m_runs.front()); });
    }
    auto* discardIt = m_bar->addButton(tr("Discard"), tr("Remove what is left of it, for good"));
    connect(discardIt, &QPushButton::clicked, this, [this] { discard(m_runs.front()); });
    m_bar->addLater(tr("Later"), tr("Ask again at the next start"));
}

void CrashOffer::offerSeveral() {
    m_bar = m_notices.add(NoticeBar::Sort::Offer,
                          tr("%1 runs ended without being closed; the last one: %2.")
                              .arg(QLocale().toString(qulonglong(m_runs.size())), describe(m_runs.front())));
    auto* show = m_bar->addButton(tr("Show them…"));
    show->setProperty("primary", true);
    connect(show, &QPushButton::clicked, this, [this] {
        if (!m_dialog) m_dialog = new UnfinishedDialog(*this, m_window);
        m_dialog->show();
        m_dialog->raise();
    });
    m_bar->addLater(tr("Later"), tr("Ask again at the next start"));
}

void CrashOffer::open(const lab::unfinished_run& run) {
    m_documents.openRecording(nameOf(run.file));
}

void CrashOffer::save(const lab::unfinished_run& run) {
    auto* dialog = new QFileDialog(m_window, tr("Save the run that was not closed"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("ctxlab"));
    dialog->setNameFilters({tr("Recordings (*.ctxlab)")});
    dialog->selectFile((run.scenario.empty() ? QStringLiteral("laboratory") : LabText::of(run.scenario)) +
                       QStringLiteral(".ctxlab"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, run](const QString& file) { saveTo(run, file); });
    dialog->open();
}

void CrashOffer::saveTo(const lab::unfinished_run& run, const QString& file) {
    m_documents.saveAnother(nameOf(run.file), file, [this, run] { discard(run); });
}

void CrashOffer::discard(const lab::unfinished_run& run) {
    const std::filesystem::path file = run.file;
    if (!lab::discard(file))
        m_notices.add(
            NoticeBar::Sort::Warning,
            tr("%1: it could not be removed; another program may be reading it.").arg(nameOf(file)));
    forget(file);
}

void CrashOffer::forget(const std::filesystem::path& file) {
    std::erase_if(m_runs, [&](const lab::unfinished_run& r) { return r.file == file; });
    offer();
}

QString CrashOffer::name(const lab::unfinished_run& run) {
    if (!run.scenario.empty()) return LabText::of(run.scenario);
    return run.problem.empty() ? tr("an empty laboratory") : nameOf(run.file.filename());
}

QString CrashOffer::describe(const lab::unfinished_run& run) {
    const QString events = !run.problem.empty() ? tr("cannot be opened")
                           : run.events == 1
                               ? tr("1 event")
                               : tr("%1 events").arg(QLocale().toString(qulonglong(run.events)));
    return tr("%1, %2, %3").arg(name(run), events, when(run.ended_unix_ms));
}

QString CrashOffer::when(std::int64_t unixMs) {
    if (unixMs <= 0) return {}; // the file does not say
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(unixMs);
    const QString time = QLocale().toString(at.time(), QStringLiteral("HH:mm"));
    const qint64 days = at.date().daysTo(QDate::currentDate());
    if (days == 0) return tr("today %1").arg(time);
    if (days == 1) return tr("yesterday %1").arg(time);
    return tr("%1 %2").arg(QLocale().toString(at.date(), QLocale::ShortFormat), time);
}
