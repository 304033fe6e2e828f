// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "lab_bench.h"

#include "lab/event_json.h"

using namespace std::chrono_literals;
using nlohmann::json;

class tst_api : public QObject {
    Q_OBJECT

  private slots:
    void the_state_has_every_member();
    void contexts_of_every_kind_can_be_made_data();
    void contexts_of_every_kind_can_be_made();
    void a_context_is_cancelled_with_its_cause();
    void a_value_is_found_with_the_way_to_it();
    void workers_are_listed_and_started();
    void the_clock_obeys();
    void a_reset_empties_the_picture_or_plays_a_scenario();
    void events_are_lines();
    void events_are_streamed_live();
    void a_stream_resumes_after_the_last_event_id();
    void a_stream_ends_when_its_client_leaves();
    void requests_of_the_api_are_in_no_event();
    void a_call_can_be_sent();
    void the_page_needs_nothing_else();
    void a_held_laboratory_answers_and_is_stepped();
    void a_service_ends_although_a_step_is_held();
};

void tst_api::the_state_has_every_member() {
    lab_bench b;
    const json s = b.state();
    for (const char* m : {"seq", "time_ms", "clock", "contexts", "workers", "requests"})
        QVERIFY2(s.contains(m), m);
    for (const char* m : {"mode", "running", "speed"}) QVERIFY2(s["clock"].contains(m), m);
    QCOMPARE(s["contexts"].size(), std::size_t{1});
    const json root = s["contexts"][0];
    for (const char* m : {"id", "parent", "kind", "name", "string", "state", "err", "cause", "deadline_ms",
                          "deadline_owner", "key", "value", "children", "workers", "created_ms", "done_ms"})
        QVERIFY2(root.contains(m), m);
    QCOMPARE(root["id"], 1);
    QCOMPARE(root["kind"], "background");
    QCOMPARE(root["string"], "context.Background");
    QCOMPARE(b.get("/api/v1/state").header("Content-Type"), "application/json");
}

void tst_api::contexts_of_every_kind_can_be_made_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("kind");
    const auto row = [](const char* kind, const char* more) {
        QTest::newRow(kind) << QByteArray("{\"kind\":\"") + kind + "\"" + more + "}" << QByteArray(kind);
    };
    row("with_cancel", "");
    row("with_cancel_cause", ",\"parent\":1,\"name\":\"mine\"");
    row("with_deadline", ",\"deadline_ms\":60000");
    row("with_deadline_cause", ",\"timeout\":\"60s\",\"cause\":\"late\"");
    row("with_timeout", ",\"timeout\":\"1m\"");
    row("with_timeout_cause", ",\"timeout\":\"1m\",\"cause\":\"late\"");
    row("with_value", ",\"key\":\"user\",\"value\":\"ann\"");
    row("without_cancel", "");
    row("after_func", "");
}

void tst_api::contexts_of_every_kind_can_be_made() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, kind);
    lab_bench b;
    const raw::response r = b.post("/api/v1/contexts", body.toStdString());
    QVERIFY2(r.status == 201, r.body.c_str());
    const auto id = json::parse(r.body)["id"].get<lab::id_t>();
    const lab::state s = b.lab.snapshot();
    QVERIFY(s.context(id));
    QCOMPARE(std::string(to_string(s.context(id)->kind)), kind.toStdString());
}

void tst_api::a_context_is_cancelled_with_its_cause() {
    lab_bench b;
    const auto id =
        json::parse(b.post("/api/v1/contexts", R"({"kind":"with_cancel_cause"})").body)["id"].get<int>();
    const auto child = json::parse(b.post("/api/v1/contexts",
                                          R"({"kind":"with_cancel","parent":)" + std::to_string(id) + "}")
                                       .body)["id"]
                           .get<int>();
    const raw::response r =
        b.post("/api/v1/contexts/" + std::to_string(id) + "/cancel", R"({"cause":"boom"})");
    QCOMPARE(r.status, 200);
    QCOMPARE(json::parse(r.body), (json{{"id", id}, {"err", "context canceled"}, {"cause", "boom"}}));
    const raw::response again = b.post("/api/v1/contexts/" + std::to_string(child) + "/cancel", "");
    QCOMPARE(json::parse(again.body), (json{{"id", child}, {"err", "context canceled"}, {"cause", "boom"}}));
}

void tst_api::a_value_is_found_with_the_way_to_it() {
    lab_bench b;
    QCOMPARE(b.post("/api/v1/contexts", R"({"kind":"with_value","key":"user","value":"ann"})").body,
             R"({"id":2})");
    QCOMPARE(b.post("/api/v1/contexts", R"({"kind":"with_cancel","parent":2})").body, R"({"id":3})");
    QCOMPARE(json::parse(b.get("/api/v1/contexts/3/value?key=user").body),
             (json{{"found", true}, {"value", "ann"}, {"path", {3, 2}}}));
    QCOMPARE(json::parse(b.get("/api/v1/contexts/3/value?key=nobody").body),
             (json{{"found", false}, {"value", nullptr}, {"path", {3, 2, 1}}}));
}

