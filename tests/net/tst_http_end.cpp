// SPDX-License-Identifier: MIT
#include <QtTest> // first: moc cannot read <concepts> before it has seen <string>

#include "http_rules.h"

#include "ctx/deadline.h"

#include <stdexcept>

using namespace std::chrono_literals;
using http::ends;
using http::take;

namespace {

using http::contexts;

/// /held waits for its release alone, whatever becomes of its context; the rest is answered at once.
struct busy_server {
    contexts begun{16};
    ctx::chan<ctx::empty> release{0};
    net::server server;

    explicit busy_server(net::server_options o = {})
        : server(on_any_port(std::move(o)), [this](net::exchange& x) {
              if (x.request.path == "/held") {
                  begun.send(x.context());
                  release.receive();
              }
              x.answer(200, "answered");
          }) {}
    ~busy_server() { release.close(); }
    static net::server_options on_any_port(net::server_options o) {
        o.port = 0;
        return o;
    }
};

/// Nobody listens there any more.
bool refuses(std::uint16_t port) {
    const auto [c, cancel] = ctx::with_timeout(ctx::background(), raw::patience);
    return net::dial(c, {"127.0.0.1", port}).error.text().ends_with("connection refused");
}

void shutdown_waits_and_cancels_nothing() {
    busy_server s;
    raw::client busy(s.server.port()), idle(s.server.port());
    QCOMPARE(idle.ask("/").status, 200);
    busy.get("/held");
    const auto held = take(s.begun);
    QVERIFY(held);
    ctx::chan<ctx::error> over(1);
    std::thread other([&] { over.send(s.server.shutdown(ctx::background())); });
    const bool idle_closed = idle.is_closed();
    const bool refused = refuses(s.server.port());
    const bool open = !held->err();
    const bool waits = !over.try_receive();
    s.release.send({});
    const raw::response r = busy.receive();
    const bool closed = busy.is_closed();
    const auto why = take(over);
    other.join();
    QVERIFY(idle_closed);
    QVERIFY(refused);
    QVERIFY(open);
    QVERIFY(waits);
    QCOMPARE(r.status, 200);
    QCOMPARE(r.header("Connection"), "close");
    QVERIFY(closed);
    QVERIFY(why && !*why);
}

void shutdown_gives_up_with_its_context() {
    busy_server s;
    raw::client busy(s.server.port());
    busy.get("/held");
    const auto held = take(s.begun);
    QVERIFY(held);
    const auto [c, cancel] = ctx::with_cancel(ctx::background());
    cancel();
    QVERIFY(s.server.shutdown(c) == ctx::canceled);
    const auto time = std::make_shared<ctx::virtual_clock>();
    const auto [timed, stop] = ctx::with_timeout(ctx::background({.clock = time}), 5s);
    ctx::chan<ctx::error> over(1);
    std::thread other([&, context = timed] { over.send(s.server.shutdown(context)); });
    time->advance(5s);
    const auto why = take(over);
    other.join();
    QVERIFY(why == ctx::deadline_exceeded);
    QVERIFY(!held->err()); // the handler goes on
    s.release.send({});
    QCOMPARE(busy.receive().body, "answered");
}

void close_ends_contexts_and_waits_for_nobody() {
    busy_server s;
    raw::client busy(s.server.port()), idle(s.server.port());
    QCOMPARE(idle.ask("/").status, 200);
    busy.get("/held");
    const auto held = take(s.begun);
    QVERIFY(held && !held->err());
    s.server.close(); // the handler is still in there
    QVERIFY(ends(*held));
    QVERIFY(held->err() == ctx::canceled);
    QVERIFY(busy.is_closed());
    QVERIFY(idle.is_closed());
    QVERIFY(refuses(s.server.port()));
}

void callbacks_run_when_shutdown_begins() {
    const auto [base, cancel] = ctx::with_cancel_cause(ctx::background());
    contexts begun(1);
    net::server s({.port = 0, .base_context = [root = base](const net::endpoint&) { return root; }},
                  [&](net::exchange& x) {
                      begun.send(x.context());
                      x.context().done().wait();
                      x.answer(503, ctx::cause(x.context()).text());
                  });
    raw::tally called;
    s.register_on_shutdown([&, stop = cancel] {
        called.add();
        stop(net::server_closed);
    });
    raw::client c(s.port());
    c.get("/");
    const auto kept = take(begun);
    QVERIFY(kept && !kept->err());
    QCOMPARE(called.count(), 0);
    const auto [limit, stop] = ctx::with_timeout(ctx::background(), raw::patience);
    QVERIFY(!s.shutdown(limit)); // would wait for ever without the callback
    QCOMPARE(called.count(), 1);
    QCOMPARE(c.receive().body, "http: Server closed");
}

/// A handler that waits well past `o`'s timeouts, and is asked for its context then.
template <class Then>
void after_the_timeouts(net::server_options o, raw::client* (*ask)(net::server&), Then then) {
    ctx::chan<ctx::error> then_err(1);
    raw::tally over;
    o.port = 0;
    net::server s(o, [&](net::exchange& x) {
        http::first_of(ctx::after(200ms), x.context().done());
        then_err.send(x.context().err());
        then(x);
        over.add();
    });
    const std::unique_ptr<raw::client> c(ask(s));
    const auto open = take(then_err);
    const bool ended = over.reaches(1);
    QVERIFY(open && !*open);
    QVERIFY(ended);
}

raw::client* ask_for_it(net::server& s) {
    auto* c = new raw::client(s.port());
    c->get("/");
    return c;
}

raw::client* promise_a_body(net::server& s) {
    auto* c = new raw::client(s.port());
    http::promise_body(*c, 10);
    return c;
}

void read_and_idle_timeouts_cancel_nothing() {
    ctx::error err("never asked");
    after_the_timeouts({.read_header_timeout = 50ms, .read_timeout = 50ms, .idle_timeout = 50ms}, ask_for_it,
                       [&](net::exchange& x) {
                           err = x.context().err();
                           x.answer(200, "in time");
                       });
    QVERIFY(!err);
}

void read_timeout_fails_the_next_read() {
    ctx::error read, err;
    after_the_timeouts({.read_timeout = 50ms}, promise_a_body, [&](net::exchange& x) {
        read = x.read_body();
        err = x.context().err();
    });
    QVERIFY2(read.text().starts_with("read tcp ") && read.text().ends_with(": i/o timeout"),
             read.text().c_str());
    QVERIFY(ctx::is_timeout(read));
    QVERIFY(err == ctx::canceled);
}

void write_timeout_fails_the_next_write() {
    ctx::error buffered("never asked"), flushed, err;
    after_the_timeouts({.write_timeout = 50ms}, ask_for_it, [&](net::exchange& x) {
        buffered = x.write("late");
        flushed = x.flush();
        err = x.context().err();
    });
    QVERIFY(!buffered); // nothing has been written yet
    QVERIFY2(flushed.text().starts_with("write tcp ") && flushed.text().ends_with(": i/o timeout"),
             flushed.text().c_str());
    QVERIFY(ctx::is_timeout(flushed));
    QVERIFY(err == ctx::canceled);
}

void hijacked_connection_is_not_watched() {
    ctx::chan<ctx::context> begun(1);
    ctx::chan<std::string> heard(1);
    ctx::chan<ctx::error> at_the_end(1), again(1);
    ctx::chan<ctx::empty> go_on(0);
    raw::tally witness_in, witness_out;
    net::server s({.port = 0}, [&](net::exchange& x) {
        if (x.request.path == "/witness") {
            witness_in.add();
            http::witness::serve(x);
            return witness_out.add();
        }
        begun.send(x.context());
        net::hijacked h = x.hijack();
        again.send(x.hijack().error);
        net::wire w(h.fd.get());
        w.write("raw");
        // The client says something and leaves: the new owner reads it himself.
        w.allow(100, net::wire::clock::now() + raw::patience);
        char c = 0;
        std::string all = h.buffered;
        while (w.read(&c, 1) == 1) all.push_back(c);
        heard.send(w.why() == net::wire::trouble::closed ? all : "no end");
        http::first_of(go_on, ctx::after(raw::patience));
        at_the_end.send(x.context().err());
    });
    raw::client c(s.port());
    c.send("GET / HTTP/1.1\r\n" + c.host() + "\r\nand more");
    const auto kept = take(begun);
    QVERIFY(kept);
    std::string first(3, ' ');
    c.line().allow(3, net::wire::clock::now() + raw::patience);
    QVERIFY(c.line().read_all(first.data(), 3));
    QCOMPARE(first, "raw");
    c.send(", bye");
    c.half_close();
    QCOMPARE(take(heard).value_or(""), "and more, bye");
    QVERIFY(http::witness(s).leaves_and_is_noticed(witness_in, witness_out));
    go_on.close();
    QVERIFY(take(at_the_end) == ctx::error()); // it has left, and the context is open
    QVERIFY(ends(*kept));                      // until the handler returns
    QVERIFY(c.is_closed());                    // and its owner has closed it, with nothing more said
    QVERIFY(take(again) == net::already_hijacked);
}

void copies_have_another_context() {
    static const ctx::key<int> depth("depth");
    ctx::chan<std::string> failures(16);
    net::server s({.port = 0}, [&](net::exchange& x) {
        const auto check = [&](bool good, const char* what) {
            if (!good) failures.send(what);
        };
        const auto [c, cancel] = ctx::with_cancel(ctx::with_value(x.context(), depth, 1));
        net::exchange copy = x.with_context(c);
        const net::exchange cloned = copy.clone(ctx::with_value(c, depth, 2));
        check(copy.context() == c, "the copy has the new context");
        check(*cloned.context().value(depth) == 2, "the clone has the new context");
        check(!x.context().value(depth), "the original has its own");
        check(&copy.request == &x.request, "a copy shares the request");
        check(&cloned.request != &x.request && cloned.request.headers == x.request.headers,
              "a clone has headers of its own");
        cancel();
        check(copy.context().err() == ctx::canceled && cloned.context().err() == ctx::canceled,
              "the copies end");
        check(!x.context().err(), "the original goes on");
        copy.answer(200, "by the copy");
    });
    raw::client c(s.port());
    QCOMPARE(c.ask("/").body, "by the copy");
    const auto failed = failures.try_receive();
    QVERIFY2(!failed, failed.value_or("").c_str());
}

void nil_context_is_refused() {
    static_assert(!std::is_constructible_v<ctx::context, std::nullptr_t>);
    ctx::chan<std::string> said(1);
    net::server s({.port = 0}, [&](net::exchange& x) {
        try {
            const net::exchange copy = x.with_context(std::shared_ptr<ctx::custom_context>());
            said.send("accepted");
        } catch (const std::invalid_argument& e) {
            said.send(e.what());
        }
    });
    raw::client c(s.port());
    QCOMPARE(c.ask("/").status, 200);
    QCOMPARE(take(said).value_or(""), "cannot create context from nil parent");
}

void work_outlives_its_request() {
    static const ctx::key<std::string> id("request id");
    const auto time = std::make_shared<ctx::virtual_clock>();
    const ctx::context root = ctx::background({.clock = time});
    contexts requests(1), works(1);
    net::server s({.port = 0, .base_context = [&](const net::endpoint&) { return root; }},
                  [&](net::exchange& x) {
                      const ctx::context c = ctx::with_value(x.context(), id, "r1");
                      requests.send(c);
                      works.send(ctx::with_timeout(ctx::without_cancel(c), 5s).context);
                  });
    raw::client c(s.port());
    QCOMPARE(c.ask("/").status, 200);
    c.close();
    const auto request = take(requests), work = take(works);
    QVERIFY(request && work);
    QVERIFY(ends(*request));
    QVERIFY(!work->err());
    QCOMPARE(*work->value(id), "r1");
    QVERIFY(*work->value(net::server_context_key) == &s);
    time->advance(5s);
    QVERIFY(work->err() == ctx::deadline_exceeded);
}

} // namespace

