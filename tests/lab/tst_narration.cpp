// SPDX-License-Identifier: MIT
#include "lab/narration.h"

#include "story.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using lab::event_kind;

class tst_narration : public QObject {
    Q_OBJECT
  private slots:
    void timesAreWrittenWithThreeDecimals_data();
    void timesAreWrittenWithThreeDecimals();
    void everyEventIsOneSentence_data();
    void everyEventIsOneSentence();
    void aDerivedContextSaysWhatItIs();
    void aCauseIsToldWhenItSaysSomethingNew();
    void whoNoticesLateSaysHowLate();
    void whatIsNotInThePictureIsCalledByItsNumber();
    void noKindIsLeftWithoutASentence();

  private:
    static story scene();
};

story tst_narration::scene() {
    story t;
    t.root();
    t.created(2, 1, lab::context_kind::with_cancel_cause, "req A");
    t.value(3, 2, "user", "ana");
    t.timed(4, 3, 2000, "call");
    t.add({.kind = event_kind::worker_started, .context = 2, .worker = 1, .name = "w1", .text = "poller"});
    return t;
}

void tst_narration::timesAreWrittenWithThreeDecimals_data() {
    QTest::addColumn<qlonglong>("ns");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("start") << 0LL << QByteArray("+0.000 s");
    QTest::newRow("a second and a quarter") << 1'250'000'000LL << QByteArray("+1.250 s");
    QTest::newRow("not yet") << 999'999LL << QByteArray("+0.000 s");
    QTest::newRow("milliseconds") << 7'000'000LL << QByteArray("+0.007 s");
    QTest::newRow("before") << -1'005'000'000LL << QByteArray("-1.005 s");
    QTest::newRow("an hour") << 3'600'000'000'000LL << QByteArray("+3600.000 s");
}

void tst_narration::timesAreWrittenWithThreeDecimals() {
    QFETCH(qlonglong, ns);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(lab::clock_text(lab::lab_time(ns))), text);
}

Q_DECLARE_METATYPE(lab::event)

void tst_narration::everyEventIsOneSentence_data() {
    QTest::addColumn<lab::event>("e");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const lab::event& e, const char* text) {
        QTest::newRow(name) << e << QByteArray(text);
    };
    row("start", {.kind = event_kind::lab_started, .value = 7, .name = "leak", .text = "A leak"},
        "A laboratory starts with seed 7, scenario leak: A leak");
    row("clock", {.kind = event_kind::clock_changed, .on = true, .speed = 0.25},
        "The clock runs on virtual time at speed 0.25");
    row("stepping", {.kind = event_kind::clock_changed, .on = true, .value = 1},
        "The clock moves step by step (virtual time)");
    row("pause", {.kind = event_kind::clock_changed}, "The clock is paused (virtual time)");
    row("command", {.kind = event_kind::command_issued, .name = "you", .text = "cancel req A"},
        "you: cancel req A");
    row("refused", {.kind = event_kind::command_refused, .text = "no context 9"}, "Refused: no context 9");
    row("call",
        {.kind = event_kind::cancel_called,
         .context = 2,
         .err = "context canceled",
         .cause = "shutting down"},
        "The cancel function of req A is called: context canceled (cause: shutting down)");
    row("done",
        {.kind = event_kind::context_done,
         .context = 2,
         .by = 2,
         .err = "context canceled",
         .cause = "shutting down"},
        "req A closes its Done channel: context canceled (cause: shutting down)");
    row("done from above",
        {.kind = event_kind::context_done,
         .context = 4,
         .by = 2,
         .err = "context canceled",
         .cause = "context canceled"},
        "call closes its Done channel: context canceled; this came from req A");
    row("deadline", {.kind = event_kind::deadline_expired, .context = 4},
        "The deadline of call passes: its timer fires");
    row("visit", {.kind = event_kind::child_visited, .context = 4, .parent = 2},
        "The cancellation goes down from req A to call");
    row("wave", {.kind = event_kind::wave_finished, .context = 2, .value = 1},
        "The cancellation of req A is complete: it ended 1 context");
    row("detached", {.kind = event_kind::context_detached, .context = 4, .parent = 2},
        "call is no longer registered with req A");
    row("found",
        {.kind = event_kind::value_looked_up,
         .on = true,
         .context = 4,
         .key = "user",
         .data = "ana",
         .path = {4, 3}},
        "call is asked for \"user\": \"ana\", found at WithValue 3, 1 step up");
    row("own",
        {.kind = event_kind::value_looked_up,
         .on = true,
         .context = 3,
         .key = "user",
         .data = "ana",
         .path = {3}},
        "WithValue 3 is asked for \"user\": \"ana\", its own");
    row("not found", {.kind = event_kind::value_looked_up, .context = 4, .key = "x", .path = {4, 3, 2, 1}},
        "call is asked for \"x\": no context on the way up has it");
    row("swept", {.kind = event_kind::swept, .path = {7, 8}}, "2 contexts that are done leave the picture");
    row("one swept", {.kind = event_kind::swept, .path = {7}}, "1 context that is done leaves the picture");
    row("worker", {.kind = event_kind::worker_started, .context = 2, .worker = 1, .text = "poller"},
        "w1 starts under req A (poller)");
    row("waiting",
        {.kind = event_kind::worker_waiting, .worker = 1, .text = "select on Done and a timer of 2s"},
        "w1 waits: select on Done and a timer of 2s");
    row("leaked", {.kind = event_kind::worker_leaked, .context = 2, .worker = 1},
        "w1 is leaked: req A is done, and it goes on without looking");
    row("exit", {.kind = event_kind::worker_exited, .context = 2, .worker = 1, .text = "finished"},
        "w1 exits: finished");
    row("request",
        {.kind = event_kind::request_started,
         .context = 2,
         .request = 3,
         .name = "GET",
         .text = "/leak",
         .data = "127.0.0.1:9"},
        "Request 3 arrives: GET /leak from 127.0.0.1:9; its context is req A");
    row("answered",
        {.kind = event_kind::request_ended,
         .req_state = lab::request_state::finished,
         .request = 3,
         .value = 200},
        "Request 3 is answered with status 200");
    row("left",
        {.kind = event_kind::request_ended, .req_state = lab::request_state::client_gone, .request = 3},
        "Request 3 ends: its client has left");
    row("sent", {.kind = event_kind::client_sent, .client = 5, .name = "GET", .text = "http://h/leak"},
        "Client call 5 is sent: GET http://h/leak");
    row("aborted", {.kind = event_kind::client_ended, .cli_state = lab::client_state::aborted, .client = 5},
        "Client call 5 is aborted");
}

