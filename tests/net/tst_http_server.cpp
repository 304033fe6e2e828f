// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "http_rules.h"

using namespace std::chrono_literals;
using http::contexts;
using http::ends;
using http::held_requests;
using http::take;

namespace {

void context_ends_with_its_handler() {
    held_requests s;
    raw::client c(s.server.port());
    c.get("/");
    const auto kept = take(s.begun);
    QVERIFY(kept && !kept->err());
    s.release.send({});
    QCOMPARE(c.receive().status, 200);
    QVERIFY(ends(*kept));
    QVERIFY(kept->err() == ctx::canceled);
}

template <class Leave>
void departure_ends(Leave leave) {
    held_requests s;
    raw::client c(s.server.port());
    c.get("/");
    const auto kept = take(s.begun);
    QVERIFY(kept && !kept->err());
    leave(c);
    QVERIFY(ends(*kept));
    QVERIFY(kept->err() == ctx::canceled);
}

void close_ends() {
    departure_ends([](raw::client& c) { c.close(); });
}
void half_close_ends() {
    departure_ends([](raw::client& c) { c.half_close(); });
}
void reset_ends() {
    departure_ends([](raw::client& c) { c.reset(); });
}

void causes_do_not_differ() {
    held_requests s;
    raw::client leaver(s.server.port()), stayer(s.server.port());
    leaver.get("/");
    const auto left = take(s.begun);
    stayer.get("/");
    const auto returned = take(s.begun);
    QVERIFY(left && returned);
    leaver.close();
    QVERIFY(ends(*left));
    s.release.send({});
    QVERIFY(ends(*returned));
    QVERIFY(ctx::cause(*left) == ctx::canceled);
    QVERIFY(ctx::cause(*returned) == ctx::canceled);
}

/// A client sends a whole body and leaves; the handler has not read it, and when another client's leaving has
/// been noticed, its context is open. Then it does `next`.
template <class Next>
void unread_body(Next next) {
    raw::tally witness_in, witness_out, done;
    contexts begun{1};
    ctx::chan<ctx::empty> go_on(0);
    net::server s({.port = 0}, [&](net::exchange& x) {
        if (x.request.path == "/witness") {
            witness_in.add();
            http::witness::serve(x);
            return witness_out.add();
        }
        begun.send(x.context());
        go_on.receive();
        next(x);
        done.add();
    });
    raw::client c(s.port());
    c.post("/", std::string(1000, 'x'));
    const auto kept = take(begun);
    QVERIFY(kept);
    c.close();
    const bool noticed = http::witness(s).leaves_and_is_noticed(witness_in, witness_out);
    const bool open = !kept->err();
    go_on.send({});
    QVERIFY(done.reaches(1));
    QVERIFY(noticed);
    QVERIFY(open);
    QVERIFY(ends(*kept));
}

void unread_body_hides_the_departure_until_the_handler_returns() {
    unread_body([](net::exchange&) {});
}

void unread_body_hides_the_departure_until_it_is_read() {
    std::string body;
    bool heard = false;
    unread_body([&](net::exchange& x) {
        x.read_body();
        body = x.body;
        heard = ends(x.context());
    });
    QCOMPARE(body.size(), std::size_t{1000});
    QVERIFY(heard);
}

void reading_fails_and_ends_the_context() {
    contexts begun{1};
    ctx::chan<ctx::error> failed(1), after(1);
    ctx::chan<std::string> got(1);
    net::server s({.port = 0}, [&](net::exchange& x) {
        begun.send(x.context());
        failed.send(x.read_body());
        got.send(x.body);
        after.send(x.context().err());
    });
    raw::client c(s.port());
    http::promise_body(c, 10);
    c.send("hello");
    const auto kept = take(begun);
    QVERIFY(kept && !kept->err());
    c.close();
    QVERIFY(take(failed) == net::unexpected_eof);
    QCOMPARE(*take(got), "hello");
    QVERIFY(take(after) == ctx::canceled); // at once: by the read itself
}

void failed_write_ends_the_context() {
    contexts begun{1};
    ctx::chan<ctx::empty> go_on(0);
    ctx::chan<ctx::error> failed(1), after(1);
    net::server s({.port = 0}, [&](net::exchange& x) {
        begun.send(x.context());
        go_on.receive();
        failed.send(http::write_until_it_fails(x));
        after.send(x.context().err());
    });
    raw::client c(s.port());
    http::promise_body(c, 10); // unread, so that nothing but the write can tell
    const auto kept = take(begun);
    QVERIFY(kept);
    c.reset();
    go_on.send({});
    const auto why = take(failed);
    QVERIFY2(why && why->text().starts_with("write tcp 127.0.0.1:"), why->text().c_str());
    QVERIFY(take(after) == ctx::canceled);
}

/// The first request is in progress, a second follows, the client leaves; when another client's leaving has
/// been noticed: is the first request's context still open, and what does a write say?
struct pipelining {
    bool open = false;
    ctx::error write;
    bool ended = false;
};

pipelining leave_behind_a_request(bool in_one_packet, bool past_next) {
    raw::tally witness_in, witness_out;
    contexts begun{4};
    ctx::chan<ctx::empty> go_on(0);
    ctx::chan<ctx::error> failed(4);
    net::server s({.port = 0, .watch_past_next_request = past_next}, [&](net::exchange& x) {
        if (x.request.path == "/witness") {
            witness_in.add();
            http::witness::serve(x);
            return witness_out.add();
        }
        begun.send(x.context());
        go_on.receive();
        if (!x.context().err()) failed.send(http::write_until_it_fails(x));
    });
    raw::client c(s.port());
    const std::string request = "GET / HTTP/1.1\r\n" + c.host() + "\r\n";
    c.send(in_one_packet ? request + request : request);
    pipelining p;
    const auto first = take(begun);
    if (!first) return p;
    if (!in_one_packet) c.send(request);
    c.close();
    const bool noticed = http::witness(s).leaves_and_is_noticed(witness_in, witness_out);
    p.open = noticed && !first->err();
    go_on.close();
    p.ended = ends(*first);
    if (p.open) p.write = take(failed).value_or(ctx::error());
    return p;
}

void later_request_hides_the_departure() {
    const pipelining p = leave_behind_a_request(false, false);
    QVERIFY(p.open);
    QVERIFY2(p.write.text().starts_with("write tcp "), p.write.text().c_str());
    QVERIFY(p.ended);
}

void request_in_the_same_packet_hides_nothing() {
    const pipelining p = leave_behind_a_request(true, false);
    QVERIFY(!p.open);
    QVERIFY(p.ended);
}

void later_request_hides_nothing_by_default() {
    const pipelining p = leave_behind_a_request(false, true);
    QVERIFY(!p.open);
    QVERIFY(p.ended);
}

void requests_of_a_connection_have_their_own() {
    held_requests s;
    raw::client c(s.server.port());
    c.get("/");
    const auto first = take(s.begun);
    s.release.send({});
    QCOMPARE(c.receive().status, 200);
    c.get("/");
    const auto second = take(s.begun);
    QVERIFY(first && second);
    QVERIFY(ends(*first));
    QVERIFY(!second->err());
    QVERIFY(!(*first == *second));
    c.close();
    QVERIFY(ends(*second));
}

void http_2_is_refused() {
    held_requests s;
    raw::client c(s.server.port());
    c.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    const raw::response r = c.receive();
    QCOMPARE(r.status, 505);
    QCOMPARE(r.body, R"({"error":"HTTP/2.0: only HTTP/1.1 and HTTP/1.0 are spoken here"})");
    QVERIFY(c.is_closed());
}

void connections_end_apart() {
    held_requests s;
    raw::client a(s.server.port()), b(s.server.port());
    a.get("/");
    const auto one = take(s.begun);
    b.get("/");
    const auto other = take(s.begun);
    QVERIFY(one && other);
    a.reset();
    QVERIFY(ends(*one));
    QVERIFY(!other->err());
    s.release.send({});
    QCOMPARE(b.receive().body, "held");
}

} // namespace

