// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "net/server.h"

#include "ctx/select.h"
#include "ctx/timer.h"
#include "raw_client.h"

using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;

/// Answers /echo with the body, /wait when its context is done or after `release`, /stream without end, the
/// rest with "ok".
struct waiting_server {
    raw::tally entered, ended, active;
    std::mutex mutex;
    std::vector<steady::time_point> done_at; // guarded by mutex
    std::vector<ctx::context> contexts;      // guarded by mutex
    std::vector<bool> left;                  // guarded by mutex
    ctx::chan<ctx::empty> release{0};
    net::server server;

    explicit waiting_server(net::server_options o = {.port = 0})
        : server(with_any_port(o), [this](net::exchange& x) { handle(x); }) {}
    static net::server_options with_any_port(net::server_options o) {
        o.port = 0;
        return o;
    }

    void handle(net::exchange& x) {
        if (x.request.path == "/echo") return x.answer(200, x.body);
        if (x.request.path == "/throw") throw std::runtime_error("boom");
        if (x.request.path == "/stream") return stream(x);
        if (x.request.path != "/wait") return x.answer(200, "ok");
        {
            const std::lock_guard lock(mutex);
            contexts.push_back(x.context());
        }
        active.add();
        entered.add();
        const bool released = ctx::select(ctx::recv(release), ctx::recv(x.context().done())) == 0;
        {
            const std::lock_guard lock(mutex);
            done_at.push_back(steady::now());
            left.push_back(x.client_left());
        }
        if (released)
            x.answer(200, "released");
        else if (x.client_left())
            x.abandon();
        else
            x.refuse(503, x.context().err().text());
        active.add(-1);
        ended.add();
    }

    void stream(net::exchange& x) {
        x.stream("text/plain", [this, c = x.context()](httplib::DataSink& sink) {
            entered.add();
            if (!sink.write("tick\n", 5)) return false;
            c.done().wait();
            sink.done();
            ended.add();
            return true;
        });
    }
};

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
    void bad_requests_are_refused_data();
    void bad_requests_are_refused();
    void a_rejected_body_is_not_taken_for_a_request();
    void bodies_arrive_whole_data();
    void bodies_arrive_whole();
    void a_large_chunked_body_is_refused_while_it_arrives();
    void a_client_that_expects_100_is_told_to_continue_or_refused();
    void slow_headers_are_cut();
    void a_slow_body_is_cut();
    void an_idle_connection_is_closed();
    void one_connection_too_many_is_told_so();
    void a_handler_that_throws_is_answered_for();
    void a_range_is_not_served();
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
        QVERIFY(ctx::cause(s.contexts.back()) == ctx::canceled); // HTTP-003
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
    QVERIFY(s.contexts[0].err() == ctx::canceled); // HTTP-001
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
            QVERIFY(!s.contexts.back().err()); // the end of the one before did not touch it (HTTP-008)
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

