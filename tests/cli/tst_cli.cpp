// SPDX-License-Identifier: MIT
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

/// A sanitizer makes everything slower; what must take under a second then has this many.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int slowness = 10;
#else
constexpr int slowness = 1;
#endif

/// ctxlab-cli as people and scripts call it: exit status, standard output, standard error.
class tst_cli : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { QVERIFY(dir.isValid()); }
    void answersWithTheRightStatusAndOneLine_data();
    void answersWithTheRightStatusAndOneLine();
    void listsTheShippedScenarios();
    void runTellsAScenarioInSentences();
    void runGivesTheSameEventLogTwice();
    void runWritesTheStateAtTheEnd();
    void runWritesATraceThatIsJson();
    void runStopsWhereItIsTold();
    void runStepsThroughTheLibrary();
    void runStepsUntilNothingIsLeft_data();
    void runStepsUntilNothingIsLeft();
    void aRecordedRunIsShownAsItRan();
    void aRecordingIsShownUpToAnEvent();
    void aRecordingIsNoScenario();
    void anEventBehindTheDamageIsNotAWrongCall();
    void aCutRecordingIsShownUpToTheCut();
    void badScenarioFilesAreRefusedWithTheirPlace_data();
    void badScenarioFilesAreRefusedWithTheirPlace();
    void aScenarioWithRequestsRunsOnTheRealClock();
    void serveStopsWithinASecond_data();
    void serveStopsWithinASecond();
    void serveSaysWhenItsPortIsTaken();
    void serveKeepsItsRunUntilItsEnd();
    void serveSaysWhenItsRunCannotBeKept();

  private:
    struct result {
        int status;
        QString out;
        QString err;
    };
    static result run(const QStringList& arguments, const QByteArray& input = {}) {
        QProcess p;
        p.start(QStringLiteral(CTXLAB_CLI), arguments);
        p.write(input);
        p.closeWriteChannel();
        if (!p.waitForFinished(60'000)) return {-1, {}, p.errorString()};
        return {p.exitStatus() == QProcess::NormalExit ? p.exitCode() : -1,
                QString::fromUtf8(p.readAllStandardOutput()), QString::fromUtf8(p.readAllStandardError())};
    }
    QString file(const QString& name, const QByteArray& content) const {
        QFile f(dir.filePath(name));
        if (!f.open(QIODevice::WriteOnly) || f.write(content) != content.size())
            qFatal("cannot write a test file");
        return f.fileName();
    }
    QTemporaryDir dir;
};

void tst_cli::answersWithTheRightStatusAndOneLine_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("error"); // part of the one line on standard error; empty: nothing at all
    QTest::newRow("help") << QStringList{"--help"} << 0 << "";
    QTest::newRow("version") << QStringList{"--version"} << 0 << "";
    QTest::newRow("run --help") << QStringList{"run", "--help"} << 0 << "";
    QTest::newRow("serve --help") << QStringList{"serve", "--help"} << 0 << "";
    QTest::newRow("nothing") << QStringList{} << 2 << "expected a command";
    QTest::newRow("unknown command") << QStringList{"fly"} << 2 << "unknown command fly";
    QTest::newRow("run nothing") << QStringList{"run"} << 2 << "expected a scenario";
    QTest::newRow("run unknown scenario") << QStringList{"run", "no-such"} << 2 << "no-such";
    QTest::newRow("run two") << QStringList{"run", "leak", "values"} << 2 << "unexpected argument values";
    QTest::newRow("unknown option") << QStringList{"run", "leak", "--sped", "3"} << 2
                                    << "unknown option --sped";
    QTest::newRow("seed without value")
        << QStringList{"run", "leak", "--seed"} << 2 << "--seed needs a value";
    QTest::newRow("seed not a number") << QStringList{"run", "leak", "--seed", "x"} << 2 << "--seed \"x\"";
    QTest::newRow("until negative") << QStringList{"run", "leak", "--until", "-1"} << 2 << "--until \"-1\"";
    QTest::newRow("format") << QStringList{"run", "leak", "--format", "xml"} << 2
                            << "expected text, ndjson or perfetto";
    QTest::newRow("events nowhere") << QStringList{"run", "leak", "--events", "/no/such/dir/x"} << 2
                                    << "/no/such/dir/x";
    QTest::newRow("port too large") << QStringList{"serve", "--port", "70000"} << 2 << "--port \"70000\"";
    QTest::newRow("serve unknown scenario")
        << QStringList{"serve", "--scenario", "no-such"} << 2 << "no-such";
    QTest::newRow("oracle no file") << QStringList{"oracle", "/no/such/file"} << 2 << "/no/such/file";
    QTest::newRow("show --help") << QStringList{"show", "--help"} << 0 << "";
    QTest::newRow("show nothing") << QStringList{"show"} << 2 << "expected a recording";
    QTest::newRow("show no file") << QStringList{"show", "/no/such.ctxlab"} << 2
                                  << "/no/such.ctxlab: there is no such file";
    QTest::newRow("show no recording")
        << QStringList{"show", CTXLAB_CLI} << 2 << "expected a ctxlab recording";
    QTest::newRow("record nowhere") << QStringList{"run", "leak", "--record", "/no/such/dir/x"} << 2
                                    << "/no/such/dir/x: cannot be written: ";
    QTest::newRow("given twice") << QStringList{"run", "leak", "--seed", "1", "--seed=2"} << 2
                                 << "--seed is given twice";
}

