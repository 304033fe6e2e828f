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
    void bad_requests_change_nothing_data();
    void bad_requests_change_nothing();
    void wrong_methods_are_told_the_right_ones_data();
    void wrong_methods_are_told_the_right_ones();
    void a_body_of_another_type_is_refused();
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
    QCOMPARE(clock(R"({"action":"pause"})")["status"], 409);
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

void tst_api::bad_requests_change_nothing_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body"); // null: GET
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    const auto post = [](const char* name, const char* path, const char* body, int status, const char* says) {
        QTest::newRow(name) << QByteArray(path) << QByteArray(body) << status << QByteArray(says);
    };
    const auto get = [](const char* name, const char* path, int status, const char* says) {
        QTest::newRow(name) << QByteArray(path) << QByteArray() << status << QByteArray(says);
    };
    const char* contexts = "/api/v1/contexts";
    post("no JSON", contexts, "kind=with_cancel", 400, "body:1:1");
    post("half JSON", contexts, "{\"kind\":", 400, "body:1");
    post("not an object", contexts, "[]", 400, "object");
    post("no kind", contexts, "{}", 400, "kind");
    post("unknown kind", contexts, R"({"kind":"with_tea"})", 400, "with_tea");
    post("background", contexts, R"({"kind":"background"})", 400, "background");
    post("unknown member", contexts, R"({"kind":"with_cancel","colour":"red"})", 400, "colour");
    post("member twice", contexts, R"({"kind":"with_cancel","kind":"with_cancel"})", 400, "kind");
    post("no timeout", contexts, R"({"kind":"with_timeout"})", 400, "timeout");
    post("bad timeout", contexts, R"({"kind":"with_timeout","timeout":"5"})", 400, "timeout");
    post("timeout as a number", contexts, R"({"kind":"with_timeout","timeout":5})", 400, "timeout");
    post("timeout where none belongs", contexts, R"({"kind":"with_cancel","timeout":"5s"})", 400, "timeout");
    post("cause where none belongs", contexts, R"({"kind":"with_cancel","cause":"x"})", 400, "cause");
    post("no key", contexts, R"({"kind":"with_value","value":"x"})", 400, "key");
    post("no parent of that id", contexts, R"({"kind":"with_cancel","parent":99})", 404, "99");
    post("parent as a text", contexts, R"({"kind":"with_cancel","parent":"1"})", 400, "parent");
    post("negative parent", contexts, R"({"kind":"with_cancel","parent":-1})", 400, "parent");
    post("cancels where none belongs", contexts, R"({"kind":"with_cancel","cancels":1})", 400, "cancels");
    post("cancel nobody", "/api/v1/contexts/99/cancel", "{}", 404, "99");
    post("cancel with a cause that it does not take", "/api/v1/contexts/2/cancel", R"({"cause":"x"})", 409,
         "cause");
    post("cancel the root", "/api/v1/contexts/1/cancel", "{}", 409, "");
    post("cancel with a bad member", "/api/v1/contexts/2/cancel", R"({"why":"x"})", 400, "why");
    post("cancel what is no number", "/api/v1/contexts/two/cancel", "{}", 404, "path");
    get("value of nobody", "/api/v1/contexts/99/value?key=k", 404, "99");
    get("value without a key", "/api/v1/contexts/1/value", 400, "key");
    get("value with an empty key", "/api/v1/contexts/1/value?key=", 400, "key");
    get("value with two keys", "/api/v1/contexts/1/value?key=a&key=b", 400, "key");
    const char* workers = "/api/v1/workers";
    post("worker of no kind", workers, R"({"context":1})", 400, "kind");
    post("worker of unknown kind", workers, R"({"context":1,"kind":"idler"})", 400, "idler");
    post("worker for nobody", workers, R"({"context":99,"kind":"wait"})", 404, "99");
    post("worker with another's field", workers, R"({"context":1,"kind":"wait","every":"1s"})", 400, "every");
    post("worker with a bad field", workers, R"({"context":1,"kind":"poller","every":"soon"})", 400, "every");
    post("worker with a negative field", workers, R"({"context":1,"kind":"poller","every":"-1s"})", 400,
         "every");
    const char* clock = "/api/v1/clock";
    post("clock without an action", clock, "{}", 400, "action");
    post("clock with an unknown action", clock, R"({"action":"jump"})", 400, "jump");
    post("advance by nothing", clock, R"({"action":"advance"})", 400, "by");
    post("advance backwards", clock, R"({"action":"advance","by":"-1s"})", 400, "by");
    post("by without advance", clock, R"({"action":"run","by":"1s"})", 400, "by");
    post("unknown size", clock, R"({"action":"step","size":"mile"})", 400, "mile");
    post("size without step", clock, R"({"action":"run","size":"node"})", 400, "size");
    post("too fast", clock, R"({"action":"run","speed":17})", 400, "speed");
    post("too slow", clock, R"({"action":"run","speed":0})", 400, "speed");
    post("unknown mode", clock, R"({"mode":"lunar"})", 400, "lunar");
    post("real and paused", clock, R"({"action":"pause","mode":"real"})", 409, "real");
    post("real and slow", clock, R"({"speed":0.5,"mode":"real"})", 409, "real");
    post("a mode with a step", clock, R"({"action":"step","mode":"real"})", 400, "mode");
    post("unknown scenario", "/api/v1/reset", R"({"scenario":"tea"})", 400, "scenario");
    post("scenario as a path", "/api/v1/reset", R"({"scenario":"/etc/passwd"})", 400, "scenario");
    post("reset with a bad member", "/api/v1/reset", R"({"seed":1})", 400, "seed");
    get("since what", "/api/v1/events?since=x", 400, "since");
    get("since before", "/api/v1/events?since=-1", 400, "since");
    post("send no path", "/api/v1/requests", R"({"method":"GET"})", 400, "path");
    post("send elsewhere", "/api/v1/requests", R"({"path":"http://example.com/"})", 400, "path");
    get("no such path", "/api/v2/state", 404, "/api/v2/state");
    get("a path that goes up", "/api/../etc/passwd", 404, "path");
    get("process with bad work", "/process?work=abc", 400, "work");
    get("process without a unit", "/process?work=5", 400, "work");
    get("process with negative work", "/process?work=-1s", 400, "work");
    get("process with a bad timeout", "/process?timeout=x", 400, "timeout");
    get("process twice", "/process?work=1s&work=2s", 400, "work");
    get("process for ever", "/process?work=25h", 400, "work");
    get("search for nothing", "/search", 400, "q");
    get("search for an empty text", "/search?q=", 400, "q");
    get("search with a bad timeout", "/search?q=x&timeout=y", 400, "timeout");
    get("search with a bad backend", "/search?q=x&backend=y", 400, "backend");
    get("fan out to nobody", "/fanout?n=0", 400, "n");
    get("fan out to too many", "/fanout?n=1001", 400, "n");
    get("fan out to what", "/fanout?n=many", 400, "n");
    get("fan out with a failure of nobody", "/fanout?n=3&fail=3", 400, "fail");
    get("fan out with a bad time", "/fanout?after=x", 400, "after");
    get("leak for what", "/leak?for=x", 400, "for");
    get("chain of no links", "/chain?depth=0", 400, "depth");
    get("chain of too many links", "/chain?depth=33", 400, "depth");
    get("chain with bad work", "/chain?work=x", 400, "work");
}

