// SPDX-License-Identifier: MIT
#include "lab/command_record.h"
#include "lab/crc32c.h"
#include "lab/event_json.h"
#include "lab/json_text.h"
#include "lab/life_json.h"
#include "lab/recording_file.h"
#include "lab/scenario_writer.h"
#include "lab/state_json.h"
#include "recordings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using lab::event_kind;
using nlohmann::json;

namespace {

/// What the events say: a member that their kind does not fill is none of it.
std::vector<std::string> lines(const std::vector<lab::event>& events) {
    std::vector<std::string> all;
    for (const lab::event& e : events) all.push_back(lab::to_line(e));
    return all;
}

} // namespace

/// Recordings give back what was put into them.
class tst_recording : public QObject {
    Q_OBJECT
  private slots:
    void theChecksumIsCastagnolis();
    void everyKindComesBackWithEveryMember_data();
    void everyKindComesBackWithEveryMember();
    void extremeNumbersAndTextsComeBack();
    void aShippedScenarioComesBackWithItsRun_data();
    void aShippedScenarioComesBackWithItsRun();
    void everyCommandComesBack_data();
    void everyCommandComesBack();
    void livesAndInputsComeBackInTheirPlaces();
    void aRecordingOfManyEventsIsSmall();
    void littleIsLostWhereAFileIsCutOff_data();
    void littleIsLostWhereAFileIsCutOff();
    void kindsAndMembersOfLaterVersionsArePassedOver();
    void aSaveThatFailsLeavesTheOldFile();
    void aSaveThatIsNotCommittedLeavesNothing();
    void aGapIsRefused();
};

void tst_recording::theChecksumIsCastagnolis() {
    QCOMPARE(lab::crc32c("123456789"), 0xe3069283u); // the check value of its definition
    QCOMPARE(lab::crc32c("6789", lab::crc32c("12345")), 0xe3069283u);
    QCOMPARE(lab::crc32c(std::string(32, '\0')), 0x8a9136aau); // RFC 3720
    QCOMPARE(lab::crc32c(""), 0u);
}

void tst_recording::everyKindComesBackWithEveryMember_data() {
    QTest::addColumn<int>("kind");
    for (int k = 0; k <= static_cast<int>(event_kind::note); ++k)
        QTest::addRow("%s", std::string(lab::to_string(event_kind(k))).c_str()) << k;
}

void tst_recording::everyKindComesBackWithEveryMember() {
    QFETCH(int, kind);
    lab::event e = full(event_kind(kind));
    e.seq = 1;
    lab::event again = e;
    again.seq = 2;
    const auto back = recordings::read(recordings::bytes_of({e, again}, 2));
    QVERIFY(!back.damage);
    QVERIFY(back.events == (std::vector{e, again}));
}

