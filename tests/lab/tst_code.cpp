// SPDX-License-Identifier: MIT
#include "lab/code_cpp.h"
#include "lab/code_go.h"
#include "lab/code_plan.h"
#include "lab/code_text.h"

#include <QTest>

using namespace std::chrono_literals;

/// The parts that programs are written from. That the programs run, and come to the same as the laboratory,
/// is for tests/cli/tst_export.cpp.
class tst_code : public QObject {
    Q_OBJECT
  private slots:
    void literalsKeepEveryByte_data();
    void literalsKeepEveryByte();
    void commentsAreWrappedAndStayComments();
    void lengthsTakeTheLargestUnit_data();
    void lengthsTakeTheLargestUnit();
    void namesAreFreeWordsOfTheLanguage_data();
    void namesAreFreeWordsOfTheLanguage();
    void whatEndsByItselfIsKnown_data();
    void whatEndsByItselfIsKnown();
    void aFailureCancelsTheNearestThatCanBe();
    void onlyWhatIsNeededIsWritten();
    void requestsWithoutGoAreRefused();
    void cppHasNoRequests();

  private:
    static lab::scenario parse(const std::string& commands) {
        return lab::parse_scenario(R"({"name": "test", "commands": [)" + commands + "]}", "test.json");
    }
};

void tst_code::literalsKeepEveryByte_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("literal");
    QTest::newRow("plain") << QByteArray("abc") << QByteArray("\"abc\"");
    QTest::newRow("quotes") << QByteArray("a\"b\\") << QByteArray("\"a\\\"b\\\\\"");
    QTest::newRow("lines") << QByteArray("a\nb") << QByteArray("\"a\\nb\"");
    QTest::newRow("a control character before a digit") << QByteArray("\0017", 2) << QByteArray("\"\\0017\"");
    QTest::newRow("beyond ASCII") << QByteArray("\xc3\xbc") << QByteArray("\"\xc3\xbc\"");
}

void tst_code::literalsKeepEveryByte() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, literal);
    QCOMPARE(QByteArray::fromStdString(lab::code_literal(text.toStdString())), literal);
}

void tst_code::commentsAreWrappedAndStayComments() {
    QCOMPARE(lab::code_comment(""), std::string());
    QCOMPARE(lab::code_comment("a\nb\\"),
             std::string("// a b\\.\n")); // a backslash would take the next line in
    const std::string wrapped = lab::code_comment(std::string(60, 'x') + ' ' + std::string(60, 'y'));
    QCOMPARE(wrapped, "// " + std::string(60, 'x') + "\n// " + std::string(60, 'y') + "\n");
}