void tst_server::bad_requests_are_refused_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says");
    const QByteArray host = "Host: 127.0.0.1:PORT\r\n";
    const auto get = [&](const QByteArray& headers) { return "GET / HTTP/1.1\r\n" + headers + "\r\n"; };
    const auto post = [&](const QByteArray& headers) {
        return "POST /echo HTTP/1.1\r\n" + host + headers + "\r\n";
    };
    QTest::newRow("another host") << get("Host: evil.example:PORT\r\n") << 403 << QByteArray("Host");
    QTest::newRow("another port") << get("Host: 127.0.0.1:1\r\n") << 403 << QByteArray("Host");
    QTest::newRow("a host without a port") << get("Host: 127.0.0.1\r\n") << 403 << QByteArray("Host");
    QTest::newRow("no host") << get("") << 400 << QByteArray("Host");
    QTest::newRow("two hosts") << get(host + host) << 400 << QByteArray("Host");
    QTest::newRow("localhost") << get("Host: LocalHost:PORT\r\n") << 200 << QByteArray("ok");
    QTest::newRow("own origin") << get(host + "Origin: http://localhost:PORT\r\n") << 200 << QByteArray("ok");
    QTest::newRow("another origin") << get(host + "Origin: http://evil.example\r\n") << 403
                                    << QByteArray("Origin");
    QTest::newRow("another scheme") << get(host + "Origin: https://127.0.0.1:PORT\r\n") << 403
                                    << QByteArray("Origin");
    QTest::newRow("opaque origin") << get(host + "Origin: null\r\n") << 403 << QByteArray("Origin");
    QTest::newRow("no HTTP") << QByteArray("hello there\r\n\r\n") << 400 << QByteArray("malformed");
    QTest::newRow("unknown method") << ("BREW / HTTP/1.1\r\n" + host + "\r\n") << 400
                                    << QByteArray("malformed");
    QTest::newRow("many headers") << get(host +
                                         QByteArray("A: " + QByteArray(100, 'a') + "\r\n").repeated(1000))
                                  << 431 << QByteArray("too large");
    QTest::newRow("a long header") << get(host + "A: " + QByteArray(9000, 'a') + "\r\n") << 431
                                   << QByteArray("header line");
    QTest::newRow("a long target") << ("GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n")
                                   << 414 << QByteArray("target");
    QTest::newRow("an endless target") << ("GET /" + QByteArray(200'000, 'a')) << 414 << QByteArray("target");
    QTest::newRow("a bad length") << post("Content-Length: five\r\n") << 400 << QByteArray("Content-Length");
    QTest::newRow("a negative length")
        << post("Content-Length: -5\r\n") << 400 << QByteArray("Content-Length");
    QTest::newRow("two lengths") << post("Content-Length: 5\r\nContent-Length: 6\r\n") << 400
                                 << QByteArray("Content-Length");
    QTest::newRow("length and coding") << post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") << 400
                                       << QByteArray("Transfer-Encoding");
    QTest::newRow("another coding") << post("Transfer-Encoding: gzip\r\n") << 400
                                    << QByteArray("Transfer-Encoding");
    QTest::newRow("a large body") << post("Content-Length: 1048577\r\n") << 413 << QByteArray("1048576");
    QTest::newRow("a huge body") << post("Content-Length: 18446744073709551615\r\n") << 413
                                 << QByteArray("1048576");
    QTest::newRow("a bad chunk") << (post("Transfer-Encoding: chunked\r\n") + "zz\r\n") << 400
                                 << QByteArray("chunked");
    QTest::newRow("a bad chunk end") << (post("Transfer-Encoding: chunked\r\n") + "2\r\nabcd") << 400
                                     << QByteArray("chunked");
}

void tst_server::bad_requests_are_refused() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, says);
    waiting_server s;
    raw::client c(s.server.port());
    c.send(request.replace("PORT", QByteArray::number(s.server.port())).toStdString());
    const raw::response r = c.receive();
    QCOMPARE(r.status, status);
    QVERIFY2(r.body.find(says.toStdString()) != std::string::npos, r.body.c_str());
    if (status == 200) return;
    QCOMPARE(r.header("Content-Type"), "application/json");
    QCOMPARE(r.header("Connection"), "close");
    QVERIFY(r.header("Keep-Alive").empty());
    QVERIFY(r.body.starts_with("{\"error\":\""));
    QVERIFY(c.is_closed());
}

void tst_server::a_rejected_body_is_not_taken_for_a_request() {
    waiting_server s;
    raw::client c(s.server.port());
    const std::string inner = "GET /wait HTTP/1.1\r\n" + c.host() + "\r\n";
    c.send("POST /echo HTTP/1.1\r\nHost: evil\r\nContent-Length: " + std::to_string(inner.size()) +
           "\r\n\r\n" + inner);
    QCOMPARE(c.receive().status, 403);
    QVERIFY(c.is_closed());
    s.server.stop();
    QCOMPARE(s.entered.count(), 0);
}

void tst_server::bodies_arrive_whole_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("chunk"); // 0: with a length
    QTest::newRow("empty") << 0 << 0;
    QTest::newRow("small") << 5 << 0;
    QTest::newRow("exactly at the limit") << (1 << 20) << 0;
    QTest::newRow("chunked, empty") << 0 << 10;
    QTest::newRow("chunked") << 1000 << 7;
    QTest::newRow("chunked, exactly at the limit") << (1 << 20) << 65536;
}