void tst_api::bad_requests_change_nothing() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    lab_bench b({.running = false});
    b.lab.call(lab::new_context{}); // 2, takes no cause
    json before = b.state();
    const raw::response r =
        body.isNull() ? b.get(path.toStdString()) : b.post(path.toStdString(), body.toStdString());
    QVERIFY2(r.status == status, (std::to_string(r.status) + " " + r.body).c_str());
    QCOMPARE(r.header("Content-Type"), "application/json");
    const json answer = json::parse(r.body);
    QCOMPARE(answer.size(), std::size_t{1});
    const auto why = answer.at("error").get<std::string>();
    QVERIFY2(why.find(says.toStdString()) != std::string::npos, why.c_str());
    json after = b.state();
    before.erase("seq"); // that somebody asked, and was refused, may be written down
    after.erase("seq");
    QCOMPARE(after, before);
}

void tst_api::wrong_methods_are_told_the_right_ones_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("allow");
    QTest::newRow("post a reading") << QByteArray("POST /api/v1/state") << QByteArray("GET, HEAD");
    QTest::newRow("get a making") << QByteArray("GET /api/v1/contexts") << QByteArray("POST");
    QTest::newRow("get a cancel") << QByteArray("GET /api/v1/contexts/1/cancel") << QByteArray("POST");
    QTest::newRow("delete a context") << QByteArray("DELETE /api/v1/contexts") << QByteArray("POST");
    QTest::newRow("put the clock") << QByteArray("PUT /api/v1/clock") << QByteArray("POST");
    QTest::newRow("post a process") << QByteArray("POST /process") << QByteArray("GET, HEAD");
    QTest::newRow("preflight") << QByteArray("OPTIONS /api/v1/clock") << QByteArray("POST");
    QTest::newRow("post the page") << QByteArray("POST /") << QByteArray("GET, HEAD");
}

void tst_api::wrong_methods_are_told_the_right_ones() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, allow);
    lab_bench b;
    raw::client c(b.http.port());
    c.send(request.toStdString() + " HTTP/1.1\r\n" + c.host() + "\r\n");
    const raw::response r = c.receive();
    QCOMPARE(r.status, 405);
    QCOMPARE(r.header("Allow"), allow.toStdString());
    QVERIFY(json::parse(r.body).contains("error"));
    QVERIFY(r.header("Access-Control-Allow-Origin").empty());
}

void tst_api::a_body_of_another_type_is_refused() {
    lab_bench b;
    const char* body = R"({"kind":"with_cancel"})";
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: text/plain\r\n").status, 415);
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: application/x-www-form-urlencoded\r\n").status,
             415);
    QCOMPARE(b.post("/api/v1/contexts", body, "Content-Type: application/json; charset=utf-8\r\n").status,
             201);
    QCOMPARE(b.post("/api/v1/contexts", body, "").status, 201);
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
