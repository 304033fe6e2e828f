// SPDX-License-Identifier: MIT
#include "lab/code_outcome.h"
#include "lab/event_json.h"
#include "lab/laboratory.h"
#include "lab/recording_file.h"
#include "lab/scenario.h"
#include "lab/seeds.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

/// The programs that a scenario is written as, built and run: what they print is what the laboratory's own
/// run came to.
class tst_export : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        QVERIFY(dir.isValid());
        QCOMPARE(cli({"run", "leak", "--record", dir.filePath("leak.ctxlab")}).status, 0);
    }
    void theCppProgramComesToTheSame_data() { rows(); }
    void theCppProgramComesToTheSame();
    void theGoProgramComesToTheSame_data() { rows(); }
    void theGoProgramComesToTheSame();
    void theGoProgramAnswersRequestsAlike_data();
    void theGoProgramAnswersRequestsAlike();
    void aTraceIsJsonAndNdjsonAnEventALine();
    void aRecordingIsWrittenLikeTheRunThatItIs();
    void aProgramOfARecordingHasWhatPeopleDid();
    void aDamagedRecordingIsWrittenUpToThere();
    void whatCannotBeWrittenIsRefused_data();
    void whatCannotBeWrittenIsRefused();

  private:
    struct result {
        int status = -1;
        QString out, err;
    };
    static result run(const QString& program, const QStringList& arguments, const QString& in = {},
                      const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment()) {
        QProcess p;
        p.setProcessEnvironment(environment);
        if (!in.isEmpty()) p.setWorkingDirectory(in);
        p.start(program, arguments);
        if (!p.waitForFinished(300'000)) return {-1, {}, p.errorString()};
        return {p.exitStatus() == QProcess::NormalExit ? p.exitCode() : -1,
                QString::fromUtf8(p.readAllStandardOutput()), QString::fromUtf8(p.readAllStandardError())};
    }
    static result cli(const QStringList& arguments) { return run(QStringLiteral(CTXLAB_CLI), arguments); }

    static void rows();
    static std::vector<lab::event> events_of(const QString& scenario);
    static std::vector<lab::event> events_of(lab::scenario s, std::int64_t seed);
    /// All that some seed comes to.
    static QList<QStringList> outcomes_of(const QString& scenario);
    /// What a program prints, without the times, in alphabetical order.
    static QStringList lines(const QString& printed);
    QString folder(const QString& scenario, const char* language) const;
    /// Builds and runs, four times as fast as it says.
    result run_go(const QString& scenario) const;

    QTemporaryDir dir;
};

void tst_export::rows() {
    QTest::addColumn<QString>("scenario");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (!s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QString::fromStdString(s.name);
    QTest::newRow("everything") << QStringLiteral(TEST_DATA_DIR "/export/everything.json");
    QTest::newRow("stays") << QStringLiteral(TEST_DATA_DIR "/export/stays.json");
}

std::vector<lab::event> tst_export::events_of(const QString& scenario) {
    const result r = cli({"export", scenario, "--as", "ndjson"});
    if (r.status != 0) qFatal("%s", qPrintable(r.err));
    std::vector<lab::event> events;
    for (const QString& line : r.out.split('\n', Qt::SkipEmptyParts))
        events.push_back(lab::event_from_json(nlohmann::json::parse(line.toStdString())));
    return events;
}

std::vector<lab::event> tst_export::events_of(lab::scenario s, std::int64_t seed) {
    s.seed = seed;
    lab::laboratory l({.running = false,
                       .as_fast_as_possible = true,
                       .with = std::make_shared<const lab::scenario>(std::move(s))});
    l.call(lab::change_clock{.action = lab::clock_action::finish, .by = std::chrono::hours(1)});
    return l.log().read(0);
}

QList<QStringList> tst_export::outcomes_of(const QString& scenario) {
    QList<QStringList> outcomes;
    const lab::scenario s = lab::find_scenario(scenario.toStdString());
    for (const lab::outcome& o : lab::try_seeds(s, 30).outcomes) {
        QStringList all;
        for (const std::string& line : lab::code_outcome(events_of(s, o.seed)))
            all += QString::fromStdString(line).split('\n'); // a cause may have several lines
        all.sort();
        if (!outcomes.contains(all)) outcomes += all;
    }
    return outcomes;
}

QStringList tst_export::lines(const QString& printed) {
    static const QRegularExpression time("^\\[ *[0-9]+\\.[0-9]{3}s\\] ", QRegularExpression::MultilineOption);
    QString text = printed;
    QStringList all = text.remove(time).split('\n');
    all.removeLast(); // after the last newline
    all.sort();
    return all;
}

QString tst_export::folder(const QString& scenario, const char* language) const {
    const QString path = dir.filePath(QFileInfo(scenario).baseName() + '_' + language);
    QDir().mkpath(path);
    return path;
}

void tst_export::theCppProgramComesToTheSame() {
    QFETCH(QString, scenario);
    const QString in = folder(scenario, "cpp");
    const result exported = cli({"export", scenario, "--as", "cpp", "--output", in + "/main.cpp"});
    QVERIFY2(exported.status == 0, qPrintable(exported.err));
    QStringList compile = QStringLiteral(CXX_COMMAND).split(' ');
    const QString compiler = compile.takeFirst();
    compile +=
        {"-std=c++20", "-Wall", "-Wextra", "-Werror", "-I", CTX_INCLUDE, "-c", "main.cpp", "-o", "main.o"};
    const result compiled = run(compiler, compile, in);
    QVERIFY2(compiled.status == 0, qPrintable(compiled.err));
    const result linked = run(CXX_COMPILER, {"main.o", "-o", "program", CTX_LIBRARY, "-pthread"}, in);
    QVERIFY2(linked.status == 0, qPrintable(linked.err));
    const result r = run(in + "/program", {}, in);
    QVERIFY2(r.status == 0, qPrintable(r.err));
    const QList<QStringList> outcomes = outcomes_of(scenario);
    if (outcomes.size() == 1)
        QCOMPARE(lines(r.out), outcomes.front());
    else
        QVERIFY2(outcomes.contains(lines(r.out)), qPrintable(r.out));
    QVERIFY2(run(in + "/program", {}, in).out == r.out, "virtual time, and yet not the same twice");
}

tst_export::result tst_export::run_go(const QString& scenario) const {
    const QString in = folder(scenario, "go");
    result text = cli({"export", scenario, "--as", "go"});
    if (text.status != 0) return text;
    if (text.out.count("const speed = 1\n") != 1) return {-1, {}, "no constant called speed"};
    QFile file(in + "/main.go");
    if (!file.open(QIODevice::WriteOnly)) return {-1, {}, file.errorString()};
    file.write(text.out.replace("const speed = 1\n", "const speed = 4\n").toUtf8());
    file.close();
    QProcessEnvironment go = QProcessEnvironment::systemEnvironment();
    go.insert("GOCACHE", GO_CACHE);
    go.insert("GO111MODULE", "off");
    go.insert("GOPROXY", "off");
    go.insert("GOTOOLCHAIN", "local");
    if (const result vet = run("go", {"vet", "main.go"}, in, go); vet.status != 0) return vet;
    if (const result built = run("go", {"build", "-o", "program", "main.go"}, in, go); built.status != 0)
        return built;
    return run(in + "/program", {}, in);
}

void tst_export::theGoProgramComesToTheSame() {
    if (QStandardPaths::findExecutable("go").isEmpty()) QSKIP("go is not installed");
    QFETCH(QString, scenario);
    const result r = run_go(scenario);
    QVERIFY2(r.status == 0, qPrintable(r.err));
    const QList<QStringList> outcomes = outcomes_of(scenario);
    if (outcomes.size() == 1) QCOMPARE(lines(r.out), outcomes.front());
    // Where the outcome is not defined, Go's real clock may mix what is apart here: two fail, not one.
    for (const QString& line : lines(r.out))
        QVERIFY2(std::ranges::any_of(outcomes, [&](const QStringList& o) { return o.contains(line); }),
                 qPrintable(line));
    QCOMPARE(lines(r.out).size(), outcomes.front().size());
}

void tst_export::theGoProgramAnswersRequestsAlike_data() {
    QTest::addColumn<QString>("scenario");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_export::theGoProgramAnswersRequestsAlike() {
    if (QStandardPaths::findExecutable("go").isEmpty()) QSKIP("go is not installed");
    QFETCH(QString, scenario);
    QStringList expected;
    const lab::scenario s = lab::find_scenario(scenario.toStdString());
    for (const lab::event& e : events_of(scenario)) {
        if (e.kind == lab::event_kind::worker_exited) {
            expected << QStringLiteral("worker %1: %2").arg(e.worker).arg(QString::fromStdString(e.text));
        }
        if (e.kind != lab::event_kind::client_ended) continue;
        const QString name = QString::fromStdString(s.commands[e.client - 1].id);
        const QString fate = e.cli_state == lab::client_state::aborted     ? "context canceled"
                             : e.cli_state == lab::client_state::timed_out ? "context deadline exceeded"
                                                                           : QString::number(e.value);
        expected << QStringLiteral("request \"%1\": %2").arg(name, fate);
    }
    const result r = run_go(scenario);
    QVERIFY2(r.status == 0, qPrintable(r.err));
    QStringList printed = lines(r.out);
    // Two handlers may have one name, so of the workers the reasons are compared.
    printed.replaceInStrings(QRegularExpression("^worker \"[^\"]*\""), "worker");
    expected.replaceInStrings(QRegularExpression("^worker \\d+"), "worker");
    printed.sort();
    expected.sort();
    QCOMPARE(printed, expected);
}

void tst_export::aTraceIsJsonAndNdjsonAnEventALine() {
    const result trace = cli({"export", "leak", "--as", "perfetto"});
    QCOMPARE(trace.status, 0);
    QJsonParseError error;
    const QJsonDocument j = QJsonDocument::fromJson(trace.out.toUtf8(), &error);
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QVERIFY(j.object().contains("traceEvents"));
    QVERIFY(events_of("leak").size() > 10);
}

void tst_export::aRecordingIsWrittenLikeTheRunThatItIs() {
    const QString file = dir.filePath("leak.ctxlab");
    for (const char* as : {"ndjson", "perfetto", "go", "cpp"}) {
        const result r = cli({"export", file, "--as", as});
        QVERIFY2(r.status == 0, qPrintable(r.err));
        QCOMPARE(r.out, cli({"export", "leak", "--as", as}).out);
    }
    const QString out = dir.filePath("leak.ndjson");
    QCOMPARE(cli({"export", file + "@1", "--as", "ndjson", "--output", out}).status, 0);
    QFile written(out);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(written.readAll()), cli({"export", file, "--as", "ndjson"}).out);
    QVERIFY(QDir(dir.path()).entryList({"*.part-*"}).isEmpty());
}

void tst_export::aProgramOfARecordingHasWhatPeopleDid() {
    const QString file = dir.filePath("by-hand.ctxlab");
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    l.call(lab::new_context{.name = "mine"}, "you");
    l.call(lab::reset_lab{.with = std::make_shared<lab::scenario>(lab::find_scenario("leak"))}, "you");
    lab::save_recording(file.toStdString(), {.first = l.lives().front()}, l.log(), l.lives());
    QVERIFY(cli({"export", file + "@1", "--as", "go"}).out.contains("mine"));
    QVERIFY(!cli({"export", file, "--as", "go"}).out.contains("mine"));
}

void tst_export::aDamagedRecordingIsWrittenUpToThere() {
    const QString path = dir.filePath("cut.ctxlab");
    QCOMPARE(cli({"run", "leak", "--record", path}).status, 0);
    QFile file(path);
    QVERIFY(file.resize(file.size() - 2));
    const result r = cli({"export", path, "--as", "ndjson"});
    QCOMPARE(r.status, r.out.isEmpty() ? 2 : 1);
    QVERIFY2(r.err.contains("cut.ctxlab"), qPrintable(r.err));
}

void tst_export::whatCannotBeWrittenIsRefused_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("error");
    QTest::newRow("no scenario") << QStringList{"--as", "go"} << "expected a scenario";
    QTest::newRow("no format") << QStringList{"leak"} << "expected go, cpp, ndjson or perfetto";
    QTest::newRow("unknown format") << QStringList{"leak", "--as", "rust"} << "--as \"rust\"";
    QTest::newRow("unknown scenario") << QStringList{"no-such", "--as", "go"} << "no-such";
    QTest::newRow("no such recording") << QStringList{"no-such.ctxlab", "--as", "go"} << "no-such.ctxlab";
    QTest::newRow("no such life") << QStringList{dir.filePath("leak.ctxlab@7"), "--as", "go"}
                                  << "the recording has 1 life";
    QTest::newRow("nowhere") << QStringList{"leak", "--as", "go", "--output", "/no/such/dir/x"}
                             << "/no/such/dir/x";
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (s.needs_sockets())
            QTest::addRow("C++ without HTTP: %s", s.name.c_str())
                << QStringList{QString::fromStdString(s.name), "--as", "cpp"} << "ctx alone has no HTTP";
}

void tst_export::whatCannotBeWrittenIsRefused() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, error);
    const result r = cli(QStringList{"export"} + arguments);
    QCOMPARE(r.status, 2);
    QVERIFY2(r.err.contains(error), qPrintable(r.err));
    QCOMPARE(r.err.count('\n'), 1);
    QCOMPARE(r.out, QString());
}

QTEST_APPLESS_MAIN(tst_export)
#include "tst_export.moc"
