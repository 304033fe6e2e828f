// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "lab_bench.h"

using namespace std::chrono_literals;
using lab::request_state;
using nlohmann::json;

namespace {

const lab::worker_info* named(const lab::state& s, const std::string& name) {
    for (const lab::worker_info& w : s.workers())
        if (w.name == name) return &w;
    return nullptr;
}

} // namespace

class tst_teaching : public QObject {
    Q_OBJECT

  private slots:
    void a_request_is_processed();
    void a_request_stands_in_the_tree();
    void a_client_that_leaves_ends_its_request();
    void a_timeout_is_answered_with_504();
    void a_person_can_cancel_a_request();
    void a_cancelled_server_gives_new_requests_a_done_context();
    void a_paused_laboratory_holds_a_request_still();
    void a_search_finds_pages();
    void a_search_runs_into_its_deadline();
    void a_search_ends_with_its_client();
    void a_fan_out_finishes();
    void the_first_failure_ends_a_fan_out();
    void a_fan_out_ends_with_its_client();
    void a_leaked_worker_outlives_its_request();
    void a_leaked_worker_ends_with_the_service();
    void a_chain_works_from_end_to_end();
    void a_chain_hands_its_budget_down();
    void a_chain_runs_into_its_deadline();
    void a_chain_ends_with_its_client();
    void a_budget_that_is_no_number_is_refused();
};

void tst_teaching::a_request_is_processed() {
    lab_bench b;
    const raw::response r = b.get("/process?work=5ms");
    QCOMPARE(r.status, 200);
    QCOMPARE(r.body, "request processed");
    QVERIFY(r.header("Content-Type").starts_with("text/plain"));
    const lab::state s = b.lab.snapshot();
    QCOMPARE(s.requests().size(), std::size_t{1});
    QVERIFY(s.requests()[0].state == request_state::finished);
    QCOMPARE(s.requests()[0].status, 200);
    QCOMPARE(s.workers().at(0).reason, "finished");
    QVERIFY(b.becomes([](const lab::state& now) { // HTTP-001
        return now.context(now.requests()[0].context)->err == "context canceled";
    }));
}

void tst_teaching::a_request_stands_in_the_tree() {
    lab_bench b;
    raw::client c(b.http.port());
    c.get("/process?work=1h");
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    const lab::state s = b.lab.snapshot();
    const lab::request_info& r = s.requests().at(0);
    QCOMPARE(r.method, "GET");
    QCOMPARE(r.path, "/process");
    QVERIFY(r.peer.starts_with("127.0.0.1:"));
    QVERIFY(r.state == request_state::active);
    QCOMPARE(s.workers().at(0).context, r.context);
    std::vector<std::string> names;
    for (const lab::context_info* at = s.context(r.context); at; at = s.context(at->parent))
        names.push_back(at->name);
    QCOMPARE(names, (std::vector<std::string>{"GET /process", "path", "method", "peer", "http-server",
                                              "Background"}));
    const std::string id = std::to_string(r.context);
    QCOMPARE(json::parse(b.get("/api/v1/contexts/" + id + "/value?key=method").body)["value"], "GET");
    QCOMPARE(json::parse(b.get("/api/v1/contexts/" + id + "/value?key=peer").body)["value"], r.peer);
}

void tst_teaching::a_client_that_leaves_ends_its_request() {
    lab_bench b;
    {
        raw::client c(b.http.port());
        c.get("/process?work=1h");
        QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    }
    QVERIFY(b.becomes(is_quiet));
    const lab::state s = b.lab.snapshot();
    QVERIFY(s.requests()[0].state == request_state::client_gone);
    QCOMPARE(s.requests()[0].status, 0);
    QCOMPARE(s.workers()[0].reason, "request cancelled");
    QVERIFY(b.becomes([](const lab::state& now) { // HTTP-003
        return now.context(now.requests()[0].context)->cause == "context canceled";
    }));
}

void tst_teaching::a_timeout_is_answered_with_504() {
    lab_bench b;
    const raw::response r = b.get("/process?work=1h&timeout=20ms");
    QCOMPARE(r.status, 504);
    QCOMPARE(r.body, "context deadline exceeded");
    const lab::state s = b.lab.snapshot();
    QVERIFY(s.requests()[0].state == request_state::timed_out);
    QCOMPARE(s.workers()[0].reason, "context deadline exceeded");
    QVERIFY(b.becomes([](const lab::state& now) {
        return now.context(now.workers()[0].context)->err == "context deadline exceeded";
    }));
}

