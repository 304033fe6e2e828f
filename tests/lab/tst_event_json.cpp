// SPDX-License-Identifier: MIT
#include "full_event.h"
#include "lab/event_json.h"

#include <QTest>

using lab::event_kind;
using nlohmann::json;

class tst_event_json : public QObject {
    Q_OBJECT
  private slots:
    void everyKindComesBackAsItWas_data();
    void everyKindComesBackAsItWas();
    void onlyTheMembersOfTheKindAreWritten();
    void timesAreWholeNanosecondsAndMilliseconds();
    void noWallTimeAndNoDeadlineAreLeftOut();
    void theFormatIsWrittenDown();
    void membersOfLaterVersionsAreLeftAlone();
    void badEventsAreRefusedByName_data();
    void badEventsAreRefusedByName();
    void aTextThatIsNotUtf8StaysOneLine();
};

void tst_event_json::everyKindComesBackAsItWas_data() {
    QTest::addColumn<int>("kind");
    for (int k = 0; k <= static_cast<int>(event_kind::note); ++k) {
        const auto name = lab::to_string(event_kind(k));
        QVERIFY(lab::parse_event_kind(name) == event_kind(k));
        QTest::addRow("%s", std::string(name).c_str()) << k;
    }
}

void tst_event_json::everyKindComesBackAsItWas() {
    QFETCH(int, kind);
    const lab::event e = full(event_kind(kind));
    const std::string line = lab::to_line(e);
    QVERIFY(line.find('\n') == std::string::npos);
    const lab::event back = lab::event_from_json(json::parse(line));
    QVERIFY2(back == e, line.c_str());
    QVERIFY(lab::event_from_json(lab::to_json(e)) == e);
}

void tst_event_json::onlyTheMembersOfTheKindAreWritten() {
    lab::event e = full(event_kind::worker_running);
    e.text = "not a member of this kind";
    e.context = 9;
    QCOMPARE(lab::to_line(e), std::string(R"({"v":1,"seq":12,"at_ns":1500000,"at_ms":1.5,"wall_ns":77,)"
                                          R"("kind":"worker_running","worker":1})"));
}

void tst_event_json::timesAreWholeNanosecondsAndMilliseconds() {
    const auto j = lab::to_json(lab::event{.seq = 1, .at = std::chrono::seconds(3)});
    QVERIFY(j["at_ms"].is_number_integer());
    QCOMPARE(j["at_ms"].get<int>(), 3000);
    QCOMPARE(j["at_ns"].get<std::int64_t>(), std::int64_t(3'000'000'000));
}

void tst_event_json::noWallTimeAndNoDeadlineAreLeftOut() {
    const auto j = lab::to_json(lab::event{.seq = 1, .kind = event_kind::context_created, .context = 1});
    QVERIFY(!j.contains("wall_ns"));
    QVERIFY(!j.contains("deadline_ns"));
}

void tst_event_json::theFormatIsWrittenDown() {
    const lab::event e{.seq = 9,
                       .at = std::chrono::milliseconds(500),
                       .kind = event_kind::context_done,
                       .context = 2,
                       .by = 2,
                       .err = "context canceled",
                       .cause = "context canceled"};
    QCOMPARE(lab::to_line(e),
             std::string(R"({"v":1,"seq":9,"at_ns":500000000,"at_ms":500,"kind":"context_done","context":2,)"
                         R"("err":"context canceled","cause":"context canceled","by":2,"waiters":0})"));
}

void tst_event_json::membersOfLaterVersionsAreLeftAlone() {
    json j = lab::to_json(full(event_kind::context_done));
    j["colour"] = "blue";
    QVERIFY(lab::event_from_json(j) == full(event_kind::context_done));
}

void tst_event_json::badEventsAreRefusedByName_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("not an object") << QByteArray("[]") << QByteArray("expected an event: a JSON object");
    QTest::newRow("no version") << QByteArray("{}") << QByteArray("v: missing");
    QTest::newRow("a later version") << QByteArray(R"({"v":2})")
                                     << QByteArray(
                                            "v: 2: expected 1, the only version of the format there is");
    QTest::newRow("a negative number")
        << QByteArray(R"({"v":1,"seq":-1})") << QByteArray("seq: -1: expected a whole number from 0");
    QTest::newRow("a fraction of a nanosecond")
        << QByteArray(R"({"v":1,"seq":1,"at_ns":0.5})")
        << QByteArray("at_ns: 0.5: expected a whole number of 64 bits");
    QTest::newRow("a time that does not fit")
        << QByteArray(R"({"v":1,"seq":1,"at_ns":18446744073709551615})")
        << QByteArray("at_ns: 18446744073709551615: expected a whole number of 64 bits");
    QTest::newRow("no kind") << QByteArray(R"({"v":1,"seq":1,"at_ns":0})") << QByteArray("kind: missing");
    QTest::newRow("an unknown kind") << QByteArray(R"({"v":1,"seq":1,"at_ns":0,"kind":"tea"})")
                                     << QByteArray("kind: \"tea\": expected a word of the format");
    QTest::newRow("a missing member") << QByteArray(R"({"v":1,"seq":1,"at_ns":0,"kind":"timer_stopped"})")
                                      << QByteArray("context: missing");
    QTest::newRow("a wrong type") << QByteArray(R"({"v":1,"seq":1,"at_ns":0,"kind":"note","text":5})")
                                  << QByteArray("text: 5: expected a text");
    QTest::newRow("a wrong list") << QByteArray(
                                         R"({"v":1,"seq":1,"at_ns":0,"kind":"swept","contexts":[1,-2]})")
                                  << QByteArray("contexts: -2: expected a list of ids");
}

void tst_event_json::badEventsAreRefusedByName() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, error);
    try {
        lab::event_from_json(json::parse(text.toStdString()));
        QFAIL("it was accepted");
    } catch (const lab::input_error& e) {
        QCOMPARE(QByteArray(e.what()), error);
    }
}

void tst_event_json::aTextThatIsNotUtf8StaysOneLine() {
    const std::string line = lab::to_line({.seq = 1, .kind = event_kind::note, .text = "a\xff\nb"});
    QVERIFY(line.find('\n') == std::string::npos);
    QCOMPARE(json::parse(line)["text"].get<std::string>(), std::string("a\xef\xbf\xbd\nb"));
}

QTEST_APPLESS_MAIN(tst_event_json)
#include "tst_event_json.moc"