class tst_http_server : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_server::holds_data() {
    rules({
        {"HTTP-001 a request's context is done when its handler has returned", context_ends_with_its_handler},
        {"HTTP-002 a close by the client ends the context", close_ends},
        {"HTTP-002 a half-close by the client ends the context", half_close_ends},
        {"HTTP-002 a reset by the client ends the context", reset_ends},
        {"HTTP-003 the cause is Canceled, whether the client left or the handler returned",
         causes_do_not_differ},
        {"HTTP-004 with an unread body the context stays open until the handler returns",
         unread_body_hides_the_departure_until_the_handler_returns},
        {"HTTP-004 with an unread body the context stays open until the handler reads it",
         unread_body_hides_the_departure_until_it_is_read},
        {"HTTP-005 a disconnect is a read error in the body, and then the context is done",
         reading_fails_and_ends_the_context},
        {"HTTP-006 a failed write ends the context", failed_write_ends_the_context},
        {"HTTP-007 behind a later request a disconnect goes unnoticed until a write fails",
         later_request_hides_the_departure},
        {"HTTP-007 behind a request in the same packet a disconnect is noticed",
         request_in_the_same_packet_hides_nothing},
        {"HTTP-007 unless told to read as Go does, the server notices it in any case",
         later_request_hides_nothing_by_default},
        {"HTTP-008 each request of a connection has a context of its own",
         requests_of_a_connection_have_their_own},
        {"HTTP-009 an HTTP/2 client is told that only HTTP/1 is spoken", http_2_is_refused},
        {"HTTP-009 a reset connection ends its own request alone", connections_end_apart},
    });
}

void tst_http_server::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_server)
#include "tst_http_server.moc"