void tst_narration::everyEventIsOneSentence() {
    QFETCH(lab::event, e);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(lab::sentence(e, scene().picture)), text);
}

void tst_narration::aDerivedContextSaysWhatItIs() {
    story t = scene();
    const auto said = [&](lab::id_t id) {
        const auto it = std::find_if(t.events.begin(), t.events.end(), [&](const lab::event& e) {
            return e.kind == event_kind::context_created && e.context == id;
        });
        return QByteArray::fromStdString(lab::sentence(*it, t.picture));
    };
    t.created(5, 4, lab::context_kind::with_timeout, "slow");
    t.created(6, 4, lab::context_kind::without_cancel, "audit");
    t.created(7, 4, lab::context_kind::after_func, "clean up");
    t.done(4, 4, "context deadline exceeded");
    t.value(8, 4, "k", "v", true);
    QCOMPARE(said(1), QByteArray("Background is the root of a tree: it is never done"));
    QCOMPARE(said(2), QByteArray("req A is derived from Background with WithCancelCause"));
    QCOMPARE(said(3), QByteArray("WithValue 3 is derived from req A with WithValue: \"user\" is \"ana\""));
    QCOMPARE(said(4),
             QByteArray("call is derived from WithValue 3 with WithTimeout: its deadline is +2.000 s"));
    QCOMPARE(said(5),
             QByteArray("slow is derived from call with WithTimeout: the earlier deadline of call, +2.000 s, "
                        "stays in force, so it has no timer of its own"));
    QCOMPARE(said(6), QByteArray("audit is derived from call with WithoutCancel: it keeps the values, and no "
                                 "cancellation reaches it"));
    QCOMPARE(
        said(7),
        QByteArray("clean up is registered on call with AfterFunc: its function starts when call is done"));
    QCOMPARE(said(8),
             QByteArray("WithValue 8 is derived from call with WithValue: \"k\" is \"v\"; it is born done: "
                        "context deadline exceeded"));
}

void tst_narration::aCauseIsToldWhenItSaysSomethingNew() {
    story t = scene();
    QCOMPARE(lab::sentence(t.done(2, 2), t.picture),
             std::string("req A closes its Done channel: context canceled"));
}

void tst_narration::whoNoticesLateSaysHowLate() {
    story t = scene();
    t.at_ms(100);
    t.done(2, 2);
    QCOMPARE(lab::sentence(t.worker(event_kind::worker_noticed, 1, 2), t.picture),
             std::string("w1 sees that req A is done"));
    t.at_ms(130);
    QCOMPARE(lab::sentence(t.worker(event_kind::worker_noticed, 1, 2), t.picture),
             std::string("w1 sees that req A is done, 30ms after it was"));
}

void tst_narration::whatIsNotInThePictureIsCalledByItsNumber() {
    const lab::state nothing;
    QCOMPARE(lab::sentence({.kind = event_kind::timer_stopped, .context = 9}, nothing),
             std::string("The timer of context 9 is stopped"));
    QCOMPARE(lab::sentence({.kind = event_kind::worker_running, .worker = 4}, nothing),
             std::string("worker 4 runs"));
}

void tst_narration::noKindIsLeftWithoutASentence() {
    std::set<std::string> said;
    for (int k = 0; k <= static_cast<int>(event_kind::note); ++k) {
        const std::string text =
            lab::sentence({.kind = event_kind(k), .context = 2, .worker = 1, .text = "so"}, scene().picture);
        QVERIFY2(!text.empty(), std::string(lab::to_string(event_kind(k))).c_str());
        QVERIFY(text.find('\n') == std::string::npos);
        said.insert(text);
    }
    // command_issued and note pass their text on unchanged.
    QCOMPARE(said.size(), std::size_t(event_kind::note));
}

QTEST_APPLESS_MAIN(tst_narration)
#include "tst_narration.moc"
