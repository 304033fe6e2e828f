// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"
#include "lab/recording_file.h"
#include "lab/replay.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;

/// `ctxlab-cli diff`, and `show --tree`: two runs, and one moment of a run.
class tst_diff : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase();
    void refusesWhatItCannotCompare_data();
    void refusesWhatItCannotCompare();
    void theSameScenarioIsTheSame();
    void anotherOrderOfTheSameIsFound();
    void aForkIsComparedWithTheFutureItLeft();
    void jsonSaysTheSame();
    void aRecordingIsComparedWithTheScenario();
    void aDamagedRecordingIsComparedUpToItsDamage();
    void showDrawsTheTreeOfAMoment();

  private:
    struct result {
        int status;
        QString out;
        QString err;
    };
    static result run(const QStringList& arguments) {
        QProcess p;
        p.start(QStringLiteral(CTXLAB_CLI), arguments);
        if (!p.waitForFinished(60'000)) return {-1, {}, p.errorString()};
        return {p.exitStatus() == QProcess::NormalExit ? p.exitCode() : -1,
                QString::fromUtf8(p.readAllStandardOutput()), QString::fromUtf8(p.readAllStandardError())};
    }
    QString path(const char* name) const { return dir.filePath(name); }
    QTemporaryDir dir;
};

/// Somebody makes a request, cancels it, goes back, and lets a worker ignore Done instead.
void tst_diff::initTestCase() {
    QVERIFY(dir.isValid());
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    const auto advance = [&] {
        l.call(lab::change_clock{.action = lab::clock_action::advance, .by = 1s}, "you");
    };
    l.call(lab::new_context{.kind = lab::context_kind::with_cancel, .name = "request"}, "you");
    l.call(lab::new_worker{.context = 2, .kind = "wait", .name = "polite"}, "you");
    advance();
    const std::uint64_t before = l.log().last_seq();
    l.call(lab::cancel_context{.context = 2}, "you");
    advance();
    const auto ghost = l.log().read(0);
    QVERIFY(l.call(lab::reset_lab{.from = lab::fork_at(l.inputs(), ghost, before)}).ok());
    l.call(lab::new_worker{.context = 2, .kind = "stubborn", .name = "deaf", .duration = 5s}, "you");
    l.call(lab::cancel_context{.context = 2}, "you");
    advance();
    lab::save_recording(path("fork.ctxlab").toStdString(), {.program = "test", .fast = true}, l.log(), {});
    QCOMPARE(run({"run", "leak", "--seed", "3", "--record", path("leak.ctxlab")}).status, 0);
}

void tst_diff::refusesWhatItCannotCompare_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("error"); // part of the one line
    QTest::newRow("nothing") << QStringList{} << "expected two runs";
    QTest::newRow("one scenario") << QStringList{"leak"} << "leak: expected two runs, or a recording";
    QTest::newRow("three") << QStringList{"leak", "leak", "leak"} << "unexpected argument leak";
    QTest::newRow("unknown") << QStringList{"leak", "no-such"} << "no-such";
    QTest::newRow("no number") << QStringList{"leak", "leak@x"} << "leak@x: expected a whole number";
    QTest::newRow("sockets") << QStringList{"leak", "client-leaves"} << "client-leaves sends requests";
    QTest::newRow("one life") << QStringList{path("leak.ctxlab")} << "the recording has one life";
    QTest::newRow("no such life") << QStringList{path("leak.ctxlab@2"), "leak"}
                                  << "leak.ctxlab@2: the recording has 1 life";
    QTest::newRow("format") << QStringList{"leak", "leak", "--format", "xml"} << "expected text or json";
}

void tst_diff::refusesWhatItCannotCompare() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, error);
    const result r = run(QStringList{"diff"} + arguments);
    QCOMPARE(r.status, 2);
    QVERIFY2(r.err.contains(error), qPrintable(r.err));
    QCOMPARE(r.err.count('\n'), 1);
    QCOMPARE(r.out, QString());
}

void tst_diff::theSameScenarioIsTheSame() {
    const result r = run({"diff", "deadline-tree", "deadline-tree@77"});
    QCOMPARE(r.err, QString());
    QCOMPARE(r.status, 0);
    QVERIFY(r.out.contains("The two runs are the same, event by event.\n"));
    QVERIFY(r.out.contains("Their seeds differ: "));
}

void tst_diff::anotherOrderOfTheSameIsFound() {
    const result r = run({"diff", "fan-out@1", "fan-out@4"});
    QCOMPARE(r.status, 1);
    QVERIFY2(r.out.contains("The same came of everything"), qPrintable(r.out));
    QVERIFY(r.out.contains(QRegularExpression("They part at event \\d+:\nleft   \\+0.000 s  ")));
}