void tst_api::workers_are_listed_and_started() {
    lab_bench b;
    const json kinds = json::parse(b.get("/api/v1/workers/kinds").body);
    QCOMPARE(kinds.size(), lab::worker_kinds().size());
    QCOMPARE(kinds[0]["kind"], "wait");
    const raw::response r =
        b.post("/api/v1/workers", R"({"context":1,"kind":"poller","name":"w","every":"100ms"})");
    QVERIFY2(r.status == 201, r.body.c_str());
    const auto id = json::parse(r.body)["id"].get<lab::id_t>();
    QVERIFY(b.becomes([&](const lab::state& s) {
        return s.worker(id) && s.worker(id)->name == "w" && s.worker(id)->state == lab::worker_state::waiting;
    }));
}

void tst_api::the_clock_obeys() {
    lab_bench b;
    const auto clock = [&](const char* body) {
        const raw::response r = b.post("/api/v1/clock", body);
        return r.status == 200 ? json::parse(r.body) : json{{"status", r.status}, {"body", r.body}};
    };
    QCOMPARE(clock(R"({"action":"pause"})")["running"], false);
    const double before = b.state()["time_ms"];
    const json moved = clock(R"({"action":"advance","by":"1500ms"})");
    QCOMPARE(moved["time_ms"].get<double>(), before + 1500);
    QCOMPARE(b.state()["time_ms"].get<double>(), before + 1500);
    QCOMPARE(clock(R"({"action":"run","speed":0.25})")["speed"], 0.25);
    QCOMPARE(clock(R"({"speed":2})")["speed"], 2.0);
    QCOMPARE(clock(R"({"action":"step","size":"wave"})")["running"], false);
    QCOMPARE(clock(R"({"mode":"real"})")["mode"], "real");
    QCOMPARE(clock(R"({"action":"pause"})")["running"], false);
    QCOMPARE(clock(R"({"action":"hold"})")["stepping"], true);
    QCOMPARE(clock(R"({"action":"advance","by":"1s"})")["status"], 409);
    QCOMPARE(clock(R"({"speed":2})")["status"], 409);
    QCOMPARE(clock(R"({"action":"pause","mode":"real"})")["mode"], "real");
    QCOMPARE(clock(R"({"action":"run","mode":"virtual"})")["mode"], "virtual");
}

void tst_api::a_reset_empties_the_picture_or_plays_a_scenario() {
    lab_bench b;
    b.post("/api/v1/contexts", R"({"kind":"with_cancel"})");
    QCOMPARE(b.post("/api/v1/reset", "{}").status, 200);
    QCOMPARE(b.state()["contexts"].size(), std::size_t{1});
    QCOMPARE(b.post("/api/v1/reset", R"({"scenario":"leak"})").status, 200);
    QVERIFY(b.becomes([](const lab::state& s) { return s.scenario() == "leak" && s.contexts().size() > 1; }));
    QCOMPARE(b.post("/api/v1/reset", "").status, 200);
    QCOMPARE(b.state()["contexts"].size(), std::size_t{1});
}

void tst_api::events_are_lines() {
    lab_bench b({.running = false});
    b.post("/api/v1/contexts", R"({"kind":"with_cancel","name":"one"})");
    b.post("/api/v1/contexts", R"({"kind":"with_cancel","name":"two"})");
    const raw::response r = b.get("/api/v1/events");
    QCOMPARE(r.header("Content-Type"), "application/x-ndjson");
    std::string expected;
    for (const lab::event& e : b.lab.log().read(0)) expected += lab::to_line(e) + "\n";
    QCOMPARE(r.body, expected);
    const std::uint64_t last = b.lab.log().last_seq();
    const raw::response tail = b.get("/api/v1/events?since=" + std::to_string(last - 1));
    QCOMPARE(json::parse(tail.body)["seq"], last);
    QCOMPARE(b.get("/api/v1/events?since=" + std::to_string(last + 100)).body, "");
}

/// The next event of a stream: its id line and its data line.
static std::pair<std::string, std::string> next_event(net::wire& w) {
    std::string all;
    char c = 0;
    w.allow(1 << 20, net::wire::clock::now() + raw::patience);
    while (!all.ends_with("\n\n") && w.read(&c, 1) == 1) all.push_back(c);
    const std::size_t id = all.find("id: "), data = all.find("data: ");
    if (id == std::string::npos || data == std::string::npos) return {};
    return {all.substr(id + 4, data - id - 5), all.substr(data + 6, all.size() - data - 8)};
}

void tst_api::events_are_streamed_live() {
    lab_bench b({.running = false});
    const std::uint64_t seq = b.lab.log().last_seq();
    raw::client c(b.http.port());
    c.get("/api/v1/events?since=" + std::to_string(seq), "Accept: text/event-stream\r\n");
    const raw::response r = c.receive(false);
    QCOMPARE(r.status, 200);
    QCOMPARE(r.header("Content-Type"), "text/event-stream");
    b.lab.call(lab::new_context{.name = "seen"});
    for (const lab::event& e : b.lab.log().read(seq)) {
        const auto [id, data] = next_event(c.line());
        QCOMPARE(id, std::to_string(e.seq));
        QCOMPARE(data, lab::to_line(e));
    }
}