void tst_teaching::a_person_can_cancel_a_request() {
    lab_bench b;
    raw::client c(b.http.port());
    c.get("/process?work=1h");
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    const lab::id_t id = b.lab.snapshot().requests()[0].context;
    QVERIFY(b.lab.call(lab::cancel_context{.context = id, .cause = "boom"}).ok());
    const raw::response r = c.receive();
    QCOMPARE(r.status, 503);
    QCOMPARE(r.body, "boom");
    QVERIFY(b.lab.snapshot().requests()[0].state == request_state::finished);
    QVERIFY(b.becomes(is_quiet));
    QCOMPARE(c.ask("/process?work=0s").body, "request processed"); // the connection goes on
    QCOMPARE(b.post("/api/v1/contexts/" + std::to_string(id) + "/cancel", "{}").status,
             404); // and its context has gone
}

void tst_teaching::a_cancelled_server_gives_new_requests_a_done_context() {
    lab_bench b;
    QCOMPARE(b.get("/process?work=0s").status, 200);
    QVERIFY(b.lab.call(lab::cancel_context{.context = 2, .cause = "closed for today"}).ok());
    const raw::response r = b.get("/process?work=1h");
    QCOMPARE(r.status, 503);
    QCOMPARE(r.body, "closed for today"); // HTTP-010
    QCOMPARE(b.post("/api/v1/reset", "{}").status, 200);
    QCOMPARE(b.get("/process?work=0s").status, 200);
}

void tst_teaching::a_paused_laboratory_holds_a_request_still() {
    lab_bench b({.running = false});
    raw::client c(b.http.port());
    c.get("/process?work=2s");
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    pollfd p{c.fd(), POLLIN, 0};
    QCOMPARE(::poll(&p, 1, 50), 0);
    QVERIFY(b.lab.call(lab::change_clock{.action = lab::clock_action::advance, .by = 1999ms}).ok());
    QCOMPARE(::poll(&p, 1, 50), 0);
    QVERIFY(b.lab.call(lab::change_clock{.action = lab::clock_action::advance, .by = 1ms}).ok());
    QCOMPARE(c.receive().body, "request processed");
}

void tst_teaching::a_search_finds_pages() {
    lab_bench b;
    const raw::response r = b.get("/search?q=golang&timeout=10s&backend=5ms");
    QCOMPARE(r.status, 200);
    const json j = json::parse(r.body);
    QCOMPARE(j["query"], "golang");
    QVERIFY(j["elapsed_ms"].get<double>() >= 5);
    QVERIFY(j["results"].size() > 1);
    QVERIFY(j["results"][0].contains("title") && j["results"][0].contains("url"));
    QCOMPARE(json::parse(b.get("/search?q=%C3%A4ther&backend=0s").body)["results"].size(), std::size_t{0});
}

void tst_teaching::a_search_runs_into_its_deadline() {
    lab_bench b;
    const raw::response r = b.get("/search?q=golang&timeout=10ms&backend=1h");
    QCOMPARE(r.status, 504);
    QCOMPARE(r.body, "context deadline exceeded");
    const lab::state s = b.lab.snapshot();
    QCOMPARE(named(s, "search")->reason, "context deadline exceeded");
    QCOMPARE(named(s, "handleSearch")->reason, "context deadline exceeded");
    QVERIFY(is_quiet(s));
}

void tst_teaching::a_search_ends_with_its_client() {
    lab_bench b;
    {
        raw::client c(b.http.port());
        c.get("/search?q=golang&backend=1h");
        QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 2; }));
        const lab::state s = b.lab.snapshot();
        const std::string worker = std::to_string(named(s, "search")->context);
        QCOMPARE(json::parse(b.get("/api/v1/contexts/1/value?key=userip").body)["found"], false);
        QCOMPARE(s.context(named(s, "search")->context)->key, "userip");
        QCOMPARE(s.context(named(s, "search")->context)->value, "127.0.0.1");
    }
    QVERIFY(b.becomes(is_quiet));
    const lab::state s = b.lab.snapshot();
    QVERIFY(s.requests()[0].state == request_state::client_gone);
    QCOMPARE(named(s, "search")->reason, "context canceled");
}

void tst_teaching::a_fan_out_finishes() {
    lab_bench b;
    const raw::response r = b.get("/fanout?n=5&work=5ms");
    QCOMPARE(r.status, 200);
    const json j = json::parse(r.body);
    QCOMPARE(j["workers"].size(), std::size_t{5});
    for (const json& w : j["workers"]) QCOMPARE(w["fate"], "finished");
}

