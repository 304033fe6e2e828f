// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "net/client.h"

#include "ctx/deadline.h"
#include "net/server.h"
#include "net/url.h"
#include "peer.h"

using namespace std::chrono_literals;
using raw::fill_backlog;
using raw::peer;
using raw::say;
using raw::sees_end;

class tst_client : public QObject {
    Q_OBJECT

    net::client client;

  private slots:
    void an_answer_comes_whole_data();
    void an_answer_comes_whole();
    void the_request_is_written_as_asked();
    void a_cancel_ends_every_phase_data();
    void a_cancel_ends_every_phase();
    void connecting_ends_on_cancel();
    void the_server_sees_the_client_leave();
    void failures_are_named_data();
    void failures_are_named();
    void urls_are_read_data();
    void urls_are_read();
};

void tst_client::an_answer_comes_whole_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("with a length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                                   << QByteArray("hello");
    QTest::newRow("chunked")
        << QByteArray("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
        << QByteArray("hello");
    QTest::newRow("until the end") << QByteArray("HTTP/1.0 200 OK\r\n\r\nhello") << QByteArray("hello");
    QTest::newRow("after a 100")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        << QByteArray("hello");
    QTest::newRow("without a reason")
        << QByteArray("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n") << QByteArray();
}

void tst_client::an_answer_comes_whole() {
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, body);
    const peer p;
    std::thread other([&] {
        std::string head;
        const auto fd = p.accept_one(head);
        say(fd.get(), answer.toStdString());
    });
    const net::answer a = client.get(ctx::background(), "GET", p.url());
    other.join();
    QVERIFY2(!a.error, a.error.text().c_str());
    QCOMPARE(a.status, 200);
    QCOMPARE(a.body, body.toStdString());
}

void tst_client::the_request_is_written_as_asked() {
    const peer p;
    std::string head;
    std::thread other([&] {
        const auto fd = p.accept_one(head);
        say(fd.get(), "HTTP/1.1 204 No Content\r\nX-Name: value\r\n\r\n");
    });
    const net::answer a = client.send(ctx::background(), {.method = "POST",
                                                          .url = p.url("/a?b=c#d"),
                                                          .body = "{}",
                                                          .headers = {{"Ctxlab-Budget", "250"}},
                                                          .timeout = {}});
    other.join();
    QCOMPARE(a.status, 204);
    QCOMPARE(*a.header("x-name"), "value");
    QCOMPARE(head, "POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(p.port()) +
                       "\r\nCtxlab-Budget: 250\r\nContent-Length: 2\r\n"
                       "Content-Type: application/json\r\n\r\n");
}

void tst_client::a_cancel_ends_every_phase_data() {
    QTest::addColumn<QByteArray>("sent_before");
    QTest::addColumn<bool>("in_body");
    QTest::newRow("waiting for the header") << QByteArray() << false;
    QTest::newRow("in the header") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le") << false;
    QTest::newRow("in a body with a length")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello") << true;
    QTest::newRow("in a chunked body")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel") << true;
    QTest::newRow("in a body until the end") << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello") << true;
}

void tst_client::a_cancel_ends_every_phase() {
    QFETCH(QByteArray, sent_before);
    QFETCH(bool, in_body);
    const peer p;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    net::answer a;
    std::thread caller([&, context = c] { a = client.get(context, "GET", p.url()); });
    std::string head;
    const auto fd = p.accept_one(head);
    say(fd.get(), sent_before.toStdString());
    const auto before = std::chrono::steady_clock::now();
    cancel();
    caller.join();
    QVERIFY(std::chrono::steady_clock::now() - before < 5s);
    QVERIFY(sees_end(fd.get()));
    QVERIFY(ctx::is(a.error, ctx::canceled));
    QCOMPARE(a.status, in_body ? 200 : 0);
    if (in_body)
        QCOMPARE(a.error.text(), "context canceled");
    else
        QCOMPARE(a.error.text(), "Get \"" + p.url() + "\": context canceled");
}