void tst_server::bodies_arrive_whole() {
    QFETCH(int, size);
    QFETCH(int, chunk);
    std::string body;
    for (int i = 0; i < size; ++i) body.push_back(static_cast<char>('a' + i % 26));
    waiting_server s;
    raw::client c(s.server.port());
    if (chunk == 0) {
        c.post("/echo", body);
    } else {
        c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Transfer-Encoding: chunked\r\n\r\n");
        for (std::size_t at = 0; at < body.size(); at += static_cast<std::size_t>(chunk)) {
            const std::string piece = body.substr(at, static_cast<std::size_t>(chunk));
            c.send(QByteArray::number(qulonglong(piece.size()), 16).toStdString() + ";name=value\r\n" +
                   piece + "\r\n");
        }
        c.send("0\r\nTrailer: dropped\r\n\r\n");
    }
    const raw::response r = c.receive();
    QCOMPARE(r.status, 200);
    QVERIFY(r.body == body);
    QCOMPARE(c.ask("/").body, "ok"); // the connection goes on behind the body
}

void tst_server::a_large_chunked_body_is_refused_while_it_arrives() {
    waiting_server s;
    raw::client c(s.server.port());
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Transfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    for (int i = 0; i < 17; ++i) c.send(chunk); // and no end
    QCOMPARE(c.receive().status, 413);
    QVERIFY(c.is_closed());
}

void tst_server::a_client_that_expects_100_is_told_to_continue_or_refused() {
    waiting_server s;
    raw::client c(s.server.port());
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    QCOMPARE(c.receive(false).status, 100);
    c.send("hi");
    QCOMPARE(c.receive().body, "hi");
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
    QCOMPARE(c.receive().status, 413);
    QVERIFY(c.is_closed());
}

void tst_server::slow_headers_are_cut() {
    waiting_server s({.header_time = 100ms});
    raw::client c(s.server.port());
    c.send("GET / HTTP/1.1\r\n" + c.host());
    const auto before = steady::now();
    // A byte now and then does not prolong it.
    bool cut = false;
    for (int i = 0; !cut && i < 1000; ++i) {
        c.send("A: a\r\n");
        pollfd p{c.fd(), POLLIN, 0};
        cut = ::poll(&p, 1, 10) > 0;
    }
    QVERIFY(cut);
    QVERIFY(steady::now() - before >= 90ms);
    const raw::response r = c.receive();
    QCOMPARE(r.status, 408);
    QVERIFY(c.is_closed());
}

void tst_server::a_slow_body_is_cut() {
    waiting_server s({.body_time = 100ms});
    raw::client c(s.server.port());
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Content-Length: 5\r\n\r\nab");
    QCOMPARE(c.receive().status, 408);
    QVERIFY(c.is_closed());
}

void tst_server::an_idle_connection_is_closed() {
    waiting_server s({.idle_time = 50ms});
    raw::client c(s.server.port());
    QCOMPARE(c.ask("/").status, 200);
    QVERIFY(c.is_closed());
}

void tst_server::one_connection_too_many_is_told_so() {
    waiting_server s({.max_connections = 2});
    raw::client a(s.server.port()), b(s.server.port());
    QCOMPARE(a.ask("/").status, 200);
    QCOMPARE(b.ask("/").status, 200);
    raw::client c(s.server.port());
    const raw::response r = c.ask("/");
    QCOMPARE(r.status, 429);
    QCOMPARE(r.body, R"({"error":"too many connections: at most 2"})");
    QVERIFY(c.is_closed());
    a.close();
    QVERIFY(QTest::qWaitFor([&] { return s.server.connections() == 1; }, 20'000));
    raw::client d(s.server.port());
    QCOMPARE(d.ask("/").status, 200);
}

void tst_server::a_handler_that_throws_is_answered_for() {
    waiting_server s;
    raw::client c(s.server.port());
    const raw::response r = c.ask("/throw");
    QCOMPARE(r.status, 500);
    QCOMPARE(r.body, R"({"error":"internal error: boom"})");
    QCOMPARE(c.ask("/").status, 200);
}

void tst_server::a_range_is_not_served() {
    waiting_server s;
    raw::client c(s.server.port());
    const raw::response r = c.ask("/", "Range: bytes=0-0\r\n");
    QCOMPARE(r.status, 200);
    QCOMPARE(r.body, "ok");
}

QTEST_GUILESS_MAIN(tst_server)
#include "tst_server.moc"