void tst_code::lengthsTakeTheLargestUnit_data() {
    QTest::addColumn<qint64>("ns");
    QTest::addColumn<QString>("text");
    QTest::newRow("0") << qint64(0) << "0s";
    QTest::newRow("2h") << qint64(7'200'000'000'000) << "2h";
    QTest::newRow("90min") << qint64(5'400'000'000'000) << "90min";
    QTest::newRow("1500ms") << qint64(1'500'000'000) << "1500ms";
    QTest::newRow("1001ns") << qint64(1'001) << "1001ns";
}

void tst_code::lengthsTakeTheLargestUnit() {
    QFETCH(qint64, ns);
    QFETCH(QString, text);
    const lab::code_length l = lab::length_in_units(std::chrono::nanoseconds(ns));
    QCOMPARE(QString::number(l.count) + QString::fromStdString(std::string(l.unit)), text);
}

void tst_code::namesAreFreeWordsOfTheLanguage_data() {
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("camel");
    QTest::addColumn<QString>("snake");
    QTest::newRow("one word") << "request"
                              << "request"
                              << "request";
    QTest::newRow("words") << "audit log"
                           << "auditLog"
                           << "audit_log";
    QTest::newRow("humps") << "auditLog"
                           << "auditLog"
                           << "audit_log";
    QTest::newRow("signs") << "GET /path"
                           << "getPath"
                           << "get_path";
    QTest::newRow("taken") << "taken"
                           << "taken2"
                           << "taken_2";
    QTest::newRow("a digit first") << "2nd"
                                   << "ctx2nd"
                                   << "ctx_2nd";
    QTest::newRow("no letter") << "??"
                               << "ctx"
                               << "ctx";
}

void tst_code::namesAreFreeWordsOfTheLanguage() {
    QFETCH(QString, words);
    QFETCH(QString, camel);
    QFETCH(QString, snake);
    lab::code_names go(lab::code_names::style::camel, {"taken"});
    lab::code_names cpp(lab::code_names::style::snake, {"taken"});
    QCOMPARE(QString::fromStdString(go.make(words.toStdString(), "ctx")), camel);
    QCOMPARE(QString::fromStdString(cpp.make(words.toStdString(), "ctx")), snake);
    QVERIFY(QString::fromStdString(go.make(words.toStdString(), "ctx")) != camel); // each once
    QCOMPARE(QString::fromStdString(go.make("cancel", camel.toStdString(), "ctx")),
             "cancel" + camel.left(1).toUpper() + camel.mid(1));
}

void tst_code::whatEndsByItselfIsKnown_data() {
    QTest::addColumn<QString>("commands");
    QTest::addColumn<bool>("ends"); // the last worker
    const QString open = R"({"at_ms":0,"do":"context","id":"a","parent":"root","kind":"with_cancel"},)";
    const QString timed =
        R"({"at_ms":0,"do":"context","id":"a","parent":"root","kind":"with_timeout","timeout":"1s"},)";
    const QString wait = R"({"at_ms":0,"do":"worker","id":"w","context":"%1","kind":"wait"})";
    QTest::newRow("nobody cancels") << open + wait.arg("a") << false;
    QTest::newRow("at the root") << wait.arg("root") << false;
    QTest::newRow("a timeout") << timed + wait.arg("a") << true;
    QTest::newRow("cancelled") << open + R"({"at_ms":9,"do":"cancel","context":"a"},)" + wait.arg("a")
                               << true;
    QTest::newRow("a timeout above")
        << timed + R"({"at_ms":0,"do":"context","id":"b","parent":"a","kind":"with_cancel"},)" + wait.arg("b")
        << true;
    QTest::newRow("a timeout above, without cancel")
        << timed + R"({"at_ms":0,"do":"context","id":"b","parent":"a","kind":"without_cancel"},)" +
               wait.arg("b")
        << false;
    const QString other = R"({"at_ms":0,"do":"context","id":"b","parent":"root","kind":"with_cancel"},)";
    const QString callback =
        R"({"at_ms":0,"do":"context","id":"f","parent":"a","kind":"after_func","cancels":"b"},)";
    QTest::newRow("a callback") << timed + other + callback + wait.arg("b") << true;
    QTest::newRow("a callback that is never called") << open + other + callback + wait.arg("b") << false;
    QTest::newRow("a callback taken back")
        << timed + other + callback + R"({"at_ms":0,"do":"cancel","context":"f"},)" + wait.arg("b") << false;
    QTest::newRow("work ends anyhow")
        << R"({"at_ms":0,"do":"worker","id":"w","context":"root","kind":"work"})" << true;
}

void tst_code::whatEndsByItselfIsKnown() {
    QFETCH(QString, commands);
    QFETCH(bool, ends);
    const lab::code_plan plan = lab::plan_of(parse(commands.toStdString()));
    QCOMPARE(plan.workers.back().ends, ends);
    QCOMPARE(plan.may_stay(), !ends);
}

void tst_code::aFailureCancelsTheNearestThatCanBe() {
    const lab::code_plan plan = lab::plan_of(parse(
        R"({"at_ms":0,"do":"context","id":"a","parent":"root","kind":"with_cancel"},
           {"at_ms":0,"do":"context","id":"b","parent":"a","kind":"with_value","key":"k","value":"v"},
           {"at_ms":0,"do":"worker","id":"x","context":"b","kind":"operation"},
           {"at_ms":0,"do":"worker","id":"y","context":"root","kind":"operation"})"));
    QCOMPARE(plan.workers[0].cancels, std::size_t(0));
    QCOMPARE(plan.workers[1].cancels, lab::no_index);
}

void tst_code::onlyWhatIsNeededIsWritten() {
    const std::string go = lab::to_go(lab::find_scenario("values"));
    const std::string cpp = lab::to_cpp(lab::find_scenario("values"));
    for (const char* absent : {"fanout", "producer", "start(", "afterFunc", "after_func", "net/http"}) {
        QVERIFY2(go.find(absent) == std::string::npos, absent);
        QVERIFY2(cpp.find(absent) == std::string::npos, absent);
    }
    QVERIFY(go.starts_with("// The nearest value wins\n"));
    QVERIFY(cpp.starts_with("// The nearest value wins\n"));
    QVERIFY(go.find("userAna := context.WithValue(request, key(\"user\"), \"ana\")") != std::string::npos);
    QVERIFY(cpp.find("ctx::context user_ana = ctx::with_value(request, user_key, \"ana\");") !=
            std::string::npos);
}

void tst_code::requestsWithoutGoAreRefused() {
    try {
        lab::to_go(parse(R"({"at_ms":0,"do":"request","id":"r","path":"/leak?for=2s"})"));
        QFAIL("/leak was written");
    } catch (const lab::input_error& e) {
        QCOMPARE(std::string(e.what()),
                 std::string("test: request r: path /leak: there is Go for /process and /search only"));
    }
}

void tst_code::cppHasNoRequests() {
    try {
        lab::to_cpp(lab::find_scenario("search"));
        QFAIL("a request was written");
    } catch (const lab::input_error& e) {
        QVERIFY2(std::string(e.what()).find("ctx alone has no HTTP") != std::string::npos, e.what());
    }
}

QTEST_APPLESS_MAIN(tst_code)
#include "tst_code.moc"