void tst_teaching::the_first_failure_ends_a_fan_out() {
    lab_bench b;
    const raw::response r = b.get("/fanout?n=8&work=1h&fail=3&after=10ms");
    QCOMPARE(r.status, 502);
    const json j = json::parse(r.body);
    QCOMPARE(j["error"], "backend 3 failed");
    for (std::size_t i = 0; i < 8; ++i)
        QCOMPARE(j["workers"][i]["fate"], i == 3 ? "failed" : "context canceled");
    const lab::state s = b.lab.snapshot();
    const lab::context_info* group = s.context(named(s, "backend 0")->context);
    QCOMPARE(group->name, "errgroup");
    QCOMPARE(group->cause, "backend 3 failed");
    QCOMPARE(named(s, "backend 3")->reason, "failed: backend 3 failed");
    QCOMPARE(s.requests()[0].status, 502);
}

void tst_teaching::a_fan_out_ends_with_its_client() {
    lab_bench b;
    {
        raw::client c(b.http.port());
        c.get("/fanout?n=50&work=1h");
        QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 51; }));
    }
    QVERIFY(b.becomes(is_quiet));
    QVERIFY(b.lab.snapshot().requests()[0].state == request_state::client_gone);
}

void tst_teaching::a_leaked_worker_outlives_its_request() {
    lab_bench b;
    QCOMPARE(b.get("/leak?for=300ms").status, 200);
    QVERIFY(b.becomes([](const lab::state& s) { return s.counts().leaked == 1; }));
    QVERIFY(b.lab.snapshot().requests()[0].state == request_state::finished);
    QVERIFY(b.becomes(is_quiet));
    QCOMPARE(b.lab.snapshot().workers()[0].reason, "finished");
    QVERIFY(b.lab.snapshot().workers()[0].leaked);
}

void tst_teaching::a_leaked_worker_ends_with_the_service() {
    lab::laboratory lab;
    auto http = std::make_unique<net::service>(lab, net::service_options{.port = 0});
    for (int i = 0; i < 10; ++i) QCOMPARE(raw::client(http->port()).ask("/leak?for=1h").status, 200);
    const auto before = std::chrono::steady_clock::now();
    http.reset();
    QVERIFY(std::chrono::steady_clock::now() - before < 1s);
    QVERIFY(is_quiet(lab.snapshot()));
}

void tst_teaching::a_chain_works_from_end_to_end() {
    lab_bench b;
    const raw::response r = b.get("/chain?depth=3&timeout=30s&work=1ms");
    QCOMPARE(r.status, 200);
    QCOMPARE(r.body, "depth 3: worked 1ms\ndepth 2: worked 1ms\ndepth 1: worked 1ms\n");
    QCOMPARE(b.lab.snapshot().requests().size(), std::size_t{3});
}

void tst_teaching::a_chain_hands_its_budget_down() {
    lab_bench b({.running = false}); // time moves only when it is told to
    raw::client c(b.http.port());
    c.get("/chain?depth=2&timeout=1s&work=200ms");
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    b.lab.call(lab::change_clock{.action = lab::clock_action::advance, .by = 200ms});
    QVERIFY(
        b.becomes([](const lab::state& s) { return waiting_workers(s) == 2 && s.requests().size() == 2; }));
    const lab::state s = b.lab.snapshot();
    QVERIFY(named(s, "chain 1"));
    QCOMPARE(s.context(named(s, "chain 1")->context)->name, "timeout 800ms");
    QVERIFY(s.context(named(s, "chain 1")->context)->deadline == 1s);
    b.lab.call(lab::change_clock{.action = lab::clock_action::advance, .by = 200ms});
    QCOMPARE(c.receive().status, 200);
}

void tst_teaching::a_chain_runs_into_its_deadline() {
    lab_bench b;
    const raw::response r = b.get("/chain?depth=5&timeout=50ms&work=30ms");
    QCOMPARE(r.status, 504);
    QCOMPARE(r.body, "context deadline exceeded");
    QVERIFY(b.becomes(is_quiet));
}

void tst_teaching::a_chain_ends_with_its_client() {
    lab_bench b;
    {
        raw::client c(b.http.port());
        // Work takes no time until the last link: three of them wait for the next.
        c.get("/chain?depth=4&work=20ms");
        QVERIFY(b.becomes([](const lab::state& s) { return s.requests().size() == 4; }));
    }
    QVERIFY(b.becomes(is_quiet));
    // Each of them was left by the one before it, unless its answer was on the way already.
    QVERIFY(b.lab.snapshot().requests()[0].state != request_state::active);
}

void tst_teaching::a_budget_that_is_no_number_is_refused() {
    lab_bench b;
    const raw::response r = b.get("/chain", "Ctxlab-Budget: soon\r\n");
    QCOMPARE(r.status, 400);
    QVERIFY(json::parse(r.body)["error"].get<std::string>().starts_with("Ctxlab-Budget"));
    QCOMPARE(b.get("/chain?work=1h", "Ctxlab-Budget: 0\r\n").status, 504);
}

QTEST_GUILESS_MAIN(tst_teaching)
#include "tst_teaching.moc"