void tst_cli::answersWithTheRightStatusAndOneLine() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, error);
    const result r = run(arguments);
    QCOMPARE(r.status, status);
    if (error.isEmpty()) {
        QCOMPARE(r.err, QString());
        QVERIFY(!r.out.isEmpty());
    } else {
        QVERIFY2(r.err.contains(error), qPrintable(r.err));
        QCOMPARE(r.err.count('\n'), 1);
        QCOMPARE(r.out, QString());
    }
}

void tst_cli::listsTheShippedScenarios() {
    const QString out = run({"scenarios"}).out;
    for (const char* name :
         {"client-leaves", "operation-fails", "request-timeout", "search", "fan-out", "leak"})
        QVERIFY2(out.contains(
                     QRegularExpression("^" + QString(name) + "  +\\S", QRegularExpression::MultilineOption)),
                 name);
}

void tst_cli::runTellsAScenarioInSentences() {
    const result r = run({"run", "operation-fails"});
    QCOMPARE(r.status, 0);
    QVERIFY(r.out.startsWith("+0.000 s  A laboratory starts"));
    QVERIFY(r.out.contains("+0.100 s  operation2 exits: context canceled\n"));
}

void tst_cli::runGivesTheSameEventLogTwice() {
    for (const char* name : {"operation-fails", "fan-out", "leak", "deadline-tree", "values"}) {
        const QStringList call{"run", name, "--seed", "11", "--events", "-", "--format", "ndjson"};
        const result once = run(call);
        QCOMPARE(once.status, 0);
        QVERIFY(once.out.count('\n') > 10);
        QCOMPARE(run(call).out, once.out);
    }
}

void tst_cli::runWritesTheStateAtTheEnd() {
    const result r = run({"run", "operation-fails", "--state", "-"});
    const QJsonObject s = QJsonDocument::fromJson(r.out.toUtf8()).object();
    QCOMPARE(s["time_ms"].toDouble(), 100.0);
    QCOMPARE(s["clock"].toObject()["mode"].toString(), QString("virtual"));
    const QJsonArray contexts = s["contexts"].toArray();
    QCOMPARE(contexts[0].toObject()["kind"].toString(), QString("background"));
    QCOMPARE(contexts[1].toObject()["state"].toString(), QString("canceled"));
    QCOMPARE(contexts[1].toObject()["string"].toString(), QString("context.Background.WithCancel"));
    QCOMPARE(s["workers"].toArray().size(), 2);
}

