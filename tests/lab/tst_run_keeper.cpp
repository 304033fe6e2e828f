// SPDX-License-Identifier: MIT
#include "lab/input_error.h"
#include "lab/laboratory.h"
#include "lab/recording_file.h"
#include "lab/run_keeper.h"
#include "lab/unfinished_runs.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fstream>

using namespace std::chrono_literals;

/// Running laboratories are kept on the disk.
class tst_run_keeper : public QObject {
    Q_OBJECT
  private slots:
    void init() { dir.emplace(); }
    void whatHappensIsOnTheDiskWithinASecond();
    void anOrderlyEndRemovesTheFile();
    void whatWentIntoALifeIsKeptThoughItEndedAtOnce();
    void itEndsAtOnceWhileNothingHappens();
    void aKilledProgramLosesAtMostItsLastSecond();
    void aRunThatIsStillRecordedIsNotOffered();
    void aDiscardedRunIsGone();
    void whatCannotBeOpenedIsOfferedWithTheReason();
    void aFolderThatCannotBeWrittenIsAProblemAndNoMore();
    void theFolderIsWhereXdgSays();
    void aWaiterOnTheLogCanBeStopped();

  private:
    std::filesystem::path folder() const { return dir->path().toStdString() + "/state/runs"; }
    /// Starts the program, waits until it has recorded something, and kills it.
    void leaveARun(int milliseconds);
    std::optional<QTemporaryDir> dir;
};

void tst_run_keeper::whatHappensIsOnTheDiskWithinASecond() {
    lab::event_log log;
    lab::life life;
    life.inputs.push_back({.seq = 1, .who = "you", .what = lab::sweep{}});
    lab::run_keeper keeper(
        log, {.program = "test"}, [&] { return std::vector{life}; }, folder());
    for (std::uint64_t n = 1; n <= 3; ++n) {
        log.append({.kind = lab::event_kind::note, .text = "one more"});
        QTRY_COMPARE_WITH_TIMEOUT(keeper.safe_seq(), n, 30'000);
    }
    QCOMPARE(keeper.problem(), std::string());
    const lab::recording r = lab::load_recording(keeper.file());
    QVERIFY(r.events == log.read(0));
    QCOMPARE(r.lives.at(0).inputs.size(), std::size_t(1));
    QVERIFY(r.damage); // it has no end yet
    QCOMPARE(r.damage->last_seq, std::uint64_t(3));
}

void tst_run_keeper::anOrderlyEndRemovesTheFile() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    {
        lab::run_keeper keeper(l.log(), {}, {}, folder());
        QTRY_VERIFY_WITH_TIMEOUT(keeper.safe_seq() > 0, 30'000);
        QVERIFY(std::filesystem::exists(keeper.file()));
        QCOMPARE(QFile(QString::fromStdString(folder().string())).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions{});
    }
    QVERIFY(std::filesystem::is_empty(folder()));
}

void tst_run_keeper::whatWentIntoALifeIsKeptThoughItEndedAtOnce() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    lab::run_keeper keeper(
        l.log(), {.first = l.lives().front()}, [&] { return l.lives(); }, folder());
    QTRY_VERIFY_WITH_TIMEOUT(keeper.safe_seq() > 0, 30'000);
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario("leak"));
    l.call(lab::new_context{}, "you");
    l.call(lab::reset_lab{.with = s}, "you");
    l.call(lab::new_context{}, "you");
    l.call(lab::sweep{}, "you");
    l.call(lab::reset_lab{}, "you");
    QTRY_COMPARE_WITH_TIMEOUT(keeper.safe_seq(), l.log().last_seq(), 30'000);
    const lab::recording r = lab::load_recording(keeper.file());
    QCOMPARE(r.lives.size(), std::size_t(3));
    QCOMPARE(r.lives[0].inputs.size(), std::size_t(1));
    QCOMPARE(r.lives[1].with->name, s->name);
    QCOMPARE(r.lives[1].inputs.size(), std::size_t(2));
    QVERIFY(r.lives[2].inputs.empty());
}

void tst_run_keeper::itEndsAtOnceWhileNothingHappens() {
    lab::event_log log;
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) const lab::run_keeper keeper(log, {}, {}, folder());
    QVERIFY(std::chrono::steady_clock::now() - began < 20s);
    QVERIFY(!std::filesystem::exists(folder()));
}

