// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <stop_token>
#include <thread>
#include <vector>

/// Contexts and std::stop_token, both ways, and the guard that cancels at the end of a scope.
class tst_bridge : public QObject {
    Q_OBJECT

  private slots:
    void asksToStop_data();
    void asksToStop() { run_rule(); }
    void obeysAToken_data();
    void obeysAToken() { run_rule(); }
    void guards_data();
    void guards() { run_rule(); }
};

using namespace test;

namespace {

void the_token_is_asked_when_the_context_is_done() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    const ctx::stop_bridge bridge(made.context);
    const std::stop_token token = bridge.token();
    QVERIFY(token.stop_possible() && !token.stop_requested());
    made.cancel();
    w.run();
    QVERIFY(token.stop_requested());
}

void a_done_context_asks_at_once() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    made.cancel();
    QVERIFY(ctx::stop_bridge(made.context).token().stop_requested());
    QVERIFY(ctx::stop_bridge(ctx::with_timeout(w.root, 0s).context).token().stop_requested());
}

void a_deadline_asks_on_time() {
    world w;
    const ctx::stop_bridge bridge(ctx::with_timeout(w.root, 5s).context);
    w.advance(4s);
    QVERIFY(!bridge.token().stop_requested());
    w.advance(1s);
    QVERIFY(bridge.token().stop_requested());
}

void what_is_never_done_never_asks() {
    world w;
    const ctx::stop_bridge bridge(w.root);
    w.advance(1h);
    QVERIFY(!bridge.token().stop_requested());
}

void the_join_ends_with_the_bridge() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    std::stop_token token;
    {
        const ctx::stop_bridge bridge(made.context);
        token = bridge.token();
        QCOMPARE(ctx::children_of(made.context), 1u);
    }
    QCOMPARE(ctx::children_of(made.context), 0u);
    made.cancel();
    w.run();
    QVERIFY(!token.stop_requested());
    QVERIFY(!token.stop_possible());
}

void a_thread_of_the_standard_library_stops() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::stop_bridge bridge(made.context);
    const ctx::chan<ctx::empty> asked(0), here(0);
    std::thread t([token = bridge.token(), asked, here] {
        const std::stop_callback stop(token, [asked] { asked.close(); });
        here.close();
        asked.wait();
    });
    here.wait();
    made.cancel();
    t.join();
    QVERIFY(bridge.token().stop_requested());
}

void the_context_is_done_when_the_token_is_asked() {
    world w;
    std::stop_source source;
    const ctx::from_stop_token life(source.get_token(), w.root);
    const ctx::context below = ctx::with_value(life.context(), ctx::key<int>("n"), 1);
    QVERIFY(!below.err());
    source.request_stop();
    QCOMPARE(life.context().err(), ctx::canceled);
    QCOMPARE(ctx::cause(below), ctx::canceled);
}

void a_token_that_was_asked_gives_a_done_context() {
    std::stop_source source;
    source.request_stop();
    const ctx::from_stop_token life(source.get_token());
    QCOMPARE(life.context().err(), ctx::canceled);
    QVERIFY(life.context().done().closed());
}

void a_token_without_a_source_never_cancels() {
    const ctx::from_stop_token life{std::stop_token()};
    QVERIFY(!life.context().err());
    life.cancel()();
    QCOMPARE(life.context().err(), ctx::canceled);
}

void the_parent_counts_too() {
    world w;
    const ctx::error why("why");
    const auto parent = ctx::with_cancel_cause(w.root);
    std::stop_source source;
    const ctx::from_stop_token life(source.get_token(), parent.context);
    parent.cancel(why);
    QCOMPARE(ctx::cause(life.context()), why);
    source.request_stop();
    QCOMPARE(ctx::cause(life.context()), why);
}

void the_scope_ends_the_context() {
    world w;
    std::stop_source source;
    ctx::context kept;
    {
        const ctx::from_stop_token life(source.get_token(), w.root);
        kept = life.context();
        QVERIFY(!kept.err());
    }
    QCOMPARE(kept.err(), ctx::canceled);
    kept = {};
    QCOMPARE(w.live(), 0L);
    source.request_stop();
}

