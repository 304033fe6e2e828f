// SPDX-License-Identifier: MIT
#include "race/race.h"
#include "rules.h"
#include "world.h"

#include <thread>
#include <vector>

/// The four questions that every context answers, from any thread and at any time.
class tst_interface : public QObject {
    Q_OBJECT

  private slots:
    void isSafeFromAnyThread_data();
    void isSafeFromAnyThread() { run_rule(); }
    void answersTheSame_data();
    void answersTheSame() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void all_may_be_asked_while_others_derive_and_cancel() {
    const auto top = ctx::with_timeout(ctx::with_value(ctx::background(), number, 7), 1h);
    const ctx::context c = top.context;
    const auto until = c.deadline();
    std::atomic<bool> ended{false};
    std::atomic<int> wrong{0}, asked{0}, derived{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                while (!ended) {
                    const ctx::error e = c.err();
                    const bool right =
                        c.deadline() == until && *c.value(number) == 7 &&
                        (!e || (e == ctx::canceled && c.done().closed() && ctx::cause(c) == ctx::canceled));
                    wrong += !right;
                    ++asked;
                }
            });
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([&] {
                while (!ended) {
                    const auto child = ctx::with_cancel(c);
                    const ctx::context below =
                        ctx::with_timeout(ctx::with_value(child.context, number, 8), 2h).context;
                    const auto stop = ctx::after_func(below, [] {});
                    stop();
                    child.cancel();
                    wrong += !below.err() || *below.value(number) != 8 ||
                             *ctx::without_cancel(c).value(number) != 7;
                    ++derived;
                }
            });
        while (asked < 1000 || derived < 100) std::this_thread::yield();
        top.cancel();
        const int before = asked, derived_before = derived;
        while (asked < before + 1000 || derived < derived_before + 100) std::this_thread::yield();
        ended = true;
    }
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(*ctx::children_of(c), 0u);
}

void first_calls_of_done_get_the_same_channel() {
    std::optional<ctx::cancelable> made;
    ctx::recv_chan<ctx::empty> first, second;
    int different = 0, open = 0;
    bool early = false;
    race(
        scaled(2000),
        [&] {
            made = ctx::with_cancel(ctx::background());
            early = !early;
            if (early) made->cancel();
        },
        {[&] { first = made->context.done(); }, [&] { second = made->context.done(); }},
        [&] {
            different += !(first == second) || !first;
            open += early != first.closed();
            made->cancel();
            open += !first.closed();
        });
    QCOMPARE(different, 0);
    QCOMPARE(open, 0);
}

void a_deadline_is_inherited_but_not_through_without_cancel() {
    world w;
    const ctx::context five = ctx::with_timeout(w.root, 5s).context;
    const ctx::context view = ctx::with_value(five, number, 1);
    const ctx::context node = ctx::with_cancel(view).context;
    const ctx::context wrapped = make<wrapper>(w.root, node);
    for (const ctx::context& c : {view, node, wrapped, ctx::with_cancel(wrapped).context})
        QCOMPARE(c.deadline(), std::optional(ctx::time_point(5s)));
    // The nearest of its own, which is the earliest: a later one is not installed.
    const ctx::context nearer = ctx::with_timeout(wrapped, 3s).context;
    QCOMPARE(ctx::with_value(nearer, number, 2).deadline(), std::optional(ctx::time_point(3s)));
    QCOMPARE(ctx::with_timeout(nearer, 4s).context.deadline(), std::optional(ctx::time_point(3s)));
    const ctx::context detached = ctx::without_cancel(nearer);
    QVERIFY(!detached.deadline() &&
            !ctx::with_cancel(ctx::with_value(detached, number, 3)).context.deadline());
    QCOMPARE(ctx::with_timeout(detached, 9s).context.deadline(), std::optional(ctx::time_point(9s)));
}

void without_a_done_there_is_no_channel() {
    world w;
    const ctx::context node = ctx::with_cancel(w.root).context;
    for (const ctx::context& c : {ctx::background(), ctx::todo(), w.root, ctx::without_cancel(node)}) {
        QVERIFY(!c.done());
        QVERIFY(!ctx::with_value(ctx::with_value(c, number, 1), number, 2).done());
        QVERIFY(ctx::with_cancel(c).context.done());
    }
    QVERIFY(!node.done().try_receive()); // nothing is ever sent
}

void err_is_empty_until_done_and_then_stays() {
    world w;
    const auto cancelled = ctx::with_timeout(w.root, 10s), expired = ctx::with_timeout(w.root, 1s);
    const ctx::context below = ctx::with_cancel(expired.context).context;
    for (const ctx::context& c : {cancelled.context, expired.context, below}) QVERIFY(!c.err());
    cancelled.cancel();
    QVERIFY(!expired.context.err());
    w.advance(1s);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(cancelled.context.err(), ctx::canceled);
        QCOMPARE(expired.context.err(), ctx::deadline_exceeded);
        QCOMPARE(below.err(), ctx::deadline_exceeded);
        expired.cancel();
        w.advance(10s);
    }
}

void err_is_never_a_cause() {
    world w;
    const ctx::error boom("boom"), own("the foreign context's own");
    const auto cancelled = ctx::with_cancel_cause(w.root);
    const ctx::context below = ctx::with_timeout_cause(cancelled.context, 1s, boom).context;
    const ctx::context expired = ctx::with_timeout_cause(w.root, 1s, boom).context;
    cancelled.cancel(boom);
    w.advance(1s);
    QCOMPARE(cancelled.context.err(), ctx::canceled);
    QCOMPARE(below.err(), ctx::canceled);
    QCOMPARE(expired.err(), ctx::deadline_exceeded);
    const auto outside = std::make_shared<foreign>();
    const ctx::context child = ctx::with_cancel_cause(ctx::context(outside, w.root)).context;
    outside->cancel(own);
    w.run();
    QVERIFY(child.err() == own);
}

void values_are_the_same_before_and_after() {
    world w;
    const ctx::context top = ctx::with_value(w.root, number, 1);
    const auto node = ctx::with_timeout(top, 1s);
    const ctx::context nearer = ctx::with_cancel(ctx::with_value(node.context, number, 2)).context;
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(*node.context.value(number), 1);
        QCOMPARE(*nearer.value(number), 2);
        QVERIFY(!w.root.value(number));
        w.advance(1s);
        QCOMPARE(nearer.err(), ctx::deadline_exceeded);
    }
}

} // namespace

void tst_interface::isSafeFromAnyThread_data() {
    rules({
        {"CTX-001 everything may be asked while others derive and cancel",
         all_may_be_asked_while_others_derive_and_cancel},
        {"CTX-006 threads that race for the first Done get the same channel",
         first_calls_of_done_get_the_same_channel},
    });
}

void tst_interface::answersTheSame_data() {
    rules({
        {"CTX-003 a deadline is inherited, but not through without_cancel",
         a_deadline_is_inherited_but_not_through_without_cancel},
        {"CTX-004 what can never be done has no channel", without_a_done_there_is_no_channel},
        {"CTX-007 Err is empty until the context is done, and then stays",
         err_is_empty_until_done_and_then_stays},
        {"CTX-009 Err is never a cause", err_is_never_a_cause},
        {"CTX-010 values are the same before and after the end", values_are_the_same_before_and_after},
    });
}

QTEST_APPLESS_MAIN(tst_interface)
#include "tst_interface.moc"