void tst_run_keeper::leaveARun(int milliseconds) {
    QProcess p;
    p.start(RECORDS_UNTIL_KILLED, {QString::fromStdString(folder().string())});
    QVERIFY(p.waitForReadyRead(30'000));
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(folder()) && !std::filesystem::is_empty(folder()),
                             30'000);
    p.waitForFinished(milliseconds); // it does not: time goes by
    p.kill();
    QVERIFY(p.waitForFinished(30'000));
    QCOMPARE(p.exitStatus(), QProcess::CrashExit);
}

void tst_run_keeper::aKilledProgramLosesAtMostItsLastSecond() {
    leaveARun(1200);
    const auto killed = std::chrono::steady_clock::now().time_since_epoch();
    const auto runs = lab::unfinished_runs(folder());
    QCOMPARE(runs.size(), std::size_t(1));
    QCOMPARE(runs[0].problem, std::string());
    QCOMPARE(runs[0].scenario, std::string("tale"));
    QCOMPARE(runs[0].title, std::string("A tale"));
    const lab::recording r = lab::load_recording(runs[0].file);
    QCOMPARE(runs[0].events, r.events.size());
    QVERIFY(r.events.size() > 100);
    const std::chrono::nanoseconds lost = killed - std::chrono::nanoseconds(r.events.back().wall_ns);
    QVERIFY2(lost < 1s, qPrintable(QString::number(lost.count() / 1'000'000) + " ms"));
}

void tst_run_keeper::aRunThatIsStillRecordedIsNotOffered() {
    lab::event_log log;
    log.append({});
    const lab::run_keeper keeper(log, {}, {}, folder());
    QTRY_COMPARE_WITH_TIMEOUT(keeper.safe_seq(), std::uint64_t(1), 30'000);
    QVERIFY(lab::unfinished_runs(folder()).empty());
    QVERIFY(!lab::discard(keeper.file()));
    QProcess other;
    other.start(RECORDS_UNTIL_KILLED, {QString::fromStdString(folder().string()), "idle"});
    QVERIFY(other.waitForReadyRead(30'000));
    QTRY_COMPARE_WITH_TIMEOUT(QDir(QString::fromStdString(folder().string())).entryList(QDir::Files).size(),
                              2, 30'000);
    QVERIFY(lab::unfinished_runs(folder()).empty());
    other.kill();
    QVERIFY(other.waitForFinished(30'000));
}

void tst_run_keeper::aDiscardedRunIsGone() {
    leaveARun(0);
    const auto runs = lab::unfinished_runs(folder());
    for (const auto& run : runs) QVERIFY(lab::discard(run.file));
    QVERIFY(lab::unfinished_runs(folder()).empty());
    QVERIFY(std::filesystem::is_empty(folder()));
}

void tst_run_keeper::whatCannotBeOpenedIsOfferedWithTheReason() {
    QVERIFY(lab::unfinished_runs(folder()).empty());
    std::filesystem::create_directories(folder());
    std::ofstream(folder() / "broken.ctxlab") << "rubbish\n";
    std::ofstream(folder() / "other.txt") << "not ours\n";
    const auto runs = lab::unfinished_runs(folder());
    QCOMPARE(runs.size(), std::size_t(1));
    QVERIFY2(runs[0].problem.find("expected a ctxlab recording") != std::string::npos,
             runs[0].problem.c_str());
    QVERIFY(lab::discard(runs[0].file));
    QVERIFY(std::filesystem::exists(folder() / "other.txt"));
}

void tst_run_keeper::aFolderThatCannotBeWrittenIsAProblemAndNoMore() {
    std::filesystem::create_directories(folder().parent_path());
    std::ofstream(folder()) << "a file where the folder should be";
    lab::event_log log;
    log.append({});
    lab::run_keeper keeper(log, {}, {}, folder());
    QTRY_VERIFY_WITH_TIMEOUT(!keeper.problem().empty(), 30'000);
    QCOMPARE(keeper.safe_seq(), std::uint64_t(0));
    std::filesystem::remove(folder());
    QTRY_COMPARE_WITH_TIMEOUT(keeper.safe_seq(), std::uint64_t(1), 30'000);
    QCOMPARE(keeper.problem(), std::string());
}

void tst_run_keeper::theFolderIsWhereXdgSays() {
    const QByteArray home = qgetenv("HOME"), state = qgetenv("XDG_STATE_HOME");
    qputenv("XDG_STATE_HOME", "/somewhere");
    QCOMPARE(lab::runs_folder().string(), std::string("/somewhere/ctxlab/runs"));
    qputenv("XDG_STATE_HOME", "relative");
    qputenv("HOME", "/home/ana");
    QCOMPARE(lab::runs_folder().string(), std::string("/home/ana/.local/state/ctxlab/runs"));
    qunsetenv("HOME");
    QVERIFY_EXCEPTION_THROWN(lab::runs_folder(), lab::input_error);
    qputenv("HOME", home);
    state.isNull() ? qunsetenv("XDG_STATE_HOME") : qputenv("XDG_STATE_HOME", state);
}

void tst_run_keeper::aWaiterOnTheLogCanBeStopped() {
    lab::event_log log;
    bool found = true;
    {
        const std::jthread waiter([&](const std::stop_token& stop) { found = log.wait_after(0, stop); });
    }
    QVERIFY(!found);
    log.append({});
    QVERIFY(log.wait_after(0, std::stop_token()));
    log.close();
    QVERIFY(!log.wait_after(1, std::stop_token()));
}

QTEST_GUILESS_MAIN(tst_run_keeper)
#include "tst_run_keeper.moc"
