// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "waiting_server.h"

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

class tst_server_limits : public QObject {
    Q_OBJECT

  private slots:
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

void tst_server_limits::bad_requests_are_refused_data() {
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

void tst_server_limits::bad_requests_are_refused() {
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

void tst_server_limits::a_rejected_body_is_not_taken_for_a_request() {
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

void tst_server_limits::bodies_arrive_whole_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("chunk"); // 0: with a length
    QTest::newRow("empty") << 0 << 0;
    QTest::newRow("small") << 5 << 0;
    QTest::newRow("exactly at the limit") << (1 << 20) << 0;
    QTest::newRow("chunked, empty") << 0 << 10;
    QTest::newRow("chunked") << 1000 << 7;
    QTest::newRow("chunked, exactly at the limit") << (1 << 20) << 65536;
}

void tst_server_limits::bodies_arrive_whole() {
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

void tst_server_limits::a_large_chunked_body_is_refused_while_it_arrives() {
    waiting_server s;
    raw::client c(s.server.port());
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Transfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    for (int i = 0; i < 17; ++i) c.send(chunk); // and no end
    QCOMPARE(c.receive().status, 413);
    QVERIFY(c.is_closed());
}

void tst_server_limits::a_client_that_expects_100_is_told_to_continue_or_refused() {
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

void tst_server_limits::slow_headers_are_cut() {
    waiting_server s({.read_header_timeout = 100ms});
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

void tst_server_limits::a_slow_body_is_cut() {
    waiting_server s({.read_timeout = 100ms});
    raw::client c(s.server.port());
    c.send("POST /echo HTTP/1.1\r\n" + c.host() + "Content-Length: 5\r\n\r\nab");
    QCOMPARE(c.receive().status, 408);
    QVERIFY(c.is_closed());
}

void tst_server_limits::an_idle_connection_is_closed() {
    waiting_server s({.idle_timeout = 50ms});
    raw::client c(s.server.port());
    QCOMPARE(c.ask("/").status, 200);
    QVERIFY(c.is_closed());
}

void tst_server_limits::one_connection_too_many_is_told_so() {
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

void tst_server_limits::a_handler_that_throws_is_answered_for() {
    waiting_server s;
    raw::client c(s.server.port());
    const raw::response r = c.ask("/throw");
    QCOMPARE(r.status, 500);
    QCOMPARE(r.body, R"({"error":"internal error: boom"})");
    QCOMPARE(c.ask("/").status, 200);
}

void tst_server_limits::a_range_is_not_served() {
    waiting_server s;
    raw::client c(s.server.port());
    const raw::response r = c.ask("/", "Range: bytes=0-0\r\n");
    QCOMPARE(r.status, 200);
    QCOMPARE(r.body, "ok");
}

QTEST_GUILESS_MAIN(tst_server_limits)
#include "tst_server_limits.moc"
