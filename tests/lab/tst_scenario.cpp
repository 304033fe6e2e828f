// SPDX-License-Identifier: MIT
#include "lab/scenario.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <string>

using namespace std::chrono_literals;

namespace {

/// What parse_scenario says about a text; empty if it takes it.
std::string complaint_about(const std::string& text) {
    try {
        lab::parse_scenario(text, "f.json");
        return {};
    } catch (const lab::input_error& e) {
        return e.what();
    }
}

/// A scenario of one command a line, from line 3 on.
std::string with_commands(std::initializer_list<std::string> lines) {
    std::string text = "{\n\"commands\": [\n";
    for (const std::string& line : lines) text += (text.ends_with("[\n") ? "" : ",\n") + line;
    return text + "\n]}";
}

std::string one_command(const std::string& members) {
    return with_commands({R"({"at_ms": 0, )" + members + "}"});
}

} // namespace

class tst_scenario : public QObject {
    Q_OBJECT
  private slots:
    void readsEveryCommand();
    void fillsInWhatIsLeftOut();
    void sortsByTimeAndKeepsTheOrderOfTheFile();
    void acceptsNegativeAndHugeTimeouts();
    void filesThatCannotBeReadAreNamed();
    void theShippedOnesAreTheFilesInTheFolder();
    void theShippedOnesSayWhatTheyShow_data();
    void theShippedOnesSayWhatTheyShow();
    void findsByNameAndByPath();
};

void tst_scenario::readsEveryCommand() {
    const lab::scenario s = lab::parse_scenario(R"({
      "name": "all", "title": "All of them", "description": "One of each", "seed": -3,
      "commands": [
        {"at_ms": 0, "do": "context", "id": "a", "kind": "with_cancel_cause"},
        {"at_ms": 0, "do": "context", "id": "b", "parent": "a", "kind": "with_deadline_cause", "deadline_ms": 1500.5, "cause": "late"},
        {"at_ms": 0, "do": "context", "id": "c", "parent": "b", "kind": "with_value", "key": "k", "value": ""},
        {"at_ms": 0, "do": "context", "id": "d", "name": "D", "parent": "c", "kind": "after_func", "cancels": "a"},
        {"at_ms": 1, "do": "worker", "id": "w", "context": "c", "kind": "operation", "for": "80ms", "fail": "no"},
        {"at_ms": 2, "do": "request", "method": "POST", "path": "/process?work=1s", "body": "x", "count": 3, "timeout": "1s", "abort_after": "0s"},
        {"at_ms": 3, "do": "value", "context": "c", "key": "k"},
        {"at_ms": 4, "do": "cancel", "context": "a", "cause": "enough"},
        {"at_ms": 5, "do": "clock", "action": "set_speed", "speed": 0.25},
        {"at_ms": 6, "do": "clock", "action": "pause"},
        {"at_ms": 7, "do": "sweep"}
      ]})",
                                                "all.json");
    QCOMPARE(s.name, std::string("all"));
    QCOMPARE(s.title, std::string("All of them"));
    QCOMPARE(s.seed, std::int64_t(-3));
    QCOMPARE(s.commands.size(), std::size_t(11));
    QVERIFY(s.needs_sockets());
    const auto& b = std::get<lab::new_context>(s.commands[1].what);
    QVERIFY(b.kind == lab::context_kind::with_deadline_cause);
    QVERIFY(b.at == lab::lab_time(1500500us));
    QCOMPARE(b.cause, std::string("late"));
    QCOMPARE(b.name, std::string("b"));
    QCOMPARE(s.commands[1].context, std::string("a"));
    QCOMPARE(std::get<lab::new_context>(s.commands[3].what).name, std::string("D"));
    QCOMPARE(s.commands[3].cancels, std::string("a"));
    const auto& w = std::get<lab::new_worker>(s.commands[4].what);
    QVERIFY(w.duration == std::chrono::nanoseconds(80ms));
    QCOMPARE(w.fail, std::string("no"));
    const auto& r = std::get<lab::send_request>(s.commands[5].what);
    QCOMPARE(r.method + r.path + r.body, std::string("POST/process?work=1sx"));
    QCOMPARE(r.count, 3);
    QVERIFY(r.timeout == std::chrono::nanoseconds(1s) && r.abort_after == 0ns);
    QCOMPARE(std::get<lab::look_up_value>(s.commands[6].what).key, std::string("k"));
    QVERIFY(std::get<lab::cancel_context>(s.commands[7].what).cause == "enough");
    QCOMPARE(std::get<lab::change_clock>(s.commands[8].what).speed, 0.25);
    QVERIFY(std::get<lab::change_clock>(s.commands[9].what).action == lab::clock_action::pause);
    QVERIFY(std::holds_alternative<lab::sweep>(s.commands[10].what));
}

void tst_scenario::fillsInWhatIsLeftOut() {
    const lab::scenario s =
        lab::parse_scenario(with_commands({R"({"at_ms": 0, "do": "context", "kind": "with_cancel"})",
                                           R"({"at_ms": 0, "do": "worker", "kind": "poller"})"}),
                            "some/where.json");
    QCOMPARE(s.name, std::string("where"));
    QCOMPARE(s.title, std::string("where"));
    QCOMPARE(s.seed, std::int64_t(1));
    QVERIFY(!s.needs_sockets());
    QCOMPARE(s.commands[0].context, std::string("root"));
    QCOMPARE(s.commands[1].context, std::string("root"));
    QVERIFY(std::get<lab::new_worker>(s.commands[1].what).every == std::chrono::nanoseconds(100ms));
}