void tst_cli::runWritesATraceThatIsJson() {
    const QString name = dir.filePath("trace.json");
    QCOMPARE(run({"run", "fan-out", "--events", name, "--format", "perfetto"}).status, 0);
    QFile f(name);
    QVERIFY(f.open(QIODevice::ReadOnly));
    const QJsonArray events = QJsonDocument::fromJson(f.readAll()).object()["traceEvents"].toArray();
    int arrows = 0;
    for (const QJsonValue& e : events) arrows += e.toObject()["ph"] == "f";
    QVERIFY(events.size() > 10);
    QVERIFY(arrows > 0);
}

void tst_cli::runStopsWhereItIsTold() {
    const QString endless = file("forever.json", R"({"name":"forever","title":"t","commands":[
        {"at_ms":0,"do":"context","id":"c","kind":"with_cancel"},
        {"at_ms":0,"do":"worker","id":"w","context":"c","kind":"poller","every":"10ms"}]})");
    const result r = run({"run", endless, "--until", "250", "--state", "-"});
    QCOMPARE(r.status, 0);
    QCOMPARE(QJsonDocument::fromJson(r.out.toUtf8()).object()["time_ms"].toDouble(), 250.0);
}

void tst_cli::runStepsThroughTheLibrary() {
    const result r = run({"run", "operation-fails", "--step", "wave"}, "s hook\n\nq\n");
    QCOMPARE(r.status, 0);
    const QStringList lines = r.out.split('\n', Qt::SkipEmptyParts);
    QVERIFY2(lines.size() >= 6, qPrintable(r.out));
    QVERIFY(lines[0].contains("The cancellation of ") && lines[0].contains(" is complete"));
    QCOMPARE(lines[1].trimmed(), QString("Next, the call returns to whoever made it."));
    QVERIFY(!r.out.contains("[Enter")); // nobody is asked
    // The rest at once: the events follow.
    const result on = run({"run", "operation-fails", "--step", "--events", "-"}, "r\n");
    QCOMPARE(on.status, 0);
    QVERIFY(on.out.contains("A laboratory starts with seed"));
    QCOMPARE(run({"run", "operation-fails", "--step"}, "jump\n").status, 2);
    QCOMPARE(run({"run", "client-leaves", "--step", "hook"}).status, 2);
}

void tst_cli::runStepsUntilNothingIsLeft_data() {
    QTest::addColumn<QString>("size");
    for (const char* const size : {"hook", "node", "wave", "reaction", "timer"}) QTest::newRow(size) << size;
}

void tst_cli::runStepsUntilNothingIsLeft() {
    QFETCH(QString, size);
    const result r = run({"run", "fan-out", "--step", size}, QByteArray(1000, '\n'));
    QCOMPARE(r.status, 0);
    QVERIFY(r.out.endsWith("Nothing is left that can happen.\n"));
}

void tst_cli::aRecordedRunIsShownAsItRan() {
    const QString path = dir.filePath("run.ctxlab");
    QCOMPARE(run({"run", "deadline-tree", "--record", path}).out, QString());
    for (const char* format : {"text", "ndjson", "perfetto"}) {
        const result played = run({"run", "deadline-tree", "--format", format});
        const result shown = run({"show", path, "--format", format});
        QCOMPARE(shown.err, QString());
        QCOMPARE(shown.status, 0);
        QVERIFY(shown.out.size() > 100);
        QCOMPARE(shown.out, played.out);
    }
}

void tst_cli::aRecordingIsShownUpToAnEvent() {
    const QString path = dir.filePath("short.ctxlab");
    QCOMPARE(run({"run", "leak", "--record", path}).status, 0);
    QCOMPARE(run({"show", path, "--at", "4"}).out.count('\n'), 4);
    const QString state = run({"show", path, "--at", "2", "--state", "-"}).out;
    QCOMPARE(QJsonDocument::fromJson(state.toUtf8()).object()["seq"].toInt(), 2);
    QVERIFY(run({"show", path, "--at", "100000"}).err.contains("--at 100000: the recording has "));
}

