// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <thread>

/// One context out of two, and a context for cleaning up after another.
class tst_merge : public QObject {
    Q_OBJECT

  private slots:
    void merged_data();
    void merged() { run_rule(); }
    void shielded_data();
    void shielded() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void it_ends_with_the_first_and_its_cause() {
    world w;
    const auto a = ctx::with_cancel_cause(w.root), b = ctx::with_cancel_cause(w.root);
    const auto m = ctx::merge(a.context, b.context);
    QVERIFY(!m.context.err());
    const ctx::error boom("boom");
    a.cancel(boom);
    QCOMPARE(m.context.err(), ctx::canceled); // before the cancel returned
    QCOMPARE(ctx::cause(m.context), boom);
    b.cancel(ctx::error("too late"));
    w.run();
    QCOMPARE(ctx::cause(m.context), boom);
}

void it_ends_with_the_second_and_its_cause() {
    world w;
    const auto a = ctx::with_cancel_cause(w.root), b = ctx::with_cancel_cause(w.root);
    const auto m = ctx::merge(a.context, b.context);
    const ctx::context below = ctx::with_cancel(m.context).context;
    const ctx::error boom("boom");
    b.cancel(boom);
    w.run();
    QCOMPARE(m.context.err(), ctx::canceled);
    QCOMPARE(ctx::cause(below), boom);
    QVERIFY(!a.context.err());
}

void its_own_cancel_ends_neither() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root);
    const auto m = ctx::merge(a.context, b.context);
    const ctx::error boom("boom");
    m.cancel(boom);
    QCOMPARE(ctx::cause(m.context), boom);
    QVERIFY(!a.context.err() && !b.context.err());
    QCOMPARE(*ctx::children_of(a.context), 0u);
    QCOMPARE(ctx::watchers_of(b.context), 0u);
}

void one_that_is_done_gives_a_done_result() {
    world w;
    const ctx::error first("first"), second("second");
    const auto a = ctx::with_cancel_cause(w.root), b = ctx::with_cancel_cause(w.root);
    b.cancel(second);
    QCOMPARE(ctx::cause(ctx::merge(a.context, b.context).context), second);
    a.cancel(first);
    QCOMPARE(ctx::cause(ctx::merge(a.context, b.context).context), first);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void values_come_from_the_first() {
    world w;
    const ctx::context a = ctx::with_value(w.root, number, 1), b = ctx::with_value(w.root, number, 2);
    const auto m = ctx::merge(a, b);
    QCOMPARE(*m.context.value(number), 1);
    QVERIFY(!ctx::merge(w.root, b).context.value(number));
}

void its_deadline_is_the_earlier_one() {
    world w;
    const auto soon = ctx::with_timeout(w.root, 1s), late = ctx::with_timeout(w.root, 2s);
    const auto at = [](const ctx::cause_cancelable& m) { return m.context.deadline()->time_since_epoch(); };
    QCOMPARE(at(ctx::merge(soon.context, late.context)), ctx::duration(1s));
    QCOMPARE(at(ctx::merge(late.context, soon.context)), ctx::duration(1s));
    QCOMPARE(at(ctx::merge(w.root, soon.context)), ctx::duration(1s));
    QCOMPARE(at(ctx::merge(soon.context, w.root)), ctx::duration(1s));
    QVERIFY(!ctx::merge(w.root, w.root).context.deadline());
    const ctx::context elsewhere = ctx::background({.clock = std::make_shared<ctx::virtual_clock>()});
    QVERIFY(!ctx::merge(elsewhere, soon.context).context.deadline());
}

void a_deadline_of_the_second_is_a_deadline_of_the_result() {
    world w;
    const ctx::error slow("slow");
    const auto b = ctx::with_timeout_cause(w.root, 1s, slow);
    const auto m = ctx::merge(w.root, b.context);
    const auto child = ctx::with_timeout(m.context, 5s);
    QCOMPARE(child.context.deadline()->time_since_epoch(), ctx::duration(1s));
    w.advance(1s);
    QCOMPARE(m.context.err(), ctx::deadline_exceeded);
    QCOMPARE(ctx::cause(m.context), slow);
    QCOMPARE(child.context.err(), ctx::deadline_exceeded);
}

void a_dropped_result_leaves_nothing_behind() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root);
    {
        const auto m = ctx::merge(a.context, b.context);
        QCOMPARE(ctx::watchers_of(b.context), 1u);
        QCOMPARE(*ctx::children_of(a.context), 1u);
    }
    QCOMPARE(ctx::watchers_of(b.context), 0u);
    QCOMPARE(*ctx::children_of(a.context), 0u);
    QCOMPARE(w.live(), 2L);
}

