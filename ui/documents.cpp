// SPDX-License-Identifier: MIT
#include "documents.h"

#include "keptrun.h"
#include "labtext.h"
#include "notices.h"
#include "scenarios.h"

#include "lab/recording_file.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>
#include <QSettings>

namespace {

constexpr int mostRecent = 8;

QString recentKey() {
    return QStringLiteral("files/recent");
}

/// What a thread found: a problem, or what to go on with.
template <class Do>
QString problemOf(Do work) {
    try {
        work();
        return {};
    } catch (const std::exception& e) { // the disk, or the memory
        return LabText::of(e.what());
    }
}

} // namespace

Documents::Documents(SessionModel& session, Scenarios& scenarios, Notices& notices, QWidget* window)
    : QObject(window), m_session(session), m_scenarios(scenarios), m_notices(notices), m_window(window),
      m_began(QDateTime::currentMSecsSinceEpoch()) {
    connect(&m_session, &SessionModel::momentChanged, this, [this] {
        if (m_session.recorded() || !m_shown) return;
        m_shown = nullptr;
        emit changed();
    });
}

void Documents::chooseToOpen() {
    auto* dialog = new QFileDialog(m_window, tr("Open a scenario or a recording"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Scenarios and recordings (*.json *.ctxlab)"), tr("Scenarios (*.json)"),
                            tr("Recordings (*.ctxlab)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &Documents::open);
    dialog->open();
}

void Documents::chooseToSave() {
    auto* dialog = new QFileDialog(m_window, tr("Save a recording"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("ctxlab"));
    dialog->setNameFilters({tr("Recordings (*.ctxlab)")});
    dialog->selectFile(suggestion(QStringLiteral("ctxlab")));
    connect(dialog, &QFileDialog::fileSelected, this, &Documents::save);
    dialog->open();
}

void Documents::open(const QString& file) {
    if (lab::is_recording(pathOf(file))) return openRecording(file);
    try {
        m_scenarios.open(std::make_shared<const lab::scenario>(lab::load_scenario(pathOf(file))));
        remember(file);
    } catch (const lab::input_error& e) {
        warn(LabText::of(e.what()));
    }
}

void Documents::openRecording(const QString& file, std::function<void()> whenShown) {
    if (m_loading) m_loading->giveUp(); // of two files the later one is wanted
    m_loading = startErrand(
        tr("Opening %1").arg(QFileInfo(file).fileName()),
        [this, file, whenShown = std::move(whenShown)](Errand::Progress& progress) -> Errand::Then {
            std::shared_ptr<const OpenedRecording> opened;
            const QString problem = problemOf([&] { opened = OpenedRecording::read(file, progress); });
            return [this, opened, problem, file, whenShown] {
                if (!problem.isEmpty()) return warn(problem);
                if (opened->history->lastSeq() == 0) {
                    warn(opened->damage ? LabText::of(opened->damage->text(file.toStdString()))
                                        : tr("%1: nothing was recorded in it").arg(file));
                    return;
                }
                present(opened);
                if (whenShown) whenShown();
            };
        });
}

void Documents::present(std::shared_ptr<const OpenedRecording> opened) {
    m_shown = std::move(opened);
    emit opening(std::make_shared<const Lives>(m_shown->lives));
    m_session.openRecording(m_shown->history, QFileInfo(m_shown->file).fileName());
    emit changed();
    tellDamage(*m_shown);
    remember(m_shown->file);
}

void Documents::tellDamage(const OpenedRecording& opened) {
    if (!opened.damage) return;
    const QLocale locale;
    const QString events = locale.toString(qulonglong(opened.damage->last_seq));
    if (opened.damage->unended) {
        emit done(tr("All %1 events of it are here; only its end is missing, as after a crash.").arg(events));
        return;
    }
    NoticeBar* bar = m_notices.add(
        NoticeBar::Sort::Warning,
        tr("%1 It is shown up to there: %2 events.")
            .arg(LabText::of(opened.damage->text(opened.file.toStdString())) + QLatin1Char('.'), events));
    connect(this, &Documents::changed, bar, &NoticeBar::dismiss); // of another file, or of none
}

void Documents::save(const QString& file) {
    if (const auto shown = m_shown) {
        startErrand(tr("Saving %1").arg(QFileInfo(file).fileName()),
                    [this, file, shown](Errand::Progress&) -> Errand::Then {
                        const QString problem = problemOf([&] { shown->save(file); });
                        return [this, file, problem] {
                            if (!problem.isEmpty()) return warn(problem);
                            remember(file);
                            emit done(tr("Saved %1").arg(file));
                        };
                    });
        return;
    }
    std::vector<lab::life> lives = m_session.laboratory().lives();
    const std::uint64_t last = lives.back().here.seq;
    // Commands that came while these were gathered.
    std::erase_if(lives.back().inputs, [last](const lab::input& i) { return i.seq > last; });
    startErrand(
        tr("Saving %1").arg(QFileInfo(file).fileName()),
        [this, file, lives = std::move(lives), last, &log = m_session.laboratory().log(),
         header = recordingHeader(m_session.laboratory(), m_began)](Errand::Progress&) -> Errand::Then {
            const QString problem =
                problemOf([&] { lab::recording_save(pathOf(file), header).commit(log, lives, last); });
            return [this, file, last, problem] {
                if (!problem.isEmpty()) return warn(problem);
                remember(file);
                emit done(tr("Saved %1: %2 events").arg(file, QLocale().toString(qulonglong(last))));
            };
        });
}

void Documents::saveAnother(const QString& from, const QString& to, std::function<void()> whenSaved) {
    startErrand(
        tr("Saving %1").arg(QFileInfo(to).fileName()),
        [this, from, to, whenSaved = std::move(whenSaved)](Errand::Progress& progress) -> Errand::Then {
            const QString problem = problemOf([&] {
                lab::event_log log;
                const auto r = lab::open_recording(pathOf(from), log, [&](auto bytes, auto of) {
                    progress.report(double(bytes) / double(of));
                    return progress.isWanted();
                });
                if (!r.given_up) lab::save_recording(pathOf(to), r.header, log, r.lives);
            });
            return [this, to, problem, whenSaved] {
                if (!problem.isEmpty()) return warn(problem);
                remember(to);
                emit done(tr("Saved %1").arg(to));
                if (whenSaved) whenSaved();
            };
        });
}

Errand* Documents::startErrand(const QString& what, Errand::Work work) {
    auto* errand = new Errand(this);
    connect(errand, &Errand::finished, errand, &QObject::deleteLater);
    errand->start(std::move(work));
    m_notices.follow(*errand, what);
    return errand;
}

std::shared_ptr<const OpenedRecording> Documents::recording() const {
    return m_shown;
}

Lives Documents::lives() const {
    return m_shown ? Lives(m_shown->lives) : Lives(m_session.laboratory());
}

QString Documents::suggestion(const QString& ending) const {
    QString name =
        m_shown ? QFileInfo(m_shown->file).completeBaseName() : LabText::of(m_session.whole().scenario());
    static const QRegularExpression others(QStringLiteral("[^\\w.-]+"),
                                           QRegularExpression::UseUnicodePropertiesOption);
    name.replace(others, QStringLiteral("-"));
    if (name.isEmpty()) name = QStringLiteral("laboratory");
    return name + QLatin1Char('.') + ending;
}

QStringList Documents::recent() const {
    if (!m_remembers) return {};
    QStringList files = QSettings().value(recentKey()).toStringList();
    files.removeIf([](const QString& file) { return !QFileInfo::exists(file); });
    return files;
}

void Documents::remember(const QString& file) {
    if (!m_remembers) return;
    const QString path = QFileInfo(file).absoluteFilePath();
    QStringList files = QSettings().value(recentKey()).toStringList();
    files.removeAll(path);
    files.prepend(path);
    while (files.size() > mostRecent) files.removeLast();
    QSettings().setValue(recentKey(), files);
    emit recentChanged();
}

void Documents::warn(const QString& text) {
    m_notices.add(NoticeBar::Sort::Warning, text);
}