void tst_recording::extremeNumbersAndTextsComeBack() {
    using i64 = std::numeric_limits<std::int64_t>;
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    std::vector<lab::event> events(6);
    for (std::size_t i = 0; i < events.size(); ++i) events[i].seq = i + 1;
    events[0] = {.seq = 1, .at = lab::lab_time(i64::min()), .wall_ns = i64::max(), .kind = event_kind::swept};
    events[0].path = {0, largest, 0, 1, largest / 2};
    events[1] = {.seq = 2, .at = lab::lab_time(i64::max()), .wall_ns = i64::min()};
    events[1].text = std::string("\0\xff\n\"", 4);
    events[2] = {.seq = 3, .kind = event_kind::context_created, .context = largest, .parent = 1};
    events[2].deadline = lab::lab_time(i64::min());
    events[2].name = std::string(255, 'a'), events[2].text = events[2].name;
    events[2].key = std::string(256, 'b'), events[2].data = events[2].key;
    events[3] = {.seq = 4, .kind = event_kind::wave_finished, .context = 0, .value = i64::min()};
    events[4] = {.seq = 5, .kind = event_kind::clock_changed, .speed = -0.0, .value = i64::max()};
    events[5].text = std::string(300'000, 'x'); // more than a block is meant to hold
    const auto back = recordings::read(recordings::bytes_of(events, 3));
    QVERIFY(!back.damage);
    QVERIFY(back.events == events);
}

void tst_recording::aShippedScenarioComesBackWithItsRun_data() {
    QTest::addColumn<QString>("name");
    for (const lab::scenario& s : lab::shipped_scenarios())
        QTest::newRow(s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_recording::aShippedScenarioComesBackWithItsRun() {
    QFETCH(QString, name);
    QTemporaryDir dir;
    const std::string file = dir.filePath("run.ctxlab").toStdString();
    const auto scenario = std::make_shared<lab::scenario>(lab::find_scenario(name.toStdString()));
    lab::event_log log;
    for (lab::event& e : recordings::play(*scenario)) log.append(std::move(e));
    lab::save_recording(
        file, {.program = "1.2", .began_unix_ms = 77, .fast = true, .first = {.with = scenario}}, log, {});

    const lab::recording r = lab::load_recording(file);
    QVERIFY(!r.damage);
    QVERIFY(r.events.size() > 1);
    QVERIFY(lines(r.events) == lines(log.read(0)));
    QCOMPARE(r.header.program, std::string("1.2"));
    QCOMPARE(r.header.began_unix_ms, std::int64_t(77));
    QVERIFY(r.header.fast);
    QCOMPARE(lab::to_json(*r.header.first.with).dump(), lab::to_json(*scenario).dump());
    // And the scenario it holds plays the same again.
    QVERIFY(scenario->needs_sockets() || lines(recordings::play(*r.header.first.with)) == lines(r.events));

    lab::event_log opened;
    QVERIFY(!lab::open_recording(file, opened).damage);
    QVERIFY(opened.read(0) == r.events);
}

void tst_recording::everyCommandComesBack_data() {
    using namespace std::chrono_literals;
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const lab::command& c) {
        QTest::newRow(name) << QByteArray::fromStdString(lab::json_text(lab::to_json(c)));
    };
    row("new context", lab::new_context{.parent = 9,
                                        .kind = lab::context_kind::with_deadline_cause,
                                        .name = "n \"q\"",
                                        .timeout = -1ns,
                                        .at = 7ns,
                                        .cause = "c",
                                        .key = "k",
                                        .value = "v",
                                        .cancels = 3});
    row("new context, all by default", lab::new_context{});
    row("cancel", lab::cancel_context{.context = 4, .cause = ""});
    row("cancel without a cause", lab::cancel_context{.context = 4, .cause = {}});
    row("look up", lab::look_up_value{.context = 2, .key = "k"});
    lab::new_worker w{.context = 3, .kind = "fanout", .name = "w", .fail = "f", .channel = "c"};
    w.every = 1ns, w.duration = 2ns, w.check_every = 3ns, w.fail_after = 4ns;
    w.count = -1, w.stages = 5, w.n = 6, w.fail_index = 7;
    row("new worker", w);
    row("clock", lab::change_clock{.action = lab::clock_action::step,
                                   .by = 5s,
                                   .size = lab::step_size::reaction,
                                   .speed = 0.5,
                                   .mode = lab::clock_mode::real_time});
    row("sweep", lab::sweep{});
    row("request",
        lab::send_request{
            .method = "POST", .path = "/x", .body = "b", .count = 3, .timeout = 1s, .abort_after = 0s});
    row("abort", lab::abort_request{.client = 8});
    row("reset", lab::reset_lab{});
    row("reset with a scenario",
        lab::reset_lab{.with = std::make_shared<lab::scenario>(lab::find_scenario("fan-out"))});
}

void tst_recording::everyCommandComesBack() {
    QFETCH(QByteArray, text);
    const lab::command back = lab::command_from_json(json::parse(text.toStdString()), "input");
    QCOMPARE(QByteArray::fromStdString(lab::json_text(lab::to_json(back))), text);
    QVERIFY(json::parse(text.toStdString())["do"].is_string());
}

void tst_recording::livesAndInputsComeBackInTheirPlaces() {
    QTemporaryDir dir;
    const std::string file = dir.filePath("run.ctxlab").toStdString();
    lab::event_log log;
    for (lab::event& e : recordings::events_of_every_kind(40)) log.append(std::move(e));
    const auto leak = std::make_shared<lab::scenario>(lab::find_scenario("leak"));
    std::vector<lab::life> lives(2);
    lives[0].inputs.push_back({.seq = 3,
                               .turn = 2,
                               .at = lab::lab_time(9),
                               .held = true,
                               .who = "you",
                               .what = lab::cancel_context{.context = 2, .cause = {}}});
    lives[0].inputs.push_back({.seq = 27, .changed = true, .who = "api", .what = lab::sweep{}});
    lives[1] = {.with = leak, .seed = -3, .mode = lab::clock_mode::real_time, .running = false, .speed = 4};
    lives[1].first_seq = 28;
    lives[1].recorded_only = "requests over sockets";
    lives[1].inputs.push_back({.seq = 30, .who = "you", .what = lab::sweep{}});
    lab::save_recording(file, {}, log, lives);

    const lab::recording r = lab::load_recording(file);
    QVERIFY(!r.damage);
    QCOMPARE(r.lives.size(), std::size_t(2));
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(lab::life_record(r.lives[i]), lab::life_record(lives[i]));
        QCOMPARE(r.lives[i].recorded_only, lives[i].recorded_only);
        QCOMPARE(r.lives[i].inputs.size(), lives[i].inputs.size());
        for (std::size_t k = 0; k < lives[i].inputs.size(); ++k)
            QCOMPARE(lab::input_record(r.lives[i].inputs[k]), lab::input_record(lives[i].inputs[k]));
    }
}

void tst_recording::aRecordingOfManyEventsIsSmall() {
    const auto events = recordings::events_of_every_kind(100'000);
    const std::string bytes = recordings::bytes_of(events, lab::events_per_block);
    QVERIFY2(bytes.size() < events.size() * 25, qPrintable(QString::number(bytes.size())));
    QVERIFY(recordings::read(bytes).events == events);
}

void tst_recording::littleIsLostWhereAFileIsCutOff_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("lost"); // at most
    QTest::newRow("a short run") << 60 << 32;
    QTest::newRow("a run of some hundred events") << 600 << 120;
    QTest::newRow("a long run") << 20'000 << 512;
}

void tst_recording::littleIsLostWhereAFileIsCutOff() {
    QFETCH(int, count);
    QFETCH(int, lost);
    const QTemporaryDir dir;
    QFile file(dir.filePath("run.ctxlab"));
    lab::event_log log;
    for (lab::event& e : recordings::events_of_every_kind(static_cast<std::size_t>(count)))
        log.append(std::move(e));
    lab::save_recording(file.fileName().toStdString(), {.program = "1.2"}, log, {});
    QVERIFY(file.resize(file.size() - 30));
    const lab::recording r = lab::load_recording(file.fileName().toStdString());
    QVERIFY(r.damage);
    const int left = static_cast<int>(r.events.size());
    QVERIFY2(left < count && left >= count - lost, qPrintable(QString::number(left)));
}

void tst_recording::kindsAndMembersOfLaterVersionsArePassedOver() {
    using lab::recording_schema;
    nlohmann::ordered_json kinds;
    kinds["tea"] = {{"cups", "integer"}, {"sort", "text"},    {"who", "id"},   {"at", "time"},
                    {"hot", "flag"},     {"degrees", "real"}, {"with", "ids"}, {"how", "word"}};
    kinds["note"] = {{"colour", "text"}, {"text", "text"}};
    kinds["timer_stopped"] = nlohmann::ordered_json::object(); // of an older version
    const recording_schema schema(kinds);
    lab::byte_writer w;
    for (const std::uint64_t n : {1, 3, 0}) w.number(n); // first, events, notes
    for (const std::uint64_t n : {8, 2, 0}) w.number(n); // tea, a nanosecond after the start
    w.signed_number(-7);
    w.number(2 * 5 + 1), w.raw("green");
    w.signed_number(4);
    w.byte(1), w.signed_number(9);
    w.byte(1);
    w.real(80.5);
    for (const std::uint64_t n : {2, 5, 6}) w.number(n); // two ids
    w.number(2);                                         // the first text again
    for (const std::uint64_t n : {9, 0, 0}) w.number(n); // a note
    w.number(2 * 4 + 1), w.raw("blue");
    w.number(2); // the first text, once more
    for (const std::uint64_t n : {10, 0, 0}) w.number(n);
    lab::recording_block b;
    QVERIFY(!lab::recording_decoder(schema, "input").read(w.bytes(), b));
    QCOMPARE(b.events.size(), std::size_t(3));
    QVERIFY(b.events[0].kind == event_kind::note);
    QVERIFY(b.events[0].text.find("tea") != std::string::npos);
    QCOMPARE(b.events[1].text, std::string("green"));
    QVERIFY(b.events[2].kind == event_kind::timer_stopped && b.events[2].seq == 3);

    kinds["note"]["text"] = "integer";
    QVERIFY_EXCEPTION_THROWN(recording_schema{kinds}, lab::input_error);
    lab::recording_block notes;
    lab::read_life_record(R"({"record":"tea"})", "input", notes);
    QVERIFY(notes.lives.empty() && notes.inputs.empty() && notes.notes.empty());
}

void tst_recording::aSaveThatFailsLeavesTheOldFile() {
    QTemporaryDir dir;
    QFile old(dir.filePath("run.ctxlab"));
    QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
    old.close();
    lab::event_log log;
    log.append({.kind = event_kind::note});
    // The life is none that could be read again, so the save fails in its middle.
    const std::vector<lab::life> lives{{.first_seq = 2, .inputs = {}},
                                       {.speed = -1, .first_seq = 3, .inputs = {}}};
    QVERIFY_EXCEPTION_THROWN(lab::save_recording(old.fileName().toStdString(), {}, log, lives),
                             lab::input_error);
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QCOMPARE(QDir(dir.path()).entryList(QDir::Files), QStringList("run.ctxlab"));
    try {
        lab::save_recording("/no/such/folder/x.ctxlab", {}, log, {});
        QFAIL("it was accepted");
    } catch (const lab::input_error& e) {
        QVERIFY2(std::string(e.what()).starts_with("/no/such/folder/x.ctxlab"), e.what());
    }
}

void tst_recording::aSaveThatIsNotCommittedLeavesNothing() {
    QTemporaryDir dir;
    { const lab::recording_save save(dir.filePath("run.ctxlab").toStdString(), {}); }
    QVERIFY(QDir(dir.path()).isEmpty());
}

void tst_recording::aGapIsRefused() {
    lab::recording_encoder e;
    QVERIFY_EXCEPTION_THROWN(e.add(lab::event{.seq = 2}), std::invalid_argument);
    e.add(lab::event{.seq = 1});
    QVERIFY_EXCEPTION_THROWN(e.add(lab::event{.seq = 3}), std::invalid_argument);
}

QTEST_APPLESS_MAIN(tst_recording)
#include "tst_recording.moc"