void a_callback_of_a_dropped_result_hears_of_the_second() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root);
    int ran = 0;
    ctx::after_func(ctx::merge(a.context, b.context).context, [&] { ++ran; });
    w.run();
    QCOMPARE(ran, 0);
    b.cancel();
    w.run();
    QCOMPARE(ran, 1);
    QCOMPARE(w.live(), 2L);
}

void two_foreign_contexts_can_be_merged() {
    world w;
    const auto f = std::make_shared<foreign>(), g = std::make_shared<foreign>();
    const ctx::context a(f, w.root), b(g, w.root);
    const auto by_first = ctx::merge(a, b), by_second = ctx::merge(b, a);
    g->cancel();
    w.run();
    QCOMPARE(by_first.context.err(), ctx::canceled);
    QCOMPARE(by_second.context.err(), ctx::canceled);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    const auto later = ctx::merge(a, w.root);
    f->cancel(ctx::deadline_exceeded);
    w.run();
    QCOMPARE(later.context.err(), ctx::deadline_exceeded);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void it_is_named_after_both() {
    world w;
    const auto b = ctx::with_cancel(w.root);
    const auto m = ctx::merge(w.root, b.context);
    QCOMPARE(m.context.string(), std::string("ctx.merge(context.Background, context.Background.WithCancel)"));
    QCOMPARE(ctx::with_cancel(m.context).context.string(), m.context.string() + ".WithCancel");
}

void many_can_be_merged_into_one() {
    world w;
    std::vector<ctx::cancelable> parts;
    std::optional<ctx::context> all;
    for (int i = 0; i < 200; ++i) {
        parts.push_back(ctx::with_cancel(w.root));
        all = all ? ctx::merge(*all, parts.back().context).context : parts.back().context;
    }
    parts.back().cancel();
    w.run();
    QVERIFY(all->err());
    all.reset();
    parts.clear();
    QCOMPARE(w.live(), 0L);
}

void both_may_end_at_the_same_time() {
    for (int i = 0; i < scaled(500); ++i) {
        const ctx::error first("first"), second("second");
        const auto a = ctx::with_cancel_cause(ctx::background()),
                   b = ctx::with_cancel_cause(ctx::background());
        std::optional<ctx::cause_cancelable> m;
        {
            std::jthread x([&] { a.cancel(first); }), y([&] { b.cancel(second); });
            m = ctx::merge(a.context, b.context);
        }
        m->context.done().wait();
        const ctx::error why = ctx::cause(m->context);
        QVERIFY(why == first || why == second);
    }
}

void it_outlives_the_cancel_of_its_parent() {
    world w;
    const auto a = ctx::with_timeout(ctx::with_value(w.root, number, 7), 1s);
    a.cancel();
    const auto s = ctx::shield(a.context, 5s);
    QVERIFY(!s.context.err());
    QCOMPARE(*s.context.value(number), 7);
    QCOMPARE(s.context.deadline()->time_since_epoch(), ctx::duration(5s));
    w.advance(5s);
    QCOMPARE(s.context.err(), ctx::deadline_exceeded);
}

void it_can_be_cancelled_early() {
    world w;
    const auto s = ctx::shield(w.root, 5s);
    s.cancel();
    QCOMPARE(s.context.err(), ctx::canceled);
    QCOMPARE(w.clock->pending(), 0u);
}

} // namespace

void tst_merge::merged_data() {
    rules({
        {"CTX-149 it ends with the first and its cause", it_ends_with_the_first_and_its_cause},
        {"CTX-149 it ends with the second and its cause", it_ends_with_the_second_and_its_cause},
        {"CTX-035 its own cancel ends neither", its_own_cancel_ends_neither},
        {"CTX-036 one that is done gives a done result", one_that_is_done_gives_a_done_result},
        {"CTX-110 values come from the first", values_come_from_the_first},
        {"CTX-082 its deadline is the earlier one", its_deadline_is_the_earlier_one},
        {"CTX-087 a deadline of the second is a deadline of the result",
         a_deadline_of_the_second_is_a_deadline_of_the_result},
        {"CTX-302 a dropped result leaves nothing behind", a_dropped_result_leaves_nothing_behind},
        {"CTX-303 a callback of a dropped result hears of the second",
         a_callback_of_a_dropped_result_hears_of_the_second},
        {"CTX-160 two foreign contexts can be merged", two_foreign_contexts_can_be_merged},
        {"CTX-210 it is named after both", it_is_named_after_both},
        {"CTX-199 many can be merged into one", many_can_be_merged_into_one},
        {"CTX-194 both may end at the same time", both_may_end_at_the_same_time},
    });
}

void tst_merge::shielded_data() {
    rules({
        {"CTX-130 it outlives the cancel of its parent", it_outlives_the_cancel_of_its_parent},
        {"CTX-088 it can be cancelled early", it_can_be_cancelled_early},
    });
}

QTEST_APPLESS_MAIN(tst_merge)
#include "tst_merge.moc"