void tokens_are_asked_while_scopes_end() {
    for (int i = 0; i < scaled(500); ++i) {
        std::stop_source source;
        ctx::context kept;
        std::jthread asker;
        {
            const ctx::from_stop_token life(source.get_token());
            asker = std::jthread([source]() mutable { source.request_stop(); });
            kept = life.context();
        }
        QCOMPARE(kept.err(), ctx::canceled);
    }
}

void a_jthread_cancels_what_it_serves() {
    ctx::error seen;
    const ctx::chan<ctx::empty> serving(0);
    {
        const std::jthread t([&](std::stop_token token) {
            const ctx::from_stop_token life(std::move(token));
            serving.close();
            life.context().done().wait();
            seen = life.context().err();
        });
        serving.wait();
    }
    QCOMPARE(seen, ctx::canceled);
}

void it_cancels_at_the_end_of_the_scope() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    {
        const ctx::cancel_guard stop(made.cancel);
        QVERIFY(!made.context.err());
    }
    QCOMPARE(made.context.err(), ctx::canceled);
}

void it_cancels_also_on_the_way_of_an_exception() {
    world w;
    const auto made = ctx::with_timeout(w.root, 1h);
    try {
        const ctx::cancel_guard stop(made.cancel);
        throw std::runtime_error("out");
    } catch (const std::runtime_error&) {
        QCOMPARE(made.context.err(), ctx::canceled);
    }
    QCOMPARE(w.clock->pending(), 0u);
}

void a_guard_that_moved_on_cancels_nothing() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    {
        std::vector<ctx::cancel_guard> later;
        {
            ctx::cancel_guard stop(made.cancel);
            later.push_back(std::move(stop));
        }
        QVERIFY(!made.context.err());
    }
    QCOMPARE(made.context.err(), ctx::canceled);
}

void a_released_guard_cancels_nothing() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    ctx::cancel_func duty;
    {
        ctx::cancel_guard stop(made.cancel);
        duty = stop.release();
    }
    QVERIFY(!made.context.err());
    duty();
    QCOMPARE(made.context.err(), ctx::canceled);
}

void a_guard_of_nothing_does_nothing() {
    const ctx::cancel_guard stop{ctx::cancel_func()};
    ctx::cancel_func()();
}

void it_cancels_a_cause_function_without_a_cause() {
    world w;
    const auto made = ctx::with_cancel_cause(w.root);
    { const ctx::cancel_guard stop(made.cancel); }
    QCOMPARE(ctx::cause(made.context), ctx::canceled);
}

} // namespace

void tst_bridge::asksToStop_data() {
    rules({
        {"the token is asked when the context is done", the_token_is_asked_when_the_context_is_done},
        {"a done context asks at once", a_done_context_asks_at_once},
        {"a deadline asks on time", a_deadline_asks_on_time},
        {"what is never done never asks", what_is_never_done_never_asks},
        {"the join ends with the bridge", the_join_ends_with_the_bridge},
        {"a thread of the standard library stops", a_thread_of_the_standard_library_stops},
    });
}

void tst_bridge::obeysAToken_data() {
    rules({
        {"the context is done when the token is asked", the_context_is_done_when_the_token_is_asked},
        {"a token that was asked gives a done context", a_token_that_was_asked_gives_a_done_context},
        {"a token without a source never cancels", a_token_without_a_source_never_cancels},
        {"CTX-061 the parent counts too", the_parent_counts_too},
        {"the scope ends the context", the_scope_ends_the_context},
        {"tokens are asked while scopes end", tokens_are_asked_while_scopes_end},
        {"a jthread cancels what it serves", a_jthread_cancels_what_it_serves},
    });
}

void tst_bridge::guards_data() {
    rules({
        {"TEACH-004 it cancels at the end of the scope", it_cancels_at_the_end_of_the_scope},
        {"TEACH-004 it cancels also on the way of an exception", it_cancels_also_on_the_way_of_an_exception},
        {"TEACH-004 a guard that moved on cancels nothing", a_guard_that_moved_on_cancels_nothing},
        {"TEACH-004 a released guard cancels nothing", a_released_guard_cancels_nothing},
        {"TEACH-004 a guard of nothing does nothing", a_guard_of_nothing_does_nothing},
        {"CTX-051 it cancels a cause function without a cause", it_cancels_a_cause_function_without_a_cause},
    });
}

QTEST_APPLESS_MAIN(tst_bridge)
#include "tst_bridge.moc"
