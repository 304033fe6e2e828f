// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "calls.h"

#include "ctx/deadline.h"

#include <stdexcept>

using namespace std::chrono_literals;
using http::call_in_progress;
using http::ends;
using http::get_error;
using http::take;
using raw::peer;

namespace {

void cancel_ends_the_writing() {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    // More than the buffers between the two take; the peer reads the header only.
    call_in_progress call(c, "", {.method = "POST", .body = std::string(32 << 20, 'x')});
    cancel();
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), "Post \"" + call.url() + "\": context canceled");
}

/// /a sends the client on to /b; a /held request waits for its context; /loop leads to itself.
struct redirecting_server {
    ctx::chan<ctx::context> held{4};
    net::server server{{.port = 0}, [this](net::exchange& x) {
                           if (x.request.path == "/held") {
                               held.send(x.context());
                               x.context().done().wait();
                               return x.abandon();
                           }
                           const bool loop = x.request.path == "/loop";
                           const std::string to = loop ? "/loop" : x.request.get_param_value("to");
                           if (to.empty()) return x.answer(200, x.request.method + " " + x.request.path);
                           x.response.set_header("Location", to);
                           x.answer(302, "elsewhere");
                       }};
};

void redirects_are_followed() {
    redirecting_server s;
    net::client client;
    const net::answer a = client.get(ctx::background(), "POST", s.server.url() + "/x/a?to=b");
    QVERIFY2(!a.error, a.error.text().c_str());
    QCOMPARE(a.body, "GET /x/b");
    QCOMPARE(client.get(ctx::background(), "GET", s.server.url() + "/?to=/c").body, "GET /c");
    const net::answer round = client.get(ctx::background(), "GET", s.server.url() + "/loop");
    QCOMPARE(round.error.text(), get_error("/loop", "stopped after 10 redirects"));
}

void cancel_ends_behind_a_redirect() {
    redirecting_server s;
    net::client client;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    net::answer a;
    std::thread caller([&, context = c] { a = client.get(context, "GET", s.server.url() + "/a?to=/held"); });
    const auto held = take(s.held);
    cancel();
    caller.join();
    QVERIFY(held);
    QCOMPARE(a.error.text(), get_error(s.server.url() + "/held", "context canceled"));
    QVERIFY(ends(*held));
}

void nil_context_is_refused() {
    static_assert(
        !std::is_invocable_v<decltype(&net::client::send), net::client&, std::nullptr_t, net::call>);
    net::client client;
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, client.get(std::shared_ptr<ctx::custom_context>(), "GET",
                                                               "http://127.0.0.1:1/"));
}

void done_context_attempts_nothing() {
    int dials = 0;
    net::client client({.dial_context = [&](const ctx::context& c, const net::endpoint& to) {
        ++dials;
        return net::dial(c, to);
    }});
    const peer p;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    cancel();
    QCOMPARE(client.get(c, "GET", p.url()).error.text(), get_error(p.url(), "context canceled"));
    const auto [late, stop] = ctx::with_timeout(ctx::background(), 0s);
    QCOMPARE(client.get(late, "GET", p.url()).error.text(), get_error(p.url(), "context deadline exceeded"));
    QCOMPARE(dials, 0);
    QVERIFY(p.nobody_came());
}

void cancel_reads_as_in_go() {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    call_in_progress call(c, "");
    cancel();
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), get_error(call.url(), "context canceled"));
    QVERIFY(ctx::is(a.error, ctx::canceled));
    QVERIFY(!(a.error == ctx::canceled)); // it is a url.Error around it
    QVERIFY(!ctx::is_timeout(a.error));
    QCOMPARE(a.status, 0);
}

void deadline_reads_as_in_go() {
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout(ctx::background({.clock = time}), 5s);
    call_in_progress call(c, "");
    time->advance(5s);
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), get_error(call.url(), "context deadline exceeded"));
    QVERIFY(ctx::is(a.error, ctx::deadline_exceeded));
    QVERIFY(ctx::is_timeout(a.error));
}

void cause_takes_the_place_of_the_error() {
    const ctx::error boom("boom");
    const auto [c, cancel] = ctx::with_cancel_cause(ctx::background());
    call_in_progress call(c, "");
    cancel(boom);
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), get_error(call.url(), "boom"));
    QVERIFY(ctx::is(a.error, boom));
    QVERIFY(!ctx::is(a.error, ctx::canceled));
    QVERIFY(c.err() == ctx::canceled && ctx::cause(c) == boom); // who wants to know asks the context
}

void cause_of_a_deadline_is_no_timeout() {
    const ctx::error boom("boom");
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout_cause(ctx::background({.clock = time}), 5s, boom);
    call_in_progress call(c, "");
    time->advance(5s);
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), get_error(call.url(), "boom"));
    QVERIFY(!ctx::is(a.error, ctx::deadline_exceeded));
    QVERIFY(!ctx::is_timeout(a.error));
    QVERIFY(c.err() == ctx::deadline_exceeded);
}

void cancel_drops_the_connection() {
    redirecting_server s;
    net::client client;
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    net::answer a;
    std::thread caller([&, context = c] { a = client.get(context, "GET", s.server.url() + "/held"); });
    const auto held = take(s.held);
    const bool open = held && !held->err();
    cancel();
    caller.join();
    QVERIFY(open);
    QVERIFY(ends(*held)); // HTTP-002 on the other side
    QVERIFY(held->err() == ctx::canceled);
    QCOMPARE(client.idle_connections(), std::size_t{0});
}

} // namespace

class tst_http_client : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_client::holds_data() {
    rules({
        {"HTTP-050 a cancel ends the writing of the request", cancel_ends_the_writing},
        {"HTTP-050 redirects are followed, ten at most", redirects_are_followed},
        {"HTTP-050 a cancel ends a call behind a redirect", cancel_ends_behind_a_redirect},
        {"HTTP-050 a nil context is refused", nil_context_is_refused},
        {"HTTP-051 a context that is done already attempts no connection", done_context_attempts_nothing},
        {"HTTP-052 a cancelled call's error reads: Get URL: context canceled", cancel_reads_as_in_go},
        {"HTTP-052 a late call's error reads: Get URL: context deadline exceeded, and is a timeout",
         deadline_reads_as_in_go},
        {"HTTP-053 the cause takes the place of the error", cause_takes_the_place_of_the_error},
        {"HTTP-053 a deadline's cause takes its place too, and is no timeout",
         cause_of_a_deadline_is_no_timeout},
        {"HTTP-054 a cancel drops the connection, and the server's context ends",
         cancel_drops_the_connection},
    });
}

void tst_http_client::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_client)
#include "tst_http_client.moc"
