// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "http_rules.h"

#include "ctx/cancel.h"
#include "net/timeout_handler.h"

#include <stdexcept>

using namespace std::chrono_literals;
using http::ends;
using http::take;

namespace {

using http::contexts;

constexpr const char* timeout_page =
    "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";

/// A server on a clock that the test moves, below a base context that the test may cancel.
struct timed_server {
    std::shared_ptr<ctx::virtual_clock> time = std::make_shared<ctx::virtual_clock>();
    ctx::cause_cancelable base = ctx::with_cancel_cause(ctx::background({.clock = time}));
    net::server server;

    timed_server(net::server::handler h, std::string body)
        : server({.port = 0, .base_context = [this](const net::endpoint&) { return base.context; }},
                 net::timeout_handler(std::move(h), 5s, std::move(body))) {}
};

void handler_has_a_deadline() {
    contexts begun(1);
    timed_server s([&](net::exchange& x) { begun.send(x.context()); }, "");
    raw::client c(s.server.port());
    const ctx::time_point before = s.time->now();
    QCOMPARE(c.ask("/").status, 200);
    const auto kept = take(begun);
    QVERIFY(kept && kept->deadline() == before + 5s);
    QVERIFY(*kept->value(net::server_context_key) == &s.server); // a child of the request's
    QVERIFY(ends(*kept));
    QVERIFY(kept->err() == ctx::canceled); // when it has returned
}

void what_it_writes_is_buffered() {
    ctx::chan<ctx::empty> written(0), go_on(0);
    timed_server s(
        [&](net::exchange& x) {
            x.write(std::string(100'000, 'x'));
            written.send({});
            go_on.receive();
            x.write("end");
        },
        "");
    raw::client c(s.server.port());
    c.get("/");
    QVERIFY(take(written));
    pollfd p{c.fd(), POLLIN, 0};
    const bool nothing_sent = ::poll(&p, 1, 0) == 0;
    go_on.send({});
    const raw::response r = c.receive();
    QVERIFY(nothing_sent);
    QCOMPARE(r.body.size(), std::size_t{100'003});
    QVERIFY(r.body.ends_with("end"));
}

void answer_in_time_is_sent() {
    timed_server s(
        [](net::exchange& x) {
            x.response.set_header("X-Made-By", "h");
            x.write_header(201);
            x.write("made");
        },
        "too late");
    raw::client c(s.server.port());
    const raw::response r = c.ask("/");
    QCOMPARE(r.status, 201);
    QCOMPARE(r.header("X-Made-By"), "h");
    QCOMPARE(r.body, "made");
    QCOMPARE(c.ask("/").status, 201); // and the connection goes on
}

/// What a client is told whose handler is late, and what Err is in the handler.
void late(const std::string& body, const std::string& told, const std::string& type) {
    ctx::chan<ctx::empty> begun(0);
    ctx::chan<ctx::error> err(1);
    timed_server s(
        [&](net::exchange& x) {
            x.response.set_header("X-Made-By", "h");
            x.write("begun");
            begun.send({});
            x.context().done().wait();
            err.send(x.context().err());
        },
        body);
    raw::client c(s.server.port());
    c.get("/");
    QVERIFY(take(begun));
    s.time->advance(5s - 1ns);
    pollfd p{c.fd(), POLLIN, 0};
    QCOMPARE(::poll(&p, 1, 0), 0);
    s.time->advance(1ns);
    const raw::response r = c.receive();
    QCOMPARE(r.status, 503);
    QCOMPARE(r.body, told);
    QCOMPARE(r.header("Content-Type"), type);
    QVERIFY(r.header("X-Made-By").empty());
    QVERIFY(take(err) == ctx::deadline_exceeded);
}

void late_handler_is_answered_for() {
    late("", timeout_page, "text/html; charset=utf-8");
}
void late_handler_is_answered_for_with_a_body() {
    late("too late", "too late", "text/plain; charset=utf-8");
}

void other_end_gives_an_empty_503() {
    ctx::chan<ctx::empty> begun(0);
    ctx::chan<ctx::error> err(1);
    timed_server s(
        [&](net::exchange& x) {
            begun.send({});
            x.context().done().wait();
            err.send(x.context().err());
        },
        "too late");
    raw::client c(s.server.port());
    c.get("/");
    QVERIFY(take(begun));
    s.base.cancel(ctx::error("boom"));
    const raw::response r = c.receive();
    QCOMPARE(r.status, 503);
    QCOMPARE(r.body, "");
    QCOMPARE(r.header("Content-Length"), "0");
    QVERIFY(take(err) == ctx::canceled);
}

void departure_ends_it() {
    contexts begun(1);
    ctx::chan<ctx::error> err(1);
    timed_server s(
        [&](net::exchange& x) {
            begun.send(x.context());
            x.context().done().wait();
            err.send(x.context().err());
        },
        "too late");
    raw::client c(s.server.port());
    c.get("/");
    QVERIFY(take(begun));
    c.close();
    QVERIFY(take(err) == ctx::canceled);
}

/// The handler goes on when its request is answered, and then writes.
struct late_writes {
    ctx::error before, after;
    bool read_fails = false;
};

template <class End>
late_writes writes_around(End end) {
    ctx::chan<ctx::error> before(1), after(1), read(1);
    ctx::chan<ctx::empty> go_on(0);
    timed_server s(
        [&](net::exchange& x) {
            before.send(x.write("in time"));
            go_on.receive(); // it does not look at its context
            after.send(x.write("too late"));
            read.send(x.read_body());
        },
        "");
    raw::client c(s.server.port());
    c.get("/");
    late_writes all;
    all.before = take(before).value_or(ctx::error("no write"));
    end(s);
    const raw::response r = c.receive(); // the request is over
    const raw::response next = c.ask("/", "Host: twice\r\n");
    go_on.close();
    all.after = take(after).value_or(ctx::error("no write"));
    all.read_fails = take(read) == net::body_read_after_close;
    return r.status == 503 && next.status == 400 ? all : late_writes{};
}

void late_handler_goes_on() {
    const late_writes w = writes_around([](timed_server& s) { s.time->advance(5s); });
    QVERIFY(!w.before);
    QVERIFY(w.after == net::handler_timeout);
    QCOMPARE(w.after.text(), "http: Handler timeout");
    QVERIFY(w.read_fails);
}

void cancelled_handler_goes_on() {
    const late_writes w = writes_around([](timed_server& s) { s.base.cancel(ctx::error("boom")); });
    QVERIFY(!w.before);
    QVERIFY(w.after == ctx::canceled);
    QVERIFY(w.read_fails);
}

void writer_can_neither_flush_nor_hijack() {
    ctx::chan<ctx::error> flush(1), hijack(1);
    timed_server s(
        [&](net::exchange& x) {
            flush.send(x.flush());
            hijack.send(x.hijack().error);
            try {
                x.stream("text/plain", [](httplib::DataSink&) { return true; });
            } catch (const std::logic_error& e) {
                x.write(e.what());
            }
        },
        "");
    raw::client c(s.server.port());
    QCOMPARE(c.ask("/").body, "stream: feature not supported");
    QVERIFY(take(flush) == net::not_supported);
    QVERIFY(take(hijack) == net::not_supported);
}

void exception_is_passed_on() {
    const auto inner = net::timeout_handler([](net::exchange&) { throw std::runtime_error("boom"); }, 5s);
    ctx::chan<std::string> caught(1);
    net::server s({.port = 0}, [&](net::exchange& x) {
        try {
            inner(x);
        } catch (const std::runtime_error& e) {
            caught.send(e.what());
            throw;
        }
    });
    raw::client c(s.port());
    const raw::response r = c.ask("/");
    QCOMPARE(take(caught).value_or(""), "boom");
    QCOMPARE(r.status, 500);
}

} // namespace

class tst_http_timeout : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_timeout::holds_data() {
    rules({
        {"HTTP-030 TimeoutHandler runs its handler with a deadline dt ahead", handler_has_a_deadline},
        {"HTTP-030 TimeoutHandler buffers what its handler writes", what_it_writes_is_buffered},
        {"HTTP-031 an answer in time is sent with its header", answer_in_time_is_sent},
        {"HTTP-031 a late handler is answered for with Go's page, and its headers are not sent",
         late_handler_is_answered_for},
        {"HTTP-031 a late handler is answered for with the given body",
         late_handler_is_answered_for_with_a_body},
        {"HTTP-032 if the request's context ends for another reason: 503 without a body",
         other_end_gives_an_empty_503},
        {"HTTP-032 a client that leaves ends the handler's context with Canceled", departure_ends_it},
        {"HTTP-033 a late handler goes on and its writes give: Handler timeout", late_handler_goes_on},
        {"HTTP-033 after another cancellation its writes give that context's Err", cancelled_handler_goes_on},
        {"HTTP-034 the writer in TimeoutHandler can neither flush nor hijack",
         writer_can_neither_flush_nor_hijack},
        {"HTTP-034 what the handler throws is passed on", exception_is_passed_on},
    });
}

void tst_http_timeout::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_timeout)
#include "tst_http_timeout.moc"