void tst_client::connecting_ends_on_cancel() {
    const net::file_descriptor listening = net::listen_on("127.0.0.1", 0);
    const std::string url = "http://" + net::local_end(listening.get()).text() + "/";
    const auto full = fill_backlog(listening.get());
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    net::answer a;
    std::thread caller([&, context = c] { a = client.get(context, "GET", url); });
    cancel();
    caller.join();
    QCOMPARE(a.error.text(), "Get \"" + url + "\": context canceled");
    const auto [t, stop] =
        ctx::with_timeout(ctx::background(), 50ms); // long enough to be in the middle of it
    const net::answer b = client.get(t, "GET", url);
    QCOMPARE(b.error.text(), "Get \"" + url + "\": context deadline exceeded");
}

void tst_client::the_server_sees_the_client_leave() {
    raw::tally entered, left;
    net::server s({.port = 0}, [&](net::exchange& x) {
        entered.add();
        x.context().done().wait();
        if (x.client_left()) left.add();
        x.abandon();
    });
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    std::vector<std::thread> callers;
    for (int i = 0; i < 50; ++i)
        callers.emplace_back([&, context = c] { client.get(context, "GET", s.url() + "/"); });
    const bool all = entered.reaches(50);
    cancel();
    for (std::thread& t : callers) t.join();
    QVERIFY(all);
    QVERIFY(left.reaches(50));
}

void tst_client::failures_are_named_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("nothing") << QByteArray() << QByteArray("Get \"URL\": EOF");
    QTest::newRow("half a header") << QByteArray("HTTP/1.1 200 OK\r\n")
                                   << QByteArray("Get \"URL\": unexpected EOF");
    QTest::newRow("no HTTP") << QByteArray("hello, I am not HTTP\r\n\r\n")
                             << QByteArray("Get \"URL\": malformed HTTP response \"hello, I am not HTTP\"");
    QTest::newRow("half a body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
                                 << QByteArray("unexpected EOF");
    QTest::newRow("bad length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")
                                << QByteArray("Get \"URL\": bad Content-Length \"x\"");
    QTest::newRow("bad chunk") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
                               << QByteArray("malformed chunked encoding");
    QTest::newRow("bad header") << QByteArray("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")
                                << QByteArray("Get \"URL\": malformed MIME header line: no colon");
}

void tst_client::failures_are_named() {
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, error);
    const peer p;
    std::thread other([&] {
        std::string head;
        const auto fd = p.accept_one(head);
        say(fd.get(), answer.toStdString());
    });
    const net::answer a = client.get(ctx::background(), "GET", p.url());
    other.join();
    QCOMPARE(a.error.text(), error.replace("URL", p.url().c_str()).toStdString());
}

void tst_client::urls_are_read_data() {
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("result");
    QTest::newRow("whole") << QByteArray("http://127.0.0.1:8000/a?b=c")
                           << QByteArray("127.0.0.1 8000 /a?b=c");
    QTest::newRow("no path") << QByteArray("http://localhost") << QByteArray("127.0.0.1 80 /");
    QTest::newRow("only a query") << QByteArray("http://localhost?x") << QByteArray("127.0.0.1 80 /?x");
    QTest::newRow("v6") << QByteArray("http://[::1]:80/") << QByteArray("::1 80 /");
    QTest::newRow("scheme") << QByteArray("ftp://x/") << QByteArray("unsupported protocol scheme \"ftp\"");
    QTest::newRow("no scheme") << QByteArray("/process") << QByteArray("unsupported protocol scheme \"\"");
    QTest::newRow("no host") << QByteArray("http:///x") << QByteArray("http: no Host in request URL");
    QTest::newRow("port") << QByteArray("http://127.0.0.1:x/")
                          << QByteArray("invalid port \":x\" after host");
    QTest::newRow("port too large") << QByteArray("http://127.0.0.1:99999/")
                                    << QByteArray("invalid port \":99999\" after host");
    QTest::newRow("control") << QByteArray("http://127.0.0.1/\r\nX: y")
                             << QByteArray("net/url: invalid control character in URL");
    QTest::newRow("a name") << QByteArray("http://example.com/")
                            << QByteArray("lookup example.com: expected a numeric address or localhost");
}

void tst_client::urls_are_read() {
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, result);
    const net::url_parts u = net::parse_url(url.toStdString());
    const std::string got =
        u.error ? u.error.text() : u.address + " " + std::to_string(u.port) + " " + u.target;
    QCOMPARE(got, result.toStdString());
}

QTEST_GUILESS_MAIN(tst_client)
#include "tst_client.moc"