void tst_cli::aRecordingIsNoScenario() {
    const QString path = dir.filePath("a run");
    QCOMPARE(run({"run", "leak", "--record", path}).status, 0);
    const result r = run({"run", path});
    QCOMPARE(r.status, 2);
    QVERIFY2(r.err.contains(path + ": this is a recording, not a scenario: ctxlab-cli show " + path),
             qPrintable(r.err));
    QCOMPARE(r.err.count('\n'), 1);
}

void tst_cli::anEventBehindTheDamageIsNotAWrongCall() {
    const QString path = dir.filePath("damaged.ctxlab");
    QCOMPARE(run({"run", "leak", "--record", path}).status, 0);
    QFile cut(path);
    QVERIFY(cut.open(QIODevice::ReadWrite));
    QVERIFY(cut.resize(cut.readLine().size() + 20));
    for (const QStringList& wanted : {QStringList{"--tree"}, QStringList{"--state", "-"}}) {
        const result r = run(QStringList{"show", path, "--at", "3"} + wanted);
        QCOMPARE(r.status, 1);
        QVERIFY2(r.err.startsWith(path + ": byte ") &&
                     r.err.endsWith(": it is cut off\n--at 3: only 0 events can be read\n"),
                 qPrintable(r.err));
        QCOMPARE(r.out, QString());
    }
}

void tst_cli::aCutRecordingIsShownUpToTheCut() {
    const QString path = dir.filePath("cut.ctxlab");
    QCOMPARE(run({"run", "leak", "--record", path}).status, 0);
    QFile cut(path);
    QVERIFY(cut.resize(cut.size() - 30));
    const result r = run({"show", path});
    QCOMPARE(r.status, 1);
    QVERIFY2(r.err.startsWith(path + ": byte ") && r.err.count('\n') == 1, qPrintable(r.err));
    // What is lost is the last block.
    const QString all = run({"run", "leak"}).out;
    QVERIFY(all.startsWith(r.out));
    QVERIFY2(r.out.count('\n') >= all.count('\n') / 2, qPrintable(r.out));
}

void tst_cli::badScenarioFilesAreRefusedWithTheirPlace_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("error");
    QTest::newRow("truncated") << QByteArray(R"({"name": "x", "commands": [)") << "bad.json:1:";
    QTest::newRow("wrong type") << QByteArray("{\"name\":\"x\",\"title\":\"t\",\n \"commands\": 7}")
                                << "bad.json:2:";
    QTest::newRow("unknown kind")
        << QByteArray("{\"name\":\"x\",\"title\":\"t\",\"commands\":[\n{\"at_ms\":0,\"do\":\"context\","
                      "\"id\":\"a\",\"kind\":\"with_tea\"}]}")
        << "commands[0].kind";
    QTest::newRow("cycle")
        << QByteArray(
               "{\"name\":\"x\",\"title\":\"t\",\"commands\":["
               "{\"at_ms\":0,\"do\":\"context\",\"id\":\"a\",\"parent\":\"b\",\"kind\":\"with_cancel\"},"
               "{\"at_ms\":0,\"do\":\"context\",\"id\":\"b\",\"parent\":\"a\",\"kind\":\"with_cancel\"}]}")
        << "commands[0].parent";
    QTest::newRow("ten megabytes") << QByteArray(10 << 20, ' ') << "bad.json";
    QTest::newRow("empty") << QByteArray() << "bad.json";
}

void tst_cli::badScenarioFilesAreRefusedWithTheirPlace() {
    QFETCH(QByteArray, content);
    QFETCH(QString, error);
    const result r = run({"run", file("bad.json", content)});
    QCOMPARE(r.status, 2);
    QVERIFY2(r.err.contains(error), qPrintable(r.err));
    QCOMPARE(r.err.count('\n'), 1);
    QCOMPARE(r.out, QString());
}

