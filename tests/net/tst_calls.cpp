// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "lab_bench.h"

#include <algorithm>
#include <memory>
#include <vector>

using namespace std::chrono_literals;
using lab::client_state;
using lab::request_state;

class tst_calls : public QObject {
    Q_OBJECT

  private slots:
    void two_hundred_aborts_leave_nothing();
    void built_in_calls_are_told_apart_data();
    void built_in_calls_are_told_apart();
    void built_in_calls_can_be_aborted();
    void a_reset_ends_requests_calls_and_leaks();
    void a_service_ends_while_requests_arrive();
    void without_a_service_no_request_can_be_sent();
};

void tst_calls::two_hundred_aborts_leave_nothing() {
    constexpr int n = 200;
    lab_bench b;
    QVERIFY(b.lab.call(lab::send_request{.path = "/process?work=0s"}).ok()); // the threads that stay
    QVERIFY(b.becomes([](const lab::state& s) { return s.clients().size() == 1 && s.clients()[0].ended; }));
    const int threads = raw::threads();
    QVERIFY(b.lab.call(lab::send_request{.path = "/process?work=1h", .count = n}).ok());
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == n; }));
    QVERIFY(b.lab.call(lab::abort_request{}).ok());
    QVERIFY(b.becomes(is_quiet));
    const lab::state s = b.lab.snapshot();
    QCOMPARE(std::count_if(s.requests().begin(), s.requests().end(),
                           [](const lab::request_info& r) { return r.state == request_state::client_gone; }),
             n);
    QCOMPARE(s.counts().leaked, std::size_t{0});
    QVERIFY(b.becomes([](const lab::state& now) {
        return std::count_if(now.clients().begin(), now.clients().end(),
                             [](const lab::client_info& c) { return c.state == client_state::aborted; }) == n;
    }));
    QVERIFY(QTest::qWaitFor([&] { return raw::threads() <= threads; }, 20'000));
    // Nothing holds the contexts but the server's own.
    QVERIFY(b.becomes([](const lab::state& now) {
        return std::all_of(now.contexts().begin(), now.contexts().end(),
                           [](const lab::context_info& c) { return c.dropped || c.id <= 2; });
    }));
}

void tst_calls::built_in_calls_are_told_apart_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("timeout_ms");
    QTest::addColumn<int>("leave_ms");
    QTest::addColumn<int>("state");
    QTest::addColumn<QByteArray>("outcome");
    QTest::newRow("answered") << QByteArray("/process?work=1ms") << -1 << -1 << int(client_state::answered)
                              << QByteArray("request processed");
    QTest::newRow("aborted") << QByteArray("/process?work=1h") << -1 << 10 << int(client_state::aborted)
                             << QByteArray("context canceled");
    QTest::newRow("timed out") << QByteArray("/process?work=1h") << 10 << -1 << int(client_state::timed_out)
                               << QByteArray("context deadline exceeded");
    QTest::newRow("refused") << QByteArray("/process?work=x") << -1 << -1 << int(client_state::answered)
                             << QByteArray("error");
    QTest::newRow("left at once") << QByteArray("/process?work=1h") << -1 << 0 << int(client_state::aborted)
                                  << QByteArray("context canceled");
}

void tst_calls::built_in_calls_are_told_apart() {
    QFETCH(QByteArray, path);
    QFETCH(int, timeout_ms);
    QFETCH(int, leave_ms);
    QFETCH(int, state);
    QFETCH(QByteArray, outcome);
    lab_bench b;
    lab::send_request r{.path = path.toStdString()};
    if (timeout_ms >= 0) r.timeout = std::chrono::milliseconds(timeout_ms);
    if (leave_ms >= 0) r.abort_after = std::chrono::milliseconds(leave_ms);
    const lab::reply sent = b.lab.call(r);
    QCOMPARE(sent.status, 201);
    QVERIFY(b.becomes([&](const lab::state& s) { return s.client(sent.id) && s.client(sent.id)->ended; }));
    const lab::state s = b.lab.snapshot();
    const lab::client_info c = *s.client(sent.id);
    QCOMPARE(int(c.state), state);
    QVERIFY2(c.outcome.find(outcome.toStdString()) != std::string::npos, c.outcome.c_str());
    QCOMPARE(c.url, b.http.address() + path.toStdString());
    QVERIFY(b.becomes(is_quiet));
}

void tst_calls::built_in_calls_can_be_aborted() {
    lab_bench b;
    const lab::id_t one = b.lab.call(lab::send_request{.path = "/process?work=1h"}).id;
    const lab::id_t other = b.lab.call(lab::send_request{.path = "/process?work=1h"}).id;
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 2; }));
    QVERIFY(b.lab.call(lab::abort_request{.client = one}).ok());
    QVERIFY(b.becomes([](const lab::state& s) { return waiting_workers(s) == 1; }));
    QVERIFY(!b.lab.snapshot().client(other)->ended);
    QCOMPARE(b.lab.call(lab::abort_request{.client = 999}).status, 404);
    QVERIFY(b.lab.call(lab::abort_request{.client = other}).ok());
    QVERIFY(b.becomes(is_quiet));
}

void tst_calls::a_reset_ends_requests_calls_and_leaks() {
    lab_bench b;
    const int threads = raw::threads();
    QCOMPARE(b.get("/leak?for=1h").status, 200);
    raw::client c(b.http.port());
    c.get("/process?work=1h");
    QVERIFY(b.lab.call(lab::send_request{.path = "/api/v1/events?since=999999999", .count = 3}).ok());
    QVERIFY(
        b.becomes([](const lab::state& s) { return s.requests().size() == 2 && waiting_workers(s) == 2; }));
    QVERIFY(b.lab.call(lab::reset_lab{}).ok());
    QCOMPARE(c.receive().status, 503);
    c.close();
    // The client may keep the connections of those of its three calls that were answered in time.
    QVERIFY(QTest::qWaitFor([&] { return raw::threads() <= threads + 1 + 3; }, 20'000));
    QVERIFY(is_quiet(b.lab.snapshot()));
    QCOMPARE(b.lab.snapshot().contexts().size(), std::size_t{1});
    QCOMPARE(b.get("/process?work=0s").status, 200);
    QCOMPARE(b.lab.snapshot().requests().size(), std::size_t{1});
}

void tst_calls::a_service_ends_while_requests_arrive() {
    lab::laboratory lab;
    for (int round = 0; round < 50; ++round) {
        auto http = std::make_unique<net::service>(lab, net::service_options{.port = 0});
        std::vector<std::unique_ptr<raw::client>> clients;
        for (int i = 0; i < 4; ++i) {
            clients.push_back(std::make_unique<raw::client>(http->port()));
            clients.back()->get("/process?work=1h");
        }
        const auto before = std::chrono::steady_clock::now();
        http.reset();
        QVERIFY(std::chrono::steady_clock::now() - before < 1s);
        QVERIFY(is_quiet(lab.snapshot()));
    }
}

void tst_calls::without_a_service_no_request_can_be_sent() {
    lab::laboratory lab;
    { const net::service http(lab, {.port = 0}); }
    QCOMPARE(lab.call(lab::send_request{.path = "/process"}).status, 409);
}

QTEST_GUILESS_MAIN(tst_calls)
#include "tst_calls.moc"
