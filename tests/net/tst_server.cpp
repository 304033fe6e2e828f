// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "waiting_server.h"

using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;

bool falls_to(int (*measure)(), int n) {
    const auto until = steady::now() + raw::patience;
    while (measure() > n && steady::now() < until) std::this_thread::yield();
    return measure() <= n;
}

} // namespace

class tst_server : public QObject {
    Q_OBJECT

  private slots:
    void a_client_that_leaves_is_noticed_data();
    void a_client_that_leaves_is_noticed();
    void a_departure_behind_a_pipelined_request_is_noticed();
    void a_departure_is_noticed_after_a_body_was_read();
    void the_context_ends_when_the_handler_returns();
    void a_half_closed_connection_gets_no_answer();
    void keep_alive_gives_each_request_its_own_context();
    void pipelined_requests_are_answered_in_order();
    void an_http_1_0_client_gets_its_connection_closed();
    void two_hundred_aborts_leave_nothing();
    void a_stream_ends_when_its_client_leaves();
    void a_stream_ends_when_the_server_stops();
    void stopping_answers_what_is_waiting_and_is_quick();
    void stopping_is_quick_with_idle_connections();
    void a_taken_port_is_named();
    void only_loopback_is_bound();
};

void tst_server::a_client_that_leaves_is_noticed_data() {
    QTest::addColumn<int>("how");
    QTest::newRow("close") << 0;
    QTest::newRow("half-close") << 1;
    QTest::newRow("reset") << 2;
}

void tst_server::a_client_that_leaves_is_noticed() {
    QFETCH(int, how);
    waiting_server s;
    auto best = steady::duration::max();
    for (int i = 1; i <= 5; ++i) { // the best of five: the machine may be busy
        raw::client c(s.server.port());
        c.get("/wait");
        QVERIFY(s.entered.reaches(i));
        const auto before = steady::now();
        if (how == 0) c.close();
        if (how == 1) c.half_close();
        if (how == 2) c.reset();
        QVERIFY(s.ended.reaches(i));
        const std::lock_guard lock(s.mutex);
        best = std::min(best, s.done_at.back() - before);
        QVERIFY(s.left.back());
        QVERIFY(s.contexts.back().err() == ctx::canceled);
        QVERIFY(ctx::cause(s.contexts.back()) == ctx::canceled);
    }
    qInfo("noticed in %.3f ms", std::chrono::duration<double, std::milli>(best).count());
    QVERIFY(best < 50ms);
}

void tst_server::a_departure_behind_a_pipelined_request_is_noticed() {
    waiting_server s;
    raw::client c(s.server.port());
    c.send("GET /wait HTTP/1.1\r\n" + c.host() + "\r\nGET /wait HTTP/1.1\r\n" + c.host() + "\r\n");
    QVERIFY(s.entered.reaches(1));
    c.close();
    QVERIFY(s.ended.reaches(1));
    QVERIFY(s.active.falls_to(0));
}

