// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "http_rules.h"

#include "ctx/cancel.h"

#include <stdexcept>

using http::held_requests;
using http::take;

namespace {

void base_context_is_the_root() {
    const ctx::error boom("boom");
    const auto [base, cancel] = ctx::with_cancel_cause(ctx::background());
    net::endpoint asked;
    held_requests s({.base_context = [&, root = base](const net::endpoint& at) {
        asked = at;
        return root;
    }});
    QCOMPARE(asked.port, s.server.port());
    raw::client a(s.server.port()), b(s.server.port());
    a.get("/");
    const auto one = take(s.begun);
    b.get("/");
    const auto other = take(s.begun);
    QVERIFY(one && other && !one->err() && !other->err());
    cancel(boom);
    for (const ctx::context& c : {*one, *other}) {
        QVERIFY(c.err() == ctx::canceled);
        QVERIFY(ctx::cause(c) == boom);
    }
    QCOMPARE(a.receive().status, 503);
    // It goes on accepting: what comes now begins with a done context.
    raw::client late(s.server.port());
    late.get("/");
    const auto next = take(s.begun);
    QVERIFY(next && next->err() == ctx::canceled && ctx::cause(*next) == boom);
    QCOMPARE(late.receive().status, 503);
}

void base_context_is_background_by_default() {
    held_requests s;
    raw::client c(s.server.port());
    c.get("/");
    const auto kept = take(s.begun);
    QVERIFY(kept && kept->string().starts_with("context.Background.WithValue("));
}

/// A handle cannot be null, so a nil context is refused where it would be made.
ctx::context nil_context() {
    static_assert(!std::is_constructible_v<ctx::context, std::nullptr_t>);
    return ctx::context(std::shared_ptr<ctx::custom_context>());
}

void nil_base_context_is_refused() {
    try {
        net::server s({.port = 0, .base_context = [](const net::endpoint&) { return nil_context(); }},
                      [](net::exchange&) {});
        QFAIL("it listens");
    } catch (const std::invalid_argument& e) {
        QCOMPARE(e.what(), "cannot create context from nil parent");
    }
}

void conn_context_replaces_the_connections() {
    static const ctx::key<std::string> who("who");
    std::vector<const net::server*> held;
    held_requests s({.conn_context = [&](const ctx::context& c, const net::endpoint& remote) {
        held.push_back(*c.value(net::server_context_key));
        return ctx::with_value(c, who, remote.text());
    }});
    raw::client c(s.server.port());
    for (int i = 0; i < 2; ++i) { // called once for both
        c.get("/");
        const auto kept = take(s.begun);
        QVERIFY(kept);
        QCOMPARE(*kept->value(who), net::local_end(c.fd()).text());
        s.release.send({});
        QCOMPARE(c.receive().status, 200);
    }
    QCOMPARE(held, std::vector<const net::server*>{&s.server});
}

void nil_conn_context_is_refused() {
    held_requests s(
        {.conn_context = [](const ctx::context&, const net::endpoint&) { return nil_context(); }});
    raw::client c(s.server.port());
    const raw::response r = c.ask("/");
    QCOMPARE(r.status, 500);
    QCOMPARE(r.body, R"({"error":"conn_context: cannot create context from nil parent"})");
    QVERIFY(c.is_closed());
}

void values_and_name_show_the_layers() {
    held_requests s;
    raw::client c(s.server.port());
    c.get("/");
    const auto kept = take(s.begun);
    QVERIFY(kept);
    QVERIFY(*kept->value(net::server_context_key) == &s.server);
    QCOMPARE(kept->value(net::local_addr_context_key)->text(), net::remote_end(c.fd()).text());
    QCOMPARE(kept->string(), "context.Background.WithValue(net/http context value http-server, *http.Server)"
                             ".WithValue(net/http context value local-addr, " +
                                 net::remote_end(c.fd()).text() + ").WithCancel.WithCancel");
}

} // namespace

class tst_http_layers : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_layers::holds_data() {
    rules({
        {"HTTP-010 cancelling the base context cancels every request with its cause, also later ones",
         base_context_is_the_root},
        {"HTTP-010 the base context is Background by default", base_context_is_background_by_default},
        {"HTTP-010 a nil base context is an error", nil_base_context_is_refused},
        {"HTTP-011 ConnContext replaces the connection's context and sees the server",
         conn_context_replaces_the_connections},
        {"HTTP-011 a nil connection context is an error", nil_conn_context_is_refused},
        {"HTTP-012 a request's context holds the server and the local address, and its name shows the layers",
         values_and_name_show_the_layers},
    });
}

void tst_http_layers::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_layers)
#include "tst_http_layers.moc"
