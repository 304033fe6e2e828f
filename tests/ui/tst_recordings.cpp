// SPDX-License-Identifier: MIT
#include "branchverbs.h"
#include "canvas/theme.h"
#include "contextverbs.h"
#include "crashoffer.h"
#include "documents.h"
#include "keptrun.h"
#include "mainwindow.h"
#include "notices.h"
#include "scenarios.h"
#include "statusline.h"
#include "unfinisheddialog.h"

#include "lab/recording_file.h"
#include "lab/unfinished_runs.h"

#include <QAction>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QProcess>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <memory>
#include <optional>

using namespace std::chrono_literals;

/// Recordings in the window: saved, opened, damaged, left behind by a crash.
class tst_Recordings : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_dir.emplace();
        m_laboratory = std::make_unique<lab::laboratory>(lab::options{.running = false});
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_window = std::make_unique<MainWindow>(*m_session, MainWindow::Memory::Forget);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_session->drain();
    }

    void cleanup() {
        m_window.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    /// Two lives, saved with their inputs, and read again: the same events, the same lives.
    void whatIsSavedComesBack() {
        play();
        const auto before = m_laboratory->log().read(0);
        saveTo("run.ctxlab");
        const lab::recording r = lab::load_recording(path("run.ctxlab").toStdString());
        QVERIFY(r.events == before);
        QVERIFY(!r.damage);
        QCOMPARE(r.lives.size(), std::size_t(2));
        QCOMPARE(r.lives[0].inputs.size(), std::size_t(2));
        QCOMPARE(r.lives[1].with->name, std::string("leak"));
        QCOMPARE(r.lives[1].inputs.size(), std::size_t(1));
        QCOMPARE(r.header.program, std::string(CTXLAB_TEST_VERSION));
        QVERIFY(r.header.began_unix_ms > 0);
    }

    void anOpenedRecordingIsShownAndMarkedAndNothingCanBeDoneToIt() {
        play();
        saveTo("run.ctxlab");
        m_window->scenarios().openNothing();
        QTRY_COMPARE(m_session->state().contexts().size(), std::size_t(1));
        open("run.ctxlab");
        QVERIFY(m_session->recorded());
        QCOMPARE(m_session->history().lives().size(), std::size_t(2));
        QCOMPARE(m_session->state().scenario(), std::string("leak"));
        QVERIFY(m_window->windowTitle().contains("run.ctxlab (recording)"));
        QVERIFY(!m_window->contextVerbs().newWorker()->isEnabled());
        QVERIFY(m_window->contextVerbs().newWorker()->toolTip().contains("recording"));
        QCOMPARE(m_window->documents().lives().all().size(), std::size_t(2));
        m_session->showMoment(4); // of the first life
        QCOMPARE(m_session->shownLife().first, std::uint64_t(1));
        // A recording can be saved again.
        saveTo("again.ctxlab");
        QVERIFY(lab::load_recording(path("again.ctxlab").toStdString()).events ==
                lab::load_recording(path("run.ctxlab").toStdString()).events);
        m_session->showLive();
        QVERIFY(!m_session->recorded());
        QVERIFY(!m_window->windowTitle().contains("recording"));
        QVERIFY(!m_window->documents().recording());
    }

    /// What went into it was saved with it, so it goes on from any of its moments.
    void aRecordingCanBeForked() {
        m_laboratory->call(lab::new_context{.name = "mine"}, "you");
        m_session->drain();
        saveTo("run.ctxlab");
        m_window->scenarios().openNothing();
        QTRY_COMPARE(m_session->state().contexts().size(), std::size_t(1));
        open("run.ctxlab");
        QAction* fork = m_window->branchVerbs().fork();
        QVERIFY2(fork->isEnabled(), qPrintable(fork->toolTip()));
        fork->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->live() && !m_session->recorded(), 20'000);
        QTRY_COMPARE(m_session->state().contexts().size(), std::size_t(2));
        QCOMPARE(m_session->state().contexts()[1].name, std::string("mine"));
        QVERIFY(m_window->contextVerbs().newWorker()->isEnabled());
    }

    void aScenarioOpenedMeanwhileLeavesTheRecording() {
        play();
        saveTo("run.ctxlab");
        open("run.ctxlab");
        m_window->documents().open(QStringLiteral(SCENARIO_DIR "/values.json"));
        QTRY_VERIFY(!m_session->recorded());
        QTRY_COMPARE(m_session->state().scenario(), std::string("values"));
    }

    void aDamagedFileOpensUpToTheDamageAndSaysWhere() {
        lab::event_log log;
        for (int i = 0; i < 9000; ++i) log.append({.kind = lab::event_kind::note, .text = "one more"});
        lab::save_recording(path("run.ctxlab").toStdString(), {}, log, {});
        QFile file(path("run.ctxlab"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(file.size() - 300);
        file.write("damage");
        file.close();
        open("run.ctxlab");
        const std::uint64_t last = m_session->history().lastSeq();
        QVERIFY2(last > 8000 && last < 9000, qPrintable(QString::number(last)));
        QCOMPARE(m_window->notices().bars().size(), 1);
        NoticeBar* bar = m_window->notices().bars().front();
        show("damage", *m_window);
        QVERIFY2(bar->text().contains("byte ") && bar->text().contains(QString("after event %1").arg(last)) &&
                     bar->text().contains("checksum"),
                 qPrintable(bar->text()));
        QTest::qWait(20);
        QCOMPARE(m_window->notices().bars().size(), 1); // it stays
        bar->dismiss();
        QVERIFY(m_window->notices().bars().isEmpty());
    }

    void whatIsNoRecordingIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("name");
        QTest::newRow("rubbish") << QByteArray("rubbish\n") << "rubbish.ctxlab";
        QTest::newRow("empty") << QByteArray() << "empty.ctxlab";
        QTest::newRow("a damaged header")
            << QByteArray("{\"format\":\"ctxlab-recording\",\"version\":1,\"pro") << "header.ctxlab";
        QTest::newRow("no scenario") << QByteArray("{\"commands\": 3}") << "scenario.json";
        QTest::newRow("a later version")
            << QByteArray("{\"format\":\"ctxlab-recording\",\"version\":99,\"program\":\"9\"}\n")
            << "later.ctxlab";
    }

    void whatIsNoRecordingIsRefusedByName() {
        QFETCH(QByteArray, content);
        QFETCH(QString, name);
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        m_window->documents().open(path(name));
        QTRY_COMPARE(m_window->notices().bars().size(), 1);
        QVERIFY2(m_window->notices().bars().front()->text().contains(name),
                 qPrintable(m_window->notices().bars().front()->text()));
        QVERIFY(!m_session->recorded());
    }

    void aFolderThatCannotBeWrittenIsNamed() {
        m_window->documents().save("/no/such/folder/run.ctxlab");
        QTRY_COMPARE(m_window->notices().bars().size(), 1);
        QVERIFY(m_window->notices().bars().front()->text().startsWith("/no/such/folder/run.ctxlab"));
    }

    void aFileThatIsDroppedIsOpened() {
        play();
        saveTo("run.ctxlab");
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path("run.ctxlab"))});
        QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        QTRY_VERIFY(m_session->recorded());
    }

    void openingCanBeGivenUpAndShowsHowFarItIs() {
        Notices& notices = m_window->notices();
        std::atomic<bool> ended{false};
        bool done = false;
        Errand errand;
        errand.start([&](Errand::Progress& progress) -> Errand::Then {
            progress.report(0.5);
            while (progress.isWanted()) std::this_thread::yield();
            ended = true;
            return [&] { done = true; };
        });
        notices.follow(errand, "Opening something large");
        QVERIFY(notices.bars().isEmpty()); // it may be over at once
        QTRY_COMPARE(notices.bars().size(), 1);
        show("opening", *m_window);
        QCOMPARE(notices.bars().front()->text(), "Opening something large");
        QTRY_COMPARE(notices.bars().front()->findChild<QProgressBar*>()->value(), 500);
        notices.bars().front()->findChild<QPushButton*>()->click();
        QTRY_VERIFY(!errand.isRunning());
        QVERIFY(ended && !done);
        QVERIFY(notices.bars().isEmpty());
    }

    /// The offer of a run whose program was killed.
    void aRunThatACrashLeftIsOfferedAndOpenedOnlyWhenAsked() {
        leaveARun();
        m_window->crashOffer().lookInto(runs());
        QTRY_COMPARE(m_window->notices().bars().size(), 1);
        NoticeBar* bar = m_window->notices().bars().front();
        QVERIFY2(bar->text().contains("tale") && bar->text().contains("events") &&
                     bar->text().contains("today"),
                 qPrintable(bar->text()));
        QVERIFY(!m_session->recorded());
        button(bar, "Open")->click();
        QTRY_VERIFY(m_session->recorded());
        QVERIFY(m_session->history().lastSeq() > 1);
        QCOMPARE(m_window->notices().bars().size(), 1); // it can still be saved or discarded; no damage
        button(bar, "Discard")->click();
        QVERIFY(lab::unfinished_runs(runs()).empty());
        QTRY_VERIFY(m_window->notices().bars().isEmpty());
        QVERIFY(m_session->recorded()); // what is shown has been read
    }

    void aRunThatIsSavedIsNotOfferedAgain() {
        leaveARun();
        m_window->crashOffer().lookInto(runs());
        QTRY_COMPARE(m_window->crashOffer().runs().size(), std::size_t(1));
        const lab::unfinished_run run = m_window->crashOffer().runs().front();
        m_window->crashOffer().saveTo(run, path("kept.ctxlab"));
        QTRY_VERIFY(m_window->crashOffer().runs().empty());
        const lab::recording r = lab::load_recording(path("kept.ctxlab").toStdString());
        QCOMPARE(r.events.size(), run.events);
        QVERIFY(!r.damage); // it has an end now
        QVERIFY(lab::unfinished_runs(runs()).empty());
    }

    void laterKeepsItForTheNextStart() {
        leaveARun();
        m_window->crashOffer().lookInto(runs());
        QTRY_COMPARE(m_window->notices().bars().size(), 1);
        button(m_window->notices().bars().front(), "Later")->click();
        QVERIFY(m_window->notices().bars().isEmpty());
        QCOMPARE(lab::unfinished_runs(runs()).size(), std::size_t(1));
    }

    void severalRunsAreAList() {
        leaveARun();
        leaveARun();
        std::filesystem::create_directories(runs());
        QFile broken(QString::fromStdString((runs() / "broken.ctxlab").string()));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("rubbish\n") > 0);
        broken.close();
        m_window->crashOffer().lookInto(runs());
        QTRY_COMPARE(m_window->notices().bars().size(), 1);
        QVERIFY(m_window->notices().bars().front()->text().startsWith("3 runs"));
        button(m_window->notices().bars().front(), "Show them…")->click();
        auto* dialog = m_window->findChild<UnfinishedDialog*>();
        QVERIFY(dialog && !dialog->isModal());
        auto* list = dialog->findChild<QTreeWidget*>("runs");
        show("runs-dialog", *dialog);
        show("runs-window", *m_window);
        QCOMPARE(list->topLevelItemCount(), 3);
        for (int i = 0; i < 3; ++i) {
            list->setCurrentItem(list->topLevelItem(i));
            const bool readable = list->topLevelItem(i)->text(0) == "tale";
            QCOMPARE(button(dialog, "Open")->isEnabled(), readable);
            QCOMPARE(button(dialog, "Open")->toolTip().isEmpty(), readable);
        }
        for (int left = 2; left >= 0; --left) {
            button(dialog, "Discard")->click();
            QCOMPARE(m_window->crashOffer().runs().size(), std::size_t(left));
        }
        QTRY_VERIFY(!m_window->findChild<UnfinishedDialog*>());
        QVERIFY(lab::unfinished_runs(runs()).empty());
    }

    void aRunningLaboratoryIsKeptAndItsEndIsOrderly() {
        qputenv("XDG_STATE_HOME", m_dir->path().toUtf8());
        {
            KeptRun run(*m_laboratory);
            QCOMPARE(run.folder(), lab::runs_folder());
            play();
            QTRY_COMPARE_WITH_TIMEOUT(files(run.folder()), 1, 20'000);
            QVERIFY(lab::unfinished_runs(run.folder()).empty()); // it is running
        }
        QCOMPARE(files(lab::runs_folder()), 0);
    }

    void aDiskThatRefusesIsAQuietLine() {
        QFile inTheWay(path("ctxlab"));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        qputenv("XDG_STATE_HOME", m_dir->path().toUtf8());
        KeptRun run(*m_laboratory);
        QSignalSpy troubled(&run, &KeptRun::troubled);
        m_window->keep(run);
        QTRY_COMPARE_WITH_TIMEOUT(troubled.size(), 1, 20'000);
        QVERIFY2(run.problem().contains("ctxlab"), qPrintable(run.problem()));
        QVERIFY(m_window->notices().bars().isEmpty());
    }

  private:
    QString path(const QString& name) const { return m_dir->filePath(name); }
    std::filesystem::path runs() const { return path("runs").toStdString(); }
    static int files(const std::filesystem::path& folder) {
        return int(QDir(QString::fromStdString(folder.string())).entryList(QDir::Files).size());
    }

    /// Where a person can look at it, if CTXLAB_PICTURES says so.
    static void show(const QString& name, QWidget& what) {
        const QString folder = qEnvironmentVariable("CTXLAB_PICTURES");
        if (folder.isEmpty()) return;
        QTest::qWait(100);
        for (const auto mode : {ThemeManager::Mode::Dark, ThemeManager::Mode::Light}) {
            ThemeManager::instance().setMode(mode);
            QTest::qWait(50);
            what.grab().save(QDir(folder).filePath(
                name + (mode == ThemeManager::Mode::Dark ? "-dark.png" : "-light.png")));
        }
    }

    /// An empty laboratory with a context that is cancelled, then a scenario with a further context.
    void play() {
        const lab::id_t c = m_laboratory->call(lab::new_context{.name = "mine"}, "you").id;
        m_laboratory->call(lab::cancel_context{.context = c}, "you");
        m_laboratory->call(
            lab::reset_lab{.with = std::make_shared<lab::scenario>(lab::find_scenario("leak"))}, "you");
        m_laboratory->call(lab::change_clock{.action = lab::clock_action::advance, .by = 500ms}, "you");
        m_session->drain();
    }

    void saveTo(const QString& name) {
        QSignalSpy done(&m_window->documents(), &Documents::done);
        m_window->documents().save(path(name));
        QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, 20'000);
    }

    void open(const QString& name) {
        m_window->documents().open(path(name));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->recorded(), 20'000);
    }

    /// Starts a program that records, and kills it.
    void leaveARun() {
        const int before = QDir(path("runs")).exists() ? files(runs()) : 0;
        QProcess p;
        p.start(QStringLiteral(RECORDS_UNTIL_KILLED), {path("runs")});
        QVERIFY(p.waitForReadyRead(30'000));
        QTRY_VERIFY_WITH_TIMEOUT(QDir(path("runs")).exists() && files(runs()) > before &&
                                     wasWritten(QDir(path("runs")).entryInfoList(QDir::Files, QDir::Time)[0]),
                                 30'000);
        p.kill();
        QVERIFY(p.waitForFinished(30'000));
    }

    /// More than the header.
    static bool wasWritten(const QFileInfo& run) {
        QFile file(run.absoluteFilePath());
        return file.open(QIODevice::ReadOnly) && !file.readLine().isEmpty() && !file.atEnd();
    }

    static QPushButton* button(const QWidget* in, const QString& text) {
        for (auto* b : in->findChildren<QPushButton*>())
            if (b->text() == text) return b;
        qFatal("no button %s", qPrintable(text));
    }

    std::optional<QTemporaryDir> m_dir;
    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(tst_Recordings)
#include "tst_recordings.moc"