void tst_server::a_departure_is_noticed_after_a_body_was_read() {
    waiting_server s;
    raw::client c(s.server.port());
    c.post("/wait", std::string(100'000, 'x'));
    QVERIFY(s.entered.reaches(1));
    c.close();
    QVERIFY(s.ended.reaches(1));
}

void tst_server::the_context_ends_when_the_handler_returns() {
    waiting_server s;
    raw::client c(s.server.port());
    c.get("/wait");
    QVERIFY(s.entered.reaches(1));
    s.release.send({});
    QCOMPARE(c.receive().body, "released");
    const std::lock_guard lock(s.mutex);
    QVERIFY(s.contexts[0].err() == ctx::canceled);
    QVERIFY(!s.left[0]);
}

void tst_server::a_half_closed_connection_gets_no_answer() {
    waiting_server s;
    raw::client c(s.server.port());
    c.get("/wait");
    QVERIFY(s.entered.reaches(1));
    c.half_close();
    QVERIFY(c.is_closed());
}

void tst_server::keep_alive_gives_each_request_its_own_context() {
    waiting_server s;
    raw::client c(s.server.port());
    for (int i = 1; i <= 3; ++i) {
        c.get("/wait");
        QVERIFY(s.entered.reaches(i));
        {
            const std::lock_guard lock(s.mutex);
            QVERIFY(!s.contexts.back().err()); // the end of the one before did not touch it
        }
        s.release.send({});
        QCOMPARE(c.receive().status, 200);
    }
    const std::lock_guard lock(s.mutex);
    QVERIFY(!(s.contexts[0] == s.contexts[1]));
}

void tst_server::pipelined_requests_are_answered_in_order() {
    waiting_server s;
    raw::client c(s.server.port());
    std::string all;
    for (int i = 0; i < 20; ++i) {
        const std::string body = "body " + std::to_string(i);
        all += "POST /echo HTTP/1.1\r\n" + c.host() + "Content-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
    c.send(all);
    for (int i = 0; i < 20; ++i) QCOMPARE(c.receive().body, "body " + std::to_string(i));
}

void tst_server::an_http_1_0_client_gets_its_connection_closed() {
    waiting_server s;
    raw::client c(s.server.port());
    c.send("GET / HTTP/1.0\r\n" + c.host() + "\r\n");
    QCOMPARE(c.receive().status, 200);
    QVERIFY(c.is_closed());
}

void tst_server::two_hundred_aborts_leave_nothing() {
    constexpr int n = 200;
    waiting_server s;
    { // first the threads and descriptors that stay
        raw::client c(s.server.port());
        QCOMPARE(c.ask("/").status, 200);
    }
    QVERIFY(QTest::qWaitFor([&] { return s.server.connections() == 0; }, 20'000));
    const int threads = raw::threads(), descriptors = raw::descriptors();
    for (int round = 0; round < 3; ++round) {
        std::vector<std::unique_ptr<raw::client>> clients;
        for (int i = 0; i < n; ++i) clients.push_back(std::make_unique<raw::client>(s.server.port()));
        for (const auto& c : clients) c->get("/wait");
        QVERIFY(s.entered.reaches(n * (round + 1)));
        QCOMPARE(s.active.count(), n);
        QVERIFY(raw::threads() >= n);
        const auto before = steady::now();
        clients.clear();
        QVERIFY(s.ended.reaches(n * (round + 1)));
        qInfo("%d aborts noticed in %.1f ms", n,
              std::chrono::duration<double, std::milli>(steady::now() - before).count());
        QVERIFY(falls_to([] { return raw::threads(); }, threads));
        QVERIFY(falls_to([] { return raw::descriptors(); }, descriptors));
        QCOMPARE(s.server.connections(), std::size_t{0});
        QCOMPARE(s.active.count(), 0);
    }
}

void tst_server::a_stream_ends_when_its_client_leaves() {
    waiting_server s;
    raw::client c(s.server.port());
    c.get("/stream");
    QCOMPARE(c.receive(false).status, 200);
    QVERIFY(s.entered.reaches(1));
    c.close();
    QVERIFY(s.ended.reaches(1));
}

void tst_server::a_stream_ends_when_the_server_stops() {
    waiting_server s;
    raw::client c(s.server.port());
    c.get("/stream");
    QVERIFY(s.entered.reaches(1));
    const auto before = steady::now();
    s.server.stop();
    QVERIFY(steady::now() - before < 1s);
    QCOMPARE(c.receive().body, "tick\n");
    QVERIFY(c.is_closed());
}

void tst_server::stopping_answers_what_is_waiting_and_is_quick() {
    waiting_server s;
    raw::client c(s.server.port());
    c.get("/wait");
    QVERIFY(s.entered.reaches(1));
    const auto before = steady::now();
    s.server.stop();
    QVERIFY(steady::now() - before < 1s);
    const raw::response r = c.receive();
    QCOMPARE(r.status, 503);
    QCOMPARE(r.body, R"({"error":"context canceled"})");
    const std::lock_guard lock(s.mutex);
    QVERIFY(!s.left[0]);
}

void tst_server::stopping_is_quick_with_idle_connections() {
    waiting_server s;
    std::vector<std::unique_ptr<raw::client>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<raw::client>(s.server.port()));
        if (i % 2 == 0) QCOMPARE(clients.back()->ask("/").status, 200);
    }
    raw::client half(s.server.port());
    half.send("GET / HT");
    const auto before = steady::now();
    s.server.stop();
    QVERIFY(steady::now() - before < 1s);
}

void tst_server::a_taken_port_is_named() {
    waiting_server s;
    const std::string where = "127.0.0.1:" + std::to_string(s.server.port());
    try {
        net::server other({.port = s.server.port()}, [](net::exchange&) {});
        QFAIL("the port was not taken");
    } catch (const net::listen_error& e) {
        QCOMPARE(std::string(e.what()), "cannot listen on " + where + ": the port is taken");
    }
}

void tst_server::only_loopback_is_bound() {
    for (const char* address : {"0.0.0.0", "::", "192.168.1.1", "example.com", ""})
        QVERIFY_THROWS_EXCEPTION(net::listen_error,
                                 net::server({.address = address, .port = 0}, [](net::exchange&) {}));
}

QTEST_GUILESS_MAIN(tst_server)
#include "tst_server.moc"
