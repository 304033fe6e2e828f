// SPDX-License-Identifier: MIT
#include "go_port.h"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

/// Go's x_test.go and context_test.go: roots, cancelling, deadlines.
class tst_go_context : public QObject {
    Q_OBJECT

  private slots:
    void goTests_data();
    void goTests() { run_rule(); }
};

using namespace go_port;

namespace {

void background() {
    QVERIFY(blocks(ctx::background()));
    QCOMPARE(ctx::background().string(), std::string("context.Background"));
}

void todo() {
    QVERIFY(blocks(ctx::todo()));
    QCOMPARE(ctx::todo().string(), std::string("context.TODO"));
}

void with_cancel() {
    const auto [c1, cancel] = ctx::with_cancel(ctx::background());
    QCOMPARE(c1.string(), std::string("context.Background.WithCancel"));
    const ctx::context o = other_context(c1);
    const ctx::context c2 = ctx::with_cancel(o).context;
    for (const ctx::context& c : {c1, o, c2}) QVERIFY(c.done() && !c.err() && blocks(c));
    cancel(); // propagates synchronously
    for (const ctx::context& c : {c1, o, c2}) {
        QVERIFY(!blocks(c));
        QCOMPARE(c.err(), ctx::canceled);
    }
}

void parent_finishes_child() {
    test::world w;
    const auto [parent, cancel] = ctx::with_cancel(w.root);
    const ctx::context cancel_child = ctx::with_cancel(parent).context;
    const ctx::context value_child = ctx::with_value(parent, ctx::any_key(std::string("key")), {});
    const ctx::context timer_child = ctx::with_timeout(value_child, very_long_duration).context;
    const auto after_stop = ctx::after_func(parent, [] {});
    for (const ctx::context& c : {parent, cancel_child, value_child, timer_child}) QVERIFY(blocks(c));
    // Linked are the cancel child, the timer child and the AfterFunc, and not the value.
    QCOMPARE(*ctx::children_of(parent), 3u);
    QCOMPARE(*ctx::children_of(cancel_child) + *ctx::children_of(timer_child), 0u);
    QVERIFY(!ctx::children_of(value_child));
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    cancel();
    QCOMPARE(*ctx::children_of(parent), 0u);
    for (const ctx::context& c : {parent, cancel_child, value_child, timer_child}) {
        QVERIFY(!blocks(c));
        QCOMPARE(c.err(), ctx::canceled);
    }
    const ctx::context late = ctx::with_value(parent, ctx::any_key(std::string("key")), {});
    QVERIFY(!blocks(late));
    QCOMPARE(late.err(), ctx::canceled);
}

void child_finishes_first() {
    test::world w;
    const ctx::context cancelable = ctx::with_cancel(w.root).context;
    for (const ctx::context& parent : {ctx::background(), w.root, cancelable}) {
        const auto [child, cancel] = ctx::with_cancel(parent);
        QVERIFY(blocks(parent) && blocks(child));
        const bool linked = parent == cancelable;
        QCOMPARE(ctx::children_of(parent), linked ? std::optional<std::size_t>(1) : std::nullopt);
        cancel();
        QCOMPARE(ctx::children_of(parent), linked ? std::optional<std::size_t>(0) : std::nullopt);
        QVERIFY(!blocks(child));
        QCOMPARE(child.err(), ctx::canceled);
        QVERIFY(blocks(parent) && !parent.err());
    }
}

void cancel_removes() {
    const ctx::context a = ctx::with_cancel(ctx::background()).context;
    QCOMPARE(*ctx::children_of(a), 0u);
    const auto child = ctx::with_cancel(a);
    QCOMPARE(*ctx::children_of(a), 1u);
    child.cancel();
    QCOMPARE(*ctx::children_of(a), 0u);

    const auto timed = ctx::with_timeout(a, 60min);
    QCOMPARE(*ctx::children_of(a), 1u);
    timed.cancel();
    QCOMPARE(*ctx::children_of(a), 0u);

    const auto stop = ctx::after_func(a, [] {});
    QCOMPARE(*ctx::children_of(a), 1u);
    stop();
    QCOMPARE(*ctx::children_of(a), 0u);
}

void expires(const ctx::context& c) {
    QVERIFY(ends(c.done()));
    QCOMPARE(c.err(), ctx::deadline_exceeded);
}

ctx::time_point in(ctx::duration d) {
    return ctx::real_clock()->now() + d;
}

void deadline() {
    const auto soon = [] { return ctx::with_deadline(ctx::background(), in(short_duration)).context; };
    const ctx::context c = soon();
    QVERIFY(c.string().starts_with("context.Background.WithDeadline("));
    expires(c);
    expires(other_context(soon()));
    expires(ctx::with_deadline(other_context(soon()), in(very_long_duration)).context);
    expires(ctx::with_deadline(ctx::background(), in(-short_duration)).context);
    expires(ctx::with_deadline(ctx::background(), in(0ms)).context);
}

void timeout() {
    const auto soon = [] { return ctx::with_timeout(ctx::background(), short_duration).context; };
    const ctx::context c = soon();
    QVERIFY(c.string().starts_with("context.Background.WithDeadline("));
    expires(c);
    expires(other_context(soon()));
    expires(ctx::with_timeout(other_context(soon()), very_long_duration).context);
}

void canceled_timeout() {
    const ctx::context inner = ctx::with_timeout(ctx::background(), 1h).context;
    const auto [c, cancel] = ctx::with_timeout(other_context(inner), very_long_duration);
    cancel(); // propagates synchronously
    QVERIFY(!blocks(c));
    QCOMPARE(c.err(), ctx::canceled);
    QVERIFY(!inner.err());
}

void with_cancel_canceled_parent() {
    const ctx::error because("Because!");
    const auto [parent, cancel] = ctx::with_cancel_cause(ctx::background());
    cancel(because);
    const ctx::context c = ctx::with_cancel(parent).context;
    QVERIFY(!blocks(c));
    QCOMPARE(c.err(), ctx::canceled);
    QVERIFY(ctx::cause(c) == because);
}

void with_cancel_simultaneously_canceled_parent() {
    for (int i = 0; i < 100; ++i) {
        const ctx::error because("Because!");
        const auto made = ctx::with_cancel_cause(ctx::background());
        std::jthread canceling([&] { made.cancel(because); });
        const ctx::context c = ctx::with_cancel(made.context).context;
        c.done().wait();
        QCOMPARE(c.err(), ctx::canceled);
        QVERIFY(ctx::cause(c) == because);
    }
}

void simultaneous_cancels() {
    std::vector<ctx::cancelable> all{ctx::with_cancel(ctx::background())};
    for (std::size_t next = 0; all.size() < 100; ++next)
        for (int i = 0; i < 4; ++i) all.push_back(ctx::with_cancel(all[next].context));
    std::minstd_rand random(4711);
    std::shuffle(all.begin(), all.end(), random);
    const ctx::wait_group returned;
    returned.add(static_cast<std::int64_t>(all.size()));
    {
        std::vector<std::jthread> threads;
        for (const ctx::cancelable& each : all)
            threads.emplace_back([&] {
                each.cancel();
                returned.done();
            });
        for (const ctx::cancelable& each : all) QVERIFY(ends(each.context.done()));
        QVERIFY(ends(returned.zero()));
    }
}

void interlocked_cancels() {
    const auto parent = ctx::with_cancel(ctx::background());
    const auto child = ctx::with_cancel(parent.context);
    std::jthread other([&] {
        parent.context.done().wait();
        child.cancel();
    });
    parent.cancel();
    QVERIFY(ends(child.context.done()));
}

void context_err_done_race() {
    for (int i = 0; i < 10; ++i) {
        const auto made = ctx::with_cancel(ctx::background());
        const auto done = made.context.done();
        std::jthread canceling([&] { made.cancel(); });
        while (!made.context.err()) {
        }
        QCOMPARE(std::size_t(ctx::select(ctx::recv(done), ctx::otherwise())), 0u);
    }
}

} // namespace

void tst_go_context::goTests_data() {
    rules({
        {"TestBackground", background},
        {"TestTODO", todo},
        {"TestWithCancel", with_cancel},
        {"TestParentFinishesChild", parent_finishes_child},
        {"TestChildFinishesFirst", child_finishes_first},
        {"TestCancelRemoves", cancel_removes},
        {"TestDeadline", deadline},
        {"TestTimeout", timeout},
        {"TestCanceledTimeout", canceled_timeout},
        {"TestWithCancelCanceledParent", with_cancel_canceled_parent},
        {"TestWithCancelSimultaneouslyCanceledParent", with_cancel_simultaneously_canceled_parent},
        {"TestSimultaneousCancels", simultaneous_cancels},
        {"TestInterlockedCancels", interlocked_cancels},
        {"TestContextErrDoneRace", context_err_done_race},
    });
}

QTEST_APPLESS_MAIN(tst_go_context)
#include "tst_go_context.moc"
