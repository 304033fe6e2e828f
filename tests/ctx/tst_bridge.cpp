// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <condition_variable>
#include <thread>

/// Contexts and std::stop_token, both ways; and Go's `defer cancel()`.
class tst_bridge : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;

namespace {

void a_stop_token_hears_of_a_cancel() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::stop_bridge bridge(c.context);
    const std::stop_token token = bridge.token();
    QVERIFY(token.stop_possible() && !token.stop_requested());
    c.cancel();
    w.run();
    QVERIFY(token.stop_requested());
    QVERIFY(ctx::stop_bridge(c.context).token().stop_requested()); // at once: it is done already
}

void a_bridge_that_is_gone_registers_nothing() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    std::stop_token token;
    {
        const ctx::stop_bridge bridge(c.context);
        token = bridge.token();
        QCOMPARE(*ctx::children_of(c.context), 1u);
    }
    QCOMPARE(*ctx::children_of(c.context), 0u);
    c.cancel();
    w.run();
    QVERIFY(!token.stop_requested());
}

void a_thread_with_a_stop_token_is_ended_by_a_context() {
    const auto c = ctx::with_timeout(ctx::background(), 1ms);
    const ctx::stop_bridge bridge(c.context);
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, bridge.token(), [] { return false; });
    QCOMPARE(c.context.err(), ctx::deadline_exceeded);
}

void a_jthread_is_asked_to_stop_by_a_context() {
    const auto c = ctx::with_cancel(ctx::background());
    std::jthread t([](std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, stop, [] { return false; });
    });
    const ctx::stop_bridge bridge(c.context, t.get_stop_source());
    QVERIFY(bridge.token() == t.get_stop_token() && !bridge.token().stop_requested());
    c.cancel();
    t.join(); // not its own doing: it was joined before its destructor could ask
    QVERIFY(bridge.token().stop_requested());
}

void a_context_hears_of_a_stop_request() {
    world w;
    std::stop_source source;
    const ctx::from_stop_token life(source.get_token(), w.root);
    const ctx::context child = ctx::with_cancel(life.context()).context;
    QVERIFY(!child.err());
    source.request_stop();
    QCOMPARE(life.context().err(), ctx::canceled);
    QCOMPARE(child.err(), ctx::canceled);
}

void a_token_that_is_stopped_gives_a_done_context() {
    std::stop_source source;
    source.request_stop();
    QCOMPARE(ctx::from_stop_token(source.get_token()).context().err(), ctx::canceled);
    QVERIFY(!ctx::from_stop_token(std::stop_token()).context().err());
}

void the_end_of_the_scope_ends_the_context() {
    world w;
    std::optional<ctx::context> kept;
    {
        const ctx::from_stop_token life(std::stop_token(), w.root);
        kept = life.context();
        QVERIFY(!kept->err());
    }
    QCOMPARE(kept->err(), ctx::canceled);
    kept.reset();
    QCOMPARE(w.live(), 0L);
}

void a_jthread_ends_a_context() {
    std::atomic<bool> canceled{false};
    {
        std::jthread t([&](std::stop_token stop) {
            const ctx::from_stop_token life(stop);
            life.context().done().wait();
            canceled = life.context().err() == ctx::canceled;
        });
    }
    QVERIFY(canceled);
}

void a_guard_cancels_at_the_end_of_the_scope() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root), c = ctx::with_cancel(w.root);
    {
        const ctx::cancel_guard first(a.cancel);
        ctx::cancel_guard second(b.cancel);
        const ctx::cancel_guard moved(std::move(second));
        ctx::cancel_guard released(c.cancel);
        (void)released.release();
        QVERIFY(!a.context.err() && !b.context.err());
    }
    QVERIFY(a.context.err() && b.context.err() && !c.context.err());
}

} // namespace

void tst_bridge::holds_data() {
    rules({
        {"CTX-140 a stop token hears of a cancel", a_stop_token_hears_of_a_cancel},
        {"CTX-147 a bridge that is gone registers nothing", a_bridge_that_is_gone_registers_nothing},
        {"CTX-140 a thread with a stop token is ended by a context",
         a_thread_with_a_stop_token_is_ended_by_a_context},
        {"CTX-140 a jthread is asked to stop by a context", a_jthread_is_asked_to_stop_by_a_context},
        {"CTX-035 a context hears of a stop request", a_context_hears_of_a_stop_request},
        {"CTX-036 a token that is stopped gives a done context",
         a_token_that_is_stopped_gives_a_done_context},
        {"CTX-304 the end of the scope ends the context", the_end_of_the_scope_ends_the_context},
        {"CTX-035 a jthread ends a context", a_jthread_ends_a_context},
        {"CTX-304 a guard cancels at the end of the scope", a_guard_cancels_at_the_end_of_the_scope},
    });
}

QTEST_APPLESS_MAIN(tst_bridge)
#include "tst_bridge.moc"
