// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "calls.h"

#include "ctx/deadline.h"

using namespace std::chrono_literals;
using http::call_in_progress;
using http::ends;
using http::get_error;
using http::half_a_body;
using http::take;
using raw::peer;
using raw::say;

namespace {

/// A body that has come half: what is there is read, then the context ends by `end`.
template <class End>
net::response read_half(const ctx::context& c, End end, ctx::error& why, std::string& got) {
    static net::client client;
    const peer p;
    net::file_descriptor fd;
    std::thread other([&] {
        std::string head;
        fd = p.accept_one(head);
        say(fd.get(), half_a_body);
    });
    net::response r = client.open(c, {.url = p.url()});
    other.join();
    char piece[5];
    for (std::size_t n = 1; got.size() < 5 && n > 0; got.append(piece, n)) n = r.read(piece, 5).count;
    std::thread reader([&] { why = r.read(piece, 5).error; }); // waits: nothing more comes
    end();
    reader.join();
    return r;
}

void cancel_ends_a_read_of_the_body() {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    ctx::error why;
    std::string got;
    net::response r = read_half(
        c, [stop = cancel] { stop(); }, why, got);
    QCOMPARE(r.status, 200);
    QVERIFY(!r.error);
    QCOMPARE(got, "hello");
    QVERIFY(why == ctx::canceled); // the very error: not wrapped
    char piece[5];
    QVERIFY(r.read(piece, 5).error == ctx::canceled); // for ever
}

void deadline_ends_a_read_of_the_body() {
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout(ctx::background({.clock = time}), 5s);
    ctx::error why;
    std::string got;
    read_half(
        c, [&] { time->advance(5s); }, why, got);
    QVERIFY(why == ctx::deadline_exceeded);
}

void cause_ends_a_read_of_the_body() {
    const ctx::error boom("boom");
    const auto [c, cancel] = ctx::with_cancel_cause(ctx::background());
    ctx::error why;
    std::string got;
    read_half(
        c, [&, stop = cancel] { stop(boom); }, why, got);
    QVERIFY(why == boom);
}

void buffered_bytes_may_still_be_read() {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    const peer p;
    net::file_descriptor fd;
    std::thread other([&] {
        std::string head;
        fd = p.accept_one(head);
        say(fd.get(), half_a_body);
    });
    net::client client;
    net::response r = client.open(c, {.url = p.url()});
    other.join();
    cancel();
    std::string got;
    QVERIFY(r.read_all(got) == ctx::canceled);
    QCOMPARE(got, "hello");
}

void after_the_body_the_connection_is_used_again() {
    raw::tally connections;
    net::server s({.port = 0,
                   .conn_context =
                       [&](const ctx::context& c, const net::endpoint&) {
                           connections.add();
                           return c;
                       }},
                  [](net::exchange& x) { x.answer(200, x.peer()); });
    net::client client;
    std::string first;
    for (int i = 0; i < 3; ++i) {
        const auto [c, cancel] = ctx::with_cancel(ctx::background());
        net::response r = client.open(c, {.url = s.url() + "/"});
        std::string body;
        QVERIFY(!r.read_all(body));
        cancel();
        char piece[1];
        QVERIFY(r.read(piece, 1).error == net::eof); // nothing can go wrong any more
        if (i == 0) first = body;
        QCOMPARE(body, first); // the same end of the same connection
        QCOMPARE(client.idle_connections(), std::size_t{1});
    }
    QCOMPARE(connections.count(), 1);
}

void closed_idle_connection_is_replaced() {
    net::client client;
    for (int i = 0; i < 2; ++i) {
        net::server s({.port = 0}, [](net::exchange& x) { x.answer(200, "ok"); });
        const std::string url = s.url() + "/";
        QCOMPARE(client.get(ctx::background(), "GET", url).body, "ok");
        s.stop(); // closes it
        QVERIFY(client.get(ctx::background(), "GET", url).error.text().ends_with("connection refused"));
    }
}

net::response killing_fetch(net::client& client, const std::string& url) {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    const ctx::cancel_guard stop(cancel); // defer cancel()
    return client.open(c, {.url = url});
}

net::response fetch(net::client& client, const std::string& url, ctx::context& used) {
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    used = c;
    net::response r = client.open(c, {.url = url});
    r.cancel_on_close(cancel);
    return r;
}

void deferred_cancel_kills_the_callers_body() {
    ctx::chan<ctx::empty> go_on(0);
    net::server s({.port = 0}, [&](net::exchange& x) {
        x.write("begun, ");
        x.flush();
        http::first_of(go_on, x.context().done());
        x.write("done");
    });
    net::client client;
    std::string body;
    QVERIFY(killing_fetch(client, s.url() + "/").read_all(body) == ctx::canceled);
    QVERIFY(body.find("done") == std::string::npos);

    ctx::context used;
    net::response r = fetch(client, s.url() + "/", used);
    go_on.close();
    body.clear();
    QVERIFY(!r.read_all(body));
    QCOMPARE(body, "begun, done");
    QVERIFY(!used.err());
    r.close();
    QVERIFY(used.err() == ctx::canceled);
}

/// Client.Timeout of 5 s, under a context with a deadline in 9 s.
void client_timeout(const std::string& said, bool in_body, const std::string& text) {
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout(ctx::background({.clock = time}), 9s);
    call_in_progress call(c, said, {.timeout = 5s});
    time->advance(5s);
    const net::answer& a = call.result();
    QCOMPARE(a.error.text(), in_body ? text : get_error(call.url(), text));
    QVERIFY(ctx::is_timeout(a.error));
    QVERIFY(ctx::is(a.error, ctx::deadline_exceeded));
    QVERIFY(!c.err());
}

void client_timeout_before_the_header() {
    client_timeout("", false, "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
}
void client_timeout_in_the_body() {
    client_timeout(half_a_body, true,
                   "context deadline exceeded (Client.Timeout or context cancellation while reading body)");
}

void earlier_deadline_of_the_context_applies() {
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout(ctx::background({.clock = time}), 3s);
    call_in_progress call(c, "", {.timeout = 5s});
    time->advance(3s);
    QCOMPARE(call.result().error.text(), get_error(call.url(), "context deadline exceeded"));
}

void response_header_timeout_reads_as_in_go() {
    const peer p;
    net::client client({.response_header_timeout = 50ms});
    const net::answer a = client.get(ctx::background(), "GET", p.url()); // nobody answers
    QCOMPARE(a.error.text(), get_error(p.url(), "net/http: timeout awaiting response headers"));
    QVERIFY(ctx::is_timeout(a.error));
}

void response_header_timeout_spares_the_body() {
    ctx::chan<ctx::empty> go_on(0);
    net::server s({.port = 0}, [&](net::exchange& x) {
        x.flush();
        http::first_of(go_on, x.context().done());
        x.write("late");
    });
    net::client client({.response_header_timeout = 20s});
    const auto time = std::make_shared<ctx::virtual_clock>();
    net::response r = client.open(ctx::background({.clock = time}), {.url = s.url() + "/"});
    time->advance(1h);
    go_on.close();
    std::string body;
    QVERIFY(!r.read_all(body));
    QCOMPARE(body, "late");
}

void deadline_does_not_travel() {
    ctx::chan<ctx::context> begun(1);
    ctx::chan<std::string> headers(1);
    net::server s({.port = 0}, [&](net::exchange& x) {
        std::string all;
        for (const auto& [name, value] : x.request.headers)
            if (!name.starts_with("REMOTE_") && !name.starts_with("LOCAL_")) all += name + ";";
        headers.send(all);
        begun.send(x.context());
        x.context().done().wait();
    });
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [c, cancel] = ctx::with_timeout(ctx::background({.clock = time}), 5s);
    net::client client;
    net::answer a;
    std::thread caller([&, context = c] { a = client.get(context, "GET", s.url() + "/"); });
    const auto kept = take(begun);
    const bool none = kept && !kept->deadline();
    time->advance(5s);
    caller.join();
    QVERIFY(none);
    QCOMPARE(take(headers).value_or(""), "Host;");
    QVERIFY(ctx::is(a.error, ctx::deadline_exceeded));
    QVERIFY(ends(*kept));
    QVERIFY(kept->err() == ctx::canceled); // all that the server learns: the connection broke
}

} // namespace

class tst_http_body : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_body::holds_data() {
    rules({
        {"HTTP-055 a read of the body that waits ends with Canceled, not wrapped",
         cancel_ends_a_read_of_the_body},
        {"HTTP-055 a read of the body that waits ends with DeadlineExceeded, not wrapped",
         deadline_ends_a_read_of_the_body},
        {"HTTP-055 a read of the body that waits ends with the cause, not wrapped",
         cause_ends_a_read_of_the_body},
        {"HTTP-055 what is buffered already may still be read", buffered_bytes_may_still_be_read},
        {"HTTP-056 after the body a cancel has no effect, and the connection is used again",
         after_the_body_the_connection_is_used_again},
        {"HTTP-056 an idle connection that the server has closed is not used again",
         closed_idle_connection_is_replaced},
        {"HTTP-057 a deferred cancel kills the body for the caller; tied to close it does not",
         deferred_cancel_kills_the_callers_body},
        {"HTTP-060 Client.Timeout while awaiting headers says so", client_timeout_before_the_header},
        {"HTTP-060 Client.Timeout while reading the body says so", client_timeout_in_the_body},
        {"HTTP-060 the context's own deadline applies if it is earlier",
         earlier_deadline_of_the_context_applies},
        {"HTTP-061 ResponseHeaderTimeout reads: timeout awaiting response headers, and is a timeout",
         response_header_timeout_reads_as_in_go},
        {"HTTP-061 ResponseHeaderTimeout does not govern the body", response_header_timeout_spares_the_body},
        {"HTTP-062 a client's deadline reaches the server only as a broken connection",
         deadline_does_not_travel},
    });
}

void tst_http_body::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_body)
#include "tst_http_body.moc"