void tst_api::a_stream_resumes_after_the_last_event_id() {
    lab_bench b({.running = false});
    for (int i = 0; i < 5; ++i) b.lab.call(lab::new_context{});
    raw::client c(b.http.port());
    c.get("/api/v1/events?since=1", "Accept: text/event-stream\r\nLast-Event-ID: 4\r\n");
    QCOMPARE(c.receive(false).status, 200);
    QCOMPARE(next_event(c.line()).first, "5");
}

void tst_api::a_stream_ends_when_its_client_leaves() {
    lab_bench b;
    QCOMPARE(b.get("/api/v1/state").status, 200);
    const int threads = raw::threads();
    {
        raw::client c(b.http.port());
        c.get("/api/v1/events", "Accept: text/event-stream\r\n");
        QCOMPARE(c.receive(false).status, 200);
        QVERIFY(raw::threads() >= threads);
    }
    const auto before = std::chrono::steady_clock::now();
    QVERIFY(QTest::qWaitFor([&] { return raw::threads() < threads + 1; }, 20'000));
    QVERIFY(std::chrono::steady_clock::now() - before < 5s);
}

void tst_api::requests_of_the_api_are_in_no_event() {
    lab_bench b({.running = false});
    const std::uint64_t seq = b.lab.log().last_seq();
    for (const char* path :
         {"/", "/api/v1/state", "/api/v1/workers/kinds", "/api/v1/events", "/nothing", "/process?work=x"})
        b.get(path);
    QCOMPARE(b.lab.log().last_seq(), seq);
}

void tst_api::a_call_can_be_sent() {
    lab_bench b;
    const raw::response r = b.post("/api/v1/requests", R"({"path":"/process?work=1ms"})");
    QCOMPARE(r.status, 201);
    QVERIFY(b.becomes([](const lab::state& s) {
        return s.clients().size() == 1 && s.clients()[0].state == lab::client_state::answered;
    }));
    const lab::state s = b.lab.snapshot();
    QCOMPARE(s.clients()[0].outcome, "request processed");
    QCOMPARE(s.requests().at(0).client, s.clients()[0].id);
}

void tst_api::the_page_needs_nothing_else() {
    lab_bench b;
    const raw::response r = b.get("/");
    QCOMPARE(r.status, 200);
    QVERIFY(r.header("Content-Type").starts_with("text/html"));
    for (const char* elsewhere : {"http://", "https://", "src=", "@import", "url("})
        QVERIFY2(r.body.find(elsewhere) == std::string::npos, elsewhere);
    raw::client c(b.http.port());
    c.send("HEAD / HTTP/1.1\r\n" + c.host() + "\r\n");
    const raw::response head = c.receive(false);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("Content-Length"), std::to_string(r.body.size()));
    QCOMPARE(c.ask("/api/v1/state").status, 200); // no body was sent in between
}

void tst_api::a_held_laboratory_answers_and_is_stepped() {
    lab_bench b;
    for (int parent = 1; parent <= 2; ++parent)
        b.post("/api/v1/contexts", R"({"kind":"with_cancel","parent":)" + std::to_string(parent) + "}");
    QCOMPARE(b.post("/api/v1/clock", R"({"action":"step","size":"node"})").status, 200);
    raw::client canceller(b.http.port());
    canceller.post("/api/v1/contexts/2/cancel", "{}", "Content-Type: application/json\r\n");
    QVERIFY(
        b.becomes([](const lab::state& s) { return s.context(2)->state == lab::context_state::canceled; }));
    QVERIFY(QTest::qWaitFor([&] { return b.lab.held(); }, 20'000));
    QCOMPARE(b.state()["contexts"][2]["state"], "active"); // the wave has not reached it
    QCOMPARE(b.post("/api/v1/clock", R"({"action":"run"})").status, 200);
    QCOMPARE(canceller.receive().status, 200);
    QVERIFY(
        b.becomes([](const lab::state& s) { return s.context(3)->state == lab::context_state::canceled; }));
}

void tst_api::a_service_ends_although_a_step_is_held() {
    lab::laboratory lab;
    auto http = std::make_unique<net::service>(lab, net::service_options{.port = 0});
    raw::client c(http->port());
    c.get("/process?work=1h");
    while (lab.snapshot().counts().live_workers == 0 &&
           lab.log().wait_after(lab.snapshot().seq(), raw::patience)) {
    }
    QVERIFY(
        lab.call(lab::change_clock{.action = lab::clock_action::step, .size = lab::step_size::hook}).ok());
    c.close(); // the cancel that follows is held
    QVERIFY(QTest::qWaitFor([&] { return lab.held(); }, 20'000));
    const auto before = std::chrono::steady_clock::now();
    http.reset();
    QVERIFY(std::chrono::steady_clock::now() - before < 1s);
    QCOMPARE(lab.snapshot().counts().live_workers, std::size_t{0});
    QCOMPARE(lab.snapshot().counts().active_requests, std::size_t{0});
}

QTEST_GUILESS_MAIN(tst_api)
#include "tst_api.moc"
