// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "http_rules.h"
#include "peer.h"

#include "ctx/deadline.h"
#include "net/client.h"

using namespace std::chrono_literals;
using http::take;

namespace {

const ctx::key<std::string> who("who");

/// A server that counts its connections, and a client whose dials begin when the test lets them.
struct held_dials {
    raw::tally connections;
    ctx::chan<ctx::context> begun{8};
    ctx::chan<ctx::empty> go_on{0};
    net::server server{{.port = 0,
                        .conn_context =
                            [this](const ctx::context& c, const net::endpoint&) {
                                connections.add();
                                return c;
                            }},
                       [](net::exchange& x) { x.answer(200, "ok"); }};
    net::client client{{.dial_context = [this](const ctx::context& c, const net::endpoint& to) {
        begun.send(c);
        http::first_of(go_on, c.done());
        return net::dial(c, to);
    }}};
    std::string url() const { return server.url() + "/"; }
};

/// The request is cancelled, or late, while its connection is being made.
void dial_goes_on(bool by_deadline) {
    held_dials s;
    const auto time = std::make_shared<ctx::virtual_clock>();
    const ctx::context root = ctx::with_value(ctx::background({.clock = time}), who, "ann");
    const auto [c, cancel] = ctx::with_timeout(root, 5s);
    net::answer a;
    std::thread caller([&, context = c] { a = s.client.get(context, "GET", s.url()); });
    const auto dialing = take(s.begun);
    if (by_deadline)
        time->advance(5s);
    else
        cancel();
    caller.join(); // at once: the dial is still held
    QVERIFY(dialing);
    QCOMPARE(a.error.text(),
             "Get \"" + s.url() + "\": " + (by_deadline ? "context deadline exceeded" : "context canceled"));
    QCOMPARE(s.connections.count(), 0);
    QVERIFY(!dialing->err());
    QVERIFY(!dialing->deadline());
    QCOMPARE(*dialing->value(who), "ann");
    s.go_on.send({});
    QVERIFY(QTest::qWaitFor([&] { return s.client.idle_connections() == 1; }, 20'000));
    QCOMPARE(s.client.get(ctx::background(), "GET", s.url()).body, "ok"); // on that connection
    QCOMPARE(s.connections.count(), 1);
    QVERIFY(!s.begun.try_receive());
}

void cancelled_dial_goes_on() {
    dial_goes_on(false);
}
void late_dial_goes_on() {
    dial_goes_on(true);
}

void connection_goes_to_whoever_waits() {
    held_dials s;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    net::answer first, second;
    std::thread one([&, context = c] { first = s.client.get(context, "GET", s.url()); });
    const auto begun = take(s.begun);
    cancel();
    one.join();
    std::thread other([&] { second = s.client.get(ctx::background(), "GET", s.url()); });
    const auto also = take(s.begun); // it dials for itself, and waits for either
    s.go_on.send({});                // one of the two
    other.join();
    QVERIFY(begun && also);
    QVERIFY(ctx::is(first.error, ctx::canceled));
    QCOMPARE(second.body, "ok");
    s.go_on.close();
}

void dials_end_with_their_client() {
    raw::tally entered, ended;
    {
        net::client client({.dial_context = [&](const ctx::context& c, const net::endpoint&) {
            entered.add();
            c.done().wait();
            ended.add();
            return net::dialed{{}, c.err()};
        }});
        const auto [c, cancel] = ctx::with_cancel(ctx::background());
        std::thread caller([&, context = c] { client.get(context, "GET", "http://127.0.0.1:1/"); });
        QVERIFY(entered.reaches(1));
        cancel();
        caller.join();
        QCOMPARE(ended.count(), 0);
    }
    QCOMPARE(ended.count(), 1);
}

/// A dial to a socket whose queue is full does not come to an end by itself.
struct full_socket {
    net::file_descriptor listening = net::listen_on("127.0.0.1", 0);
    net::endpoint at = net::local_end(listening.get());
    std::vector<net::file_descriptor> waiting = raw::fill_backlog(listening.get());
};

void cancel_ends_a_dial() {
    const full_socket full;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    std::thread later([stop = cancel] {
        ctx::after(50ms).receive(); // long enough to be in the middle of it
        stop();
    });
    const net::dialed d = net::dial(c, full.at);
    later.join();
    QVERIFY(!d.fd);
    QCOMPARE(d.error.text(), "dial tcp " + full.at.text() + ": operation was canceled");
    QVERIFY(ctx::is(d.error, ctx::canceled));
    QVERIFY(!ctx::is_timeout(d.error));
}

void deadline_ends_a_dial() {
    const full_socket full;
    const auto [c, cancel] = ctx::with_timeout(ctx::background(), 50ms);
    const net::dialed d = net::dial(c, full.at);
    QVERIFY(!d.fd);
    QCOMPARE(d.error.text(), "dial tcp " + full.at.text() + ": i/o timeout");
    QVERIFY(ctx::is(d.error, ctx::deadline_exceeded));
    QVERIFY(ctx::is_timeout(d.error));
}

void done_context_does_not_dial() {
    const auto [c, cancel] = ctx::with_cancel_cause(ctx::background());
    cancel(ctx::error("boom"));
    const net::dialed d = net::dial(c, {"127.0.0.1", 1});
    QCOMPARE(d.error.text(), "dial tcp 127.0.0.1:1: operation was canceled"); // Err, not the cause
}

void dialed_connection_outlives_its_context() {
    raw::tally left;
    net::server s({.port = 0}, [](net::exchange& x) { x.answer(200, "ok"); });
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    const net::dialed d = net::dial(c, {"127.0.0.1", s.port()});
    QVERIFY2(!d.error, d.error.text().c_str());
    cancel();
    net::wire w(d.fd.get());
    QVERIFY(w.write("GET / HTTP/1.1\r\nHost: localhost:" + std::to_string(s.port()) + "\r\n\r\n"));
    char status[12];
    w.allow(sizeof status, net::wire::clock::now() + raw::patience);
    QVERIFY(w.read_all(status, sizeof status));
    QCOMPARE(std::string(status, sizeof status), "HTTP/1.1 200");
}

} // namespace

class tst_http_dial : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_dial::holds_data() {
    rules({
        {"HTTP-058 a cancel ends the wait for a connection; the dial goes on for a later request",
         cancelled_dial_goes_on},
        {"HTTP-058 a deadline ends the wait for a connection; the dial goes on for a later request",
         late_dial_goes_on},
        {"HTTP-058 a connection that nobody wants any more goes to whoever waits",
         connection_goes_to_whoever_waits},
        {"HTTP-058 dials in the background end with their client", dials_end_with_their_client},
        {"HTTP-059 a cancelled dial reads: operation was canceled, and matches Canceled", cancel_ends_a_dial},
        {"HTTP-059 a late dial is an i/o timeout and matches DeadlineExceeded", deadline_ends_a_dial},
        {"HTTP-059 a context that is done already does not dial", done_context_does_not_dial},
        {"HTTP-059 once connected, a cancel has no effect", dialed_connection_outlives_its_context},
    });
}

void tst_http_dial::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_dial)
#include "tst_http_dial.moc"