void tst_cli::aScenarioWithRequestsRunsOnTheRealClock() {
    const result r = run({"run", "client-leaves", "--state", "-"});
    QCOMPARE(r.status, 0);
    QVERIFY(r.err.contains("real clock"));
    const QJsonObject s = QJsonDocument::fromJson(r.out.toUtf8()).object();
    const QJsonObject request = s["requests"].toArray()[0].toObject();
    QCOMPARE(request["state"].toString(), QString("client_gone"));
    QVERIFY(request["ended_ms"].toDouble() < 1000);
    for (const QJsonValue& w : s["workers"].toArray())
        QCOMPARE(w.toObject()["state"].toString(), QString("exited"));
}

void tst_cli::serveStopsWithinASecond_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void tst_cli::serveStopsWithinASecond() {
    QFETCH(int, signal);
    QProcess p;
    p.start(QStringLiteral(CTXLAB_CLI), {"serve", "--port", "0", "--scenario", "leak"});
    QVERIFY(p.waitForReadyRead(20'000));
    const QString said = QString::fromUtf8(p.readLine());
    QVERIFY2(QRegularExpression("^listening on http://127\\.0\\.0\\.1:[1-9][0-9]*\n$").match(said).hasMatch(),
             qPrintable(said));
    QElapsedTimer since;
    since.start();
    ::kill(static_cast<pid_t>(p.processId()), signal);
    QVERIFY(p.waitForFinished(20'000));
    QCOMPARE(p.exitStatus(), QProcess::NormalExit);
    QCOMPARE(p.exitCode(), 0);
    QVERIFY2(since.elapsed() < 1000 * slowness, qPrintable(QString::number(since.elapsed())));
}

void tst_cli::serveSaysWhenItsPortIsTaken() {
    QProcess first;
    first.start(QStringLiteral(CTXLAB_CLI), {"serve", "--port", "0"});
    QVERIFY(first.waitForReadyRead(20'000));
    const QString port = QString::fromUtf8(first.readLine()).trimmed().section(':', -1);
    const result second = run({"serve", "--port", port});
    first.terminate();
    QCOMPARE(second.status, 2);
    QVERIFY2(second.err.contains(port), qPrintable(second.err));
    QVERIFY(first.waitForFinished(20'000));
}

void tst_cli::serveKeepsItsRunUntilItsEnd() {
    QProcessEnvironment at = QProcessEnvironment::systemEnvironment();
    at.insert("XDG_STATE_HOME", dir.filePath("state"));
    const QDir runs(dir.filePath("state/ctxlab/runs"));
    QProcess p;
    p.setProcessEnvironment(at);
    p.start(QStringLiteral(CTXLAB_CLI), {"serve", "--port", "0", "--scenario", "leak"});
    QVERIFY(p.waitForReadyRead(20'000));
    QTRY_COMPARE_WITH_TIMEOUT(runs.entryList({"*.ctxlab"}).size(), 1, 20'000);
    p.terminate();
    QVERIFY(p.waitForFinished(20'000));
    QVERIFY(runs.isEmpty());
}

void tst_cli::serveSaysWhenItsRunCannotBeKept() {
    QProcessEnvironment at = QProcessEnvironment::systemEnvironment();
    at.insert("XDG_STATE_HOME", file("no-folder", "a file where the folder should be"));
    QProcess p;
    p.setProcessEnvironment(at);
    p.setReadChannel(QProcess::StandardError);
    p.start(QStringLiteral(CTXLAB_CLI), {"serve", "--port", "0", "--scenario", "leak"});
    while (!p.canReadLine()) QVERIFY(p.waitForReadyRead(20'000));
    const QString said = QString::fromUtf8(p.readLine());
    QVERIFY2(said.startsWith("this run is not kept: ") && said.contains("no-folder"), qPrintable(said));
    p.terminate();
    QVERIFY(p.waitForFinished(20'000));
    QCOMPARE(p.exitCode(), 0);
}

QTEST_APPLESS_MAIN(tst_cli)
#include "tst_cli.moc"