void tst_scenario::sortsByTimeAndKeepsTheOrderOfTheFile() {
    const lab::scenario s = lab::parse_scenario(
        with_commands({R"({"at_ms": 9, "do": "cancel", "context": "b"})",
                       R"({"at_ms": 5, "do": "context", "id": "b", "kind": "with_cancel", "parent": "a"})",
                       R"({"at_ms": 0, "do": "context", "id": "a", "kind": "with_cancel"})",
                       R"({"at_ms": 5, "do": "sweep"})"}),
        "f.json");
    QCOMPARE(s.commands[0].id, std::string("a"));
    QCOMPARE(s.commands[1].id, std::string("b"));
    QVERIFY(std::holds_alternative<lab::sweep>(s.commands[2].what));
    QCOMPARE(s.commands[3].context, std::string("b"));
}

void tst_scenario::acceptsNegativeAndHugeTimeouts() {
    for (const char* timeout : {"0", "-1s", "2562047h47m16.854775807s"}) {
        const std::string text =
            std::string(R"("do": "context", "kind": "with_timeout", "timeout": ")") + timeout + '"';
        QCOMPARE(complaint_about(one_command(text)), std::string());
    }
}

void tst_scenario::filesThatCannotBeReadAreNamed() {
    QTemporaryDir folder;
    const auto complaint = [](const QString& file) -> QByteArray {
        try {
            lab::load_scenario(file.toStdString());
            return {};
        } catch (const lab::input_error& e) {
            return e.what();
        }
    };
    const QString missing = folder.filePath("missing.json");
    QCOMPARE(complaint(missing), missing.toUtf8() + ": cannot be read: No such file or directory");
    QCOMPARE(complaint(folder.path()), folder.path().toUtf8() + ": cannot be read: it is a directory");

    QFile large(folder.filePath("large.json"));
    QVERIFY(large.open(QIODevice::WriteOnly));
    QVERIFY(large.resize((4 << 20) + 1));
    QCOMPARE(complaint(large.fileName()),
             large.fileName().toUtf8() + ": larger than 4 MiB: expected at most that");

    QFile broken(folder.filePath("broken.json"));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("{\n\"seed\": true, \"commands\": []}");
    broken.close();
    QCOMPARE(complaint(broken.fileName()),
             broken.fileName().toUtf8() + ":2:1: seed: true: expected a whole number of 64 bits");
}

void tst_scenario::theShippedOnesAreTheFilesInTheFolder() {
    QStringList files = QDir(SCENARIO_DIR).entryList({"*.json"}, QDir::Files, QDir::Name);
    QStringList shipped;
    for (const lab::scenario& s : lab::shipped_scenarios())
        shipped += QString::fromStdString(s.name) + ".json";
    QCOMPARE(shipped.size(), 9);
    shipped.sort();
    QCOMPARE(shipped, files);
}

void tst_scenario::theShippedOnesSayWhatTheyShow_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("sockets");
    QTest::newRow("client-leaves") << QByteArray("client-leaves") << true;
    QTest::newRow("operation-fails") << QByteArray("operation-fails") << false;
    QTest::newRow("which-error") << QByteArray("which-error") << false;
    QTest::newRow("request-timeout") << QByteArray("request-timeout") << true;
    QTest::newRow("search") << QByteArray("search") << true;
    QTest::newRow("fan-out") << QByteArray("fan-out") << false;
    QTest::newRow("leak") << QByteArray("leak") << false;
    QTest::newRow("deadline-tree") << QByteArray("deadline-tree") << false;
    QTest::newRow("values") << QByteArray("values") << false;
}

void tst_scenario::theShippedOnesSayWhatTheyShow() {
    QFETCH(QByteArray, name);
    QFETCH(bool, sockets);
    const lab::scenario s = lab::find_scenario(name.toStdString());
    QCOMPARE(QByteArray::fromStdString(s.name), name);
    QVERIFY(s.title != s.name);
    QVERIFY(s.description.size() > 40);
    QVERIFY(!s.commands.empty());
    QCOMPARE(s.needs_sockets(), sockets);
}

void tst_scenario::findsByNameAndByPath() {
    const std::string path = std::string(SCENARIO_DIR) + "/leak.json";
    QCOMPARE(lab::find_scenario(path).commands.size(), lab::find_scenario("leak").commands.size());
    try {
        lab::find_scenario("laek");
        QFAIL("it was found");
    } catch (const lab::input_error& e) {
        QCOMPARE(
            QByteArray(e.what()),
            QByteArray(
                "laek: no such file, and no scenario of that name: expected a file or one of client-leaves, "
                "operation-fails, which-error, request-timeout, search, fan-out, leak, deadline-tree, values"));
    }
}

QTEST_APPLESS_MAIN(tst_scenario)
#include "tst_scenario.moc"