class tst_http_end : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds();
};

void tst_http_end::holds_data() {
    rules({
        {"HTTP-013 Shutdown closes what is idle, waits for what is busy, and cancels nothing",
         shutdown_waits_and_cancels_nothing},
        {"HTTP-013 Shutdown returns its context's Err and leaves the handlers running",
         shutdown_gives_up_with_its_context},
        {"HTTP-014 Close closes all connections, which ends the requests' contexts",
         close_ends_contexts_and_waits_for_nobody},
        {"HTTP-015 RegisterOnShutdown callbacks run when Shutdown begins and can cancel a base context",
         callbacks_run_when_shutdown_begins},
        {"HTTP-016 ReadTimeout and IdleTimeout do not cancel a request's context",
         read_and_idle_timeouts_cancel_nothing},
        {"HTTP-016 after ReadTimeout the next read fails and cancels", read_timeout_fails_the_next_read},
        {"HTTP-016 after WriteTimeout the context is open; the next write fails and cancels it",
         write_timeout_fails_the_next_write},
        {"HTTP-017 after Hijack the context stays open when the client leaves, until the handler returns",
         hijacked_connection_is_not_watched},
        {"HTTP-018 WithContext and Clone give copies with another context", copies_have_another_context},
        {"HTTP-018 a nil context is refused", nil_context_is_refused},
        {"HTTP-019 work under WithoutCancel outlives its request, with its values",
         work_outlives_its_request},
    });
}

void tst_http_end::holds() {
    run_rule();
}

QTEST_GUILESS_MAIN(tst_http_end)
#include "tst_http_end.moc"
