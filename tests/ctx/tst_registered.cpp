// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <vector>

/// Who is in whose set of children, from when until when.
class tst_registered : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void from_derivation_to_the_end() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    const auto count = [&] { return *ctx::children_of(parent.context); };
    const auto cancelled = ctx::with_cancel(parent.context);
    QCOMPARE(count(), 1u);
    const auto expired = ctx::with_timeout(parent.context, 1s);
    const ctx::context view = ctx::with_value(parent.context, number, 1);
    QCOMPARE(count(), 2u);
    const auto behind = ctx::with_cancel(view), last = ctx::with_cancel(view);
    const auto stop = ctx::after_func(view, [] {});
    QCOMPARE(count(), 5u);
    const ctx::context grandchild = ctx::with_cancel(behind.context).context;
    QCOMPARE(count(), 5u); // one's own children only
    cancelled.cancel();
    QCOMPARE(count(), 4u);
    w.advance(1s);
    QCOMPARE(count(), 3u);
    cancelled.cancel();
    expired.cancel();
    QCOMPARE(count(), 3u);
    QVERIFY(stop());
    QCOMPARE(count(), 2u);
    parent.cancel();
    QCOMPARE(count(), 0u);
    QVERIFY(behind.context.err() && last.context.err() && grandchild.err());
    const ctx::context late = ctx::with_cancel(parent.context).context;
    QCOMPARE(count(), 0u);
    QVERIFY(late.err());
}

void who_does_not_cancel_stays_registered() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    std::vector<ctx::cancel_func> never_called;
    for (int i = 0; i < 1000; ++i) never_called.push_back(ctx::with_timeout(parent.context, 1h).cancel);
    QCOMPARE(*ctx::children_of(parent.context), 1000u);
    QCOMPARE(w.clock->pending(), 1000u);
    w.advance(1h - 1ns);
    QCOMPARE(*ctx::children_of(parent.context), 1000u);
    w.advance(1ns);
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    QCOMPARE(w.clock->pending(), 0u);
    for (const ctx::cancel_func& cancel : never_called) cancel();
    never_called.clear();
    QCOMPARE(w.live(), 1L);
}

void nothing_is_ever_registered_with_a_root() {
    world w;
    std::vector<ctx::cancelable> all;
    for (const ctx::context& root : {w.root, ctx::todo(w.root), ctx::without_cancel(w.root)}) {
        for (int i = 0; i < 1000; ++i) {
            all.push_back(ctx::with_cancel(root));
            all.push_back(ctx::with_timeout(ctx::with_value(root, number, i), 1h));
            ctx::after_func(root, [] {});
        }
        QVERIFY(!ctx::children_of(root));
    }
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    QVERIFY(w.steps.idle()); // no thread was asked for
    all.clear();
    QCOMPARE(w.live(), 0L);
}

void without_cancel_registers_nothing() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const ctx::context outside = make<foreign>(w.root);
    std::vector<ctx::context> kept;
    for (int i = 0; i < 100; ++i) {
        kept.push_back(ctx::without_cancel(node.context));
        kept.push_back(ctx::without_cancel(outside));
        kept.push_back(ctx::with_cancel(kept.back()).context);
    }
    QCOMPARE(*ctx::children_of(node.context), 0u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    QVERIFY(w.steps.idle());
}

void what_is_taken_from_a_done_parent_is_open() {
    world w;
    const auto node = ctx::with_cancel_cause(ctx::with_value(w.root, number, 7));
    node.cancel(ctx::error("boom"));
    const ctx::context free = ctx::without_cancel(node.context);
    QVERIFY(!free.err() && !free.done() && !ctx::cause(free));
    QCOMPARE(*free.value(number), 7);
    const auto child = ctx::with_cancel(free);
    QVERIFY(!child.context.err());
    child.cancel();
    QCOMPARE(ctx::cause(child.context), ctx::canceled);
    QVERIFY(!free.err());
}

} // namespace

void tst_registered::holds_data() {
    rules({
        {"CTX-300 a child is in its parent's set from derivation to its end", from_derivation_to_the_end},
        {"CTX-304 who does not cancel stays registered until the timer fires",
         who_does_not_cancel_stays_registered},
        {"CTX-022 nothing is ever registered with a root, and no watcher is started",
         nothing_is_ever_registered_with_a_root},
        {"CTX-131 without_cancel registers nothing and starts no watcher", without_cancel_registers_nothing},
        {"CTX-133 what without_cancel takes from a done parent is open",
         what_is_taken_from_a_done_parent_is_open},
    });
}

QTEST_APPLESS_MAIN(tst_registered)
#include "tst_registered.moc"