void tst_diff::aForkIsComparedWithTheFutureItLeft() {
    const result r = run({"diff", path("fork.ctxlab")});
    QCOMPARE(r.err, QString());
    QCOMPARE(r.status, 1);
    QVERIFY(r.out.startsWith("left   " + path("fork.ctxlab, life 1 of 2\n")));
    QVERIFY(r.out.contains("left   +1.000 s  you: cancel request  (event "));
    QVERIFY(r.out.contains("right  +1.000 s  you: worker of kind stubborn for request, called deaf  (event "));
    static const QRegularExpression numbers(
        "They part at event (\\d+)( of the left, event (\\d+) of the right)?:\n"
        "left .*\\(event (\\d+)\\)\n"
        "right .*\\(event (\\d+); show --at (\\d+)\\)\n");
    const QRegularExpressionMatch parting = numbers.match(r.out);
    QVERIFY2(parting.hasMatch(), qPrintable(r.out));
    QCOMPARE(parting.captured(4), parting.captured(1));
    QCOMPARE(parting.captured(5), parting.captured(parting.captured(3).isEmpty() ? 1 : 3));
    QVERIFY(run({"show", path("fork.ctxlab"), "--at", parting.captured(6)}).out.endsWith("called deaf\n"));
    QVERIFY(r.out.contains("worker deaf"));
    QVERIFY(!r.out.contains("worker polite")); // it did the same
    QCOMPARE(run({"diff", path("fork.ctxlab@1"), path("fork.ctxlab@2")}).out, r.out);
    QCOMPARE(run({"diff", path("fork.ctxlab@2"), path("fork.ctxlab")}).status, 0);
}

void tst_diff::jsonSaysTheSame() {
    const result r = run({"diff", path("fork.ctxlab"), "--format", "json"});
    QCOMPARE(r.status, 1);
    const QJsonObject all = QJsonDocument::fromJson(r.out.toUtf8()).object();
    QCOMPARE(all["same"].toBool(true), false);
    const QJsonObject first = all["first_difference"].toObject();
    QCOMPARE(first["left"].toObject()["sentence"].toString(), QString("you: cancel request"));
    QCOMPARE(first["left"].toObject()["at_ms"].toInt(), 1000);
    bool found = false;
    for (const QJsonValue& v : all["things"].toArray()) {
        const QJsonObject thing = v.toObject();
        if (thing["name"].toString() != "deaf") continue;
        found = thing["left"].isNull() && thing["right"].toObject()["fate"].toString().contains("leaked");
    }
    QVERIFY(found);
    const QJsonObject same =
        QJsonDocument::fromJson(run({"diff", "leak", "leak", "--format", "json"}).out.toUtf8()).object();
    QVERIFY(same["same"].toBool() && same["first_difference"].isNull());
}

void tst_diff::aRecordingIsComparedWithTheScenario() {
    QCOMPARE(run({"diff", path("leak.ctxlab"), "leak@3"}).status, 0);
    QCOMPARE(run({"diff", path("leak.ctxlab"), "values"}).status, 1);
}

void tst_diff::aDamagedRecordingIsComparedUpToItsDamage() {
    QVERIFY(QFile::copy(path("leak.ctxlab"), path("cut.ctxlab")));
    QFile cut(path("cut.ctxlab"));
    QVERIFY(cut.resize(cut.size() - 3));
    const result r = run({"diff", path("cut.ctxlab"), path("leak.ctxlab")});
    QCOMPARE(r.status, 1);
    QVERIFY2(r.err.startsWith(path("cut.ctxlab: byte ")) && r.err.count('\n') == 1, qPrintable(r.err));
    QVERIFY(!r.out.isEmpty());
}

void tst_diff::showDrawsTheTreeOfAMoment() {
    const result r = run({"show", path("fork.ctxlab"), "--at", "9", "--tree"});
    QCOMPARE(r.err, QString());
    QCOMPARE(r.status, 0);
    const QStringList lines = r.out.split('\n', Qt::SkipEmptyParts);
    QVERIFY2(lines.size() == 4, qPrintable(r.out));
    QVERIFY(lines[0].startsWith("+0.000 s, event 9: "));
    QCOMPARE(lines[1], QString("Background #1  active"));
    QCOMPARE(lines[2], QString("  request #2  WithCancel  active"));
    QVERIFY(lines[3].startsWith("    * polite  "));
    QVERIFY(run({"show", path("fork.ctxlab"), "--tree"})
                .out.contains("request #2  WithCancel  context canceled"));
}

QTEST_APPLESS_MAIN(tst_diff)
#include "tst_diff.moc"
