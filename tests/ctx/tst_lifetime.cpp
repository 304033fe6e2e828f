// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <thread>
#include <vector>

/// What keeps contexts alive, what does not, and that nothing of them is left over.
class tst_lifetime : public QObject {
    Q_OBJECT

  private slots:
    void droppingCancelsNothing_data();
    void droppingCancelsNothing() { run_rule(); }
    void nothingIsLeft_data();
    void nothingIsLeft() { run_rule(); }
    void sizeIsNoObstacle_data();
    void sizeIsNoObstacle() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void a_dropped_child_is_closed_by_its_parent() {
    world w;
    auto [parent, cancel] = ctx::with_cancel(w.root);
    const auto done = ctx::with_cancel(parent).context.done();
    QCOMPARE(*ctx::children_of(parent), 1u);
    QVERIFY(!done.closed());
    cancel();
    QVERIFY(done.closed());
}

void a_dropped_child_expires_on_time() {
    world w;
    const auto done = ctx::with_timeout(w.root, 5s).context.done();
    w.advance(4999ms);
    QVERIFY(!done.closed());
    w.advance(1ms);
    QVERIFY(done.closed());
}

void children_of_a_dropped_context_are_cancelled() {
    world w;
    auto [parent, cancel] = ctx::with_cancel(w.root);
    const ctx::context grandchild = ctx::with_cancel(ctx::with_cancel(parent).context).context;
    QVERIFY(!grandchild.err());
    cancel();
    QCOMPARE(grandchild.err(), ctx::canceled);
}

void a_callback_of_a_dropped_context_runs() {
    world w;
    int ran = 0;
    auto [parent, cancel] = ctx::with_cancel(w.root);
    ctx::after_func(ctx::with_value(ctx::with_cancel(parent).context, number, 1), [&] { ++ran; });
    QCOMPARE(*ctx::children_of(parent), 1u);
    w.run();
    QCOMPARE(ran, 0);
    cancel();
    w.run();
    QCOMPARE(ran, 1);
}

void a_callback_of_a_dropped_deadline_runs() {
    world w;
    int ran = 0;
    ctx::after_func(ctx::with_timeout(w.root, 3s).context, [&] { ++ran; });
    w.advance(2s);
    QCOMPARE(ran, 0);
    w.advance(1s);
    QCOMPARE(ran, 1);
    QCOMPARE(w.live(), 0L);
}

void a_callback_below_dropped_contexts_runs() {
    world w;
    int ran = 0;
    auto [top, cancel] = ctx::with_cancel(w.root);
    {
        ctx::context c = top;
        for (int i = 0; i < 100; ++i) c = ctx::with_value(ctx::with_cancel(c).context, number, i);
        ctx::after_func(c, [&] { ++ran; });
    }
    // What only leads to the callback stays; the values in between are not needed any more.
    QCOMPARE(w.live(), 1L + 100 + 1);
    cancel();
    w.run();
    QCOMPARE(ran, 1);
    QCOMPARE(w.live(), 1L);
}

void a_dropped_cancel_function_cancels_nothing() {
    world w;
    const ctx::context c = [&] { return ctx::with_cancel(w.root).context; }();
    QVERIFY(!c.err());
    QVERIFY(!c.done().closed());
}

void a_cancel_function_outlives_the_context() {
    world w;
    const ctx::cancel_func cancel = ctx::with_cancel(ctx::with_cancel(w.root).context).cancel;
    cancel();
    cancel();
    QCOMPARE(w.live(), 2L);
}

void a_context_keeps_its_ancestors() {
    world w;
    ctx::context c = ctx::with_value(w.root, number, 7);
    for (int i = 0; i < 3; ++i) {
        auto made = ctx::with_cancel(c);
        made.cancel();
        c = made.context;
    }
    QCOMPARE(w.live(), 4L);
    QCOMPARE(*c.value(number), 7);
    c = {};
    QCOMPARE(w.live(), 0L);
}

void the_parent_keeps_no_dropped_child() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    for (int i = 0; i < 10; ++i) (void)ctx::with_cancel(ctx::with_value(parent.context, number, i));
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    QCOMPARE(w.live(), 1L);
}

void a_dropped_root_frees_its_callbacks() {
    auto count = std::make_shared<census>();
    auto held = std::make_shared<int>(1);
    int ran = 0;
    {
        const ctx::context root =
            ctx::background({.clock = {}, .scheduler = {}, .observer = count, .sibling_seed = {}});
        const ctx::context top = ctx::with_cancel(root).context;
        for (int i = 0; i < 10; ++i) {
            const ctx::context middle = ctx::with_cancel(top).context;
            for (int j = 0; j < 10; ++j)
                ctx::after_func(ctx::with_cancel(middle).context, [held, &ran] { ++ran; });
        }
        QCOMPARE(held.use_count(), 101);
        QCOMPARE(count->live(), 1L + 1 + 10 + 100 + 100);
    }
    QCOMPARE(held.use_count(), 1);
    QCOMPARE(count->live(), 0L);
    QCOMPARE(ran, 0);
}

void a_dropped_tree_of_every_kind_is_freed() {
    world w;
    {
        const ctx::context a = ctx::with_cancel(w.root).context;
        const ctx::context b = ctx::with_timeout(ctx::with_value(a, number, 1), 10s).context;
        const ctx::context c = ctx::without_cancel(b);
        const ctx::context d =
            ctx::with_timeout_cause(make<wrapper>(w.root, b), 5s, ctx::error("late")).context;
        const ctx::context e = ctx::with_cancel(make<foreign>(w.root)).context;
        const ctx::context f = ctx::with_cancel_cause(ctx::todo(w.root)).context;
        QCOMPARE(w.live(), 10L);
        QCOMPARE(w.clock->pending(), 2u);
        QCOMPARE(ctx::watchers_of(w.root), 1u);
    }
    QCOMPARE(w.live(), 0L);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void an_unreferenced_deadline_gives_its_timer_back() {
    world w;
    auto made = ctx::with_timeout(w.root, 1h);
    QCOMPARE(w.clock->pending(), 1u);
    made = {};
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(w.live(), 0L);
}

void a_done_context_keeps_nothing() {
    world w;
    auto held = std::make_shared<int>(1);
    auto [parent, cancel] = ctx::with_cancel(w.root);
    std::vector<ctx::stop_func> stops;
    for (int i = 0; i < 5; ++i) {
        (void)ctx::with_timeout(parent, 1h).context.done();
        ctx::after_func(ctx::with_cancel(parent).context, [held] {});
        stops.push_back(ctx::after_func(parent, [held] {}));
    }
    cancel();
    w.run();
    QCOMPARE(held.use_count(), 1);
    QCOMPARE(*ctx::children_of(parent), 0u);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(w.live(), 1L + 5); // the stop functions hold their registrations
    stops.clear();
    QCOMPARE(w.live(), 1L);
}

void a_stopped_callback_is_freed() {
    world w;
    auto held = std::make_shared<int>(1);
    const ctx::context c = ctx::with_cancel(w.root).context;
    const auto stop = ctx::after_func(c, [held] {});
    QCOMPARE(held.use_count(), 2);
    QVERIFY(stop());
    QCOMPARE(held.use_count(), 1);
    QCOMPARE(*ctx::children_of(c), 0u);
}

void rounds_of_derive_and_cancel_leave_nothing() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    const ctx::context outside = make<foreign>(w.root);
    for (int i = 0; i < 10'000; ++i) {
        auto child = ctx::with_cancel(parent.context);
        auto timed = ctx::with_timeout(child.context, 1h);
        auto watched = ctx::with_cancel(outside);
        const auto stop = ctx::after_func(timed.context, [] {});
        QCOMPARE(*ctx::children_of(parent.context), 1u);
        QCOMPARE(ctx::watchers_of(w.root), 1u);
        if (i % 2) stop();
        child.cancel();
        watched.cancel();
    }
    w.run();
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    QCOMPARE(w.live(), 2L);
}

/// On a stack as an ordinary thread has it.
template <class F>
void in_a_thread(F f) {
    std::thread(f).join();
}

void a_deep_chain_is_cancelled() {
    in_a_thread([] {
        world w;
        const auto top = ctx::with_cancel(w.root);
        ctx::context c = top.context;
        for (int i = 0; i < scaled(1'000'000); ++i) c = ctx::with_cancel(c).context;
        top.cancel();
        QCOMPARE(c.err(), ctx::canceled);
        c = {};
        QCOMPARE(w.live(), 1L);
    });
}

void a_deep_chain_is_dropped() {
    in_a_thread([] {
        world w;
        ctx::context c = w.root;
        for (int i = 0; i < scaled(1'000'000); ++i)
            c = i % 3 ? ctx::with_cancel(c).context : ctx::with_value(c, number, i);
        c = {};
        QCOMPARE(w.live(), 0L);
    });
}

void a_deep_chain_that_only_a_callback_keeps_is_dropped() {
    in_a_thread([] {
        world w;
        {
            const auto top = ctx::with_cancel(w.root);
            ctx::context c = top.context;
            for (int i = 0; i < scaled(1'000'000); ++i) c = ctx::with_cancel(c).context;
            ctx::after_func(c, [] {});
            c = {};
            QCOMPARE(w.live(), 2L + scaled(1'000'000));
        }
        QCOMPARE(w.live(), 0L);
    });
}

void a_wide_parent_is_cancelled() {
    in_a_thread([] {
        world w;
        const auto top = ctx::with_cancel(w.root);
        std::vector<ctx::context> children;
        children.reserve(scaled(1'000'000));
        for (int i = 0; i < scaled(1'000'000); ++i) children.push_back(ctx::with_cancel(top.context).context);
        QCOMPARE(*ctx::children_of(top.context), children.size());
        top.cancel();
        for (const ctx::context& c : children) QVERIFY(c.err());
        children.clear();
        QCOMPARE(w.live(), 1L);
    });
}

void a_wide_parent_loses_its_children_one_by_one() {
    in_a_thread([] {
        world w;
        const auto top = ctx::with_cancel(w.root);
        std::vector<ctx::cancelable> children;
        for (int i = 0; i < scaled(1'000'000); ++i) children.push_back(ctx::with_cancel(top.context));
        // Taking one of a million out takes as long as taking out one of two: this would not end otherwise.
        for (std::size_t i = 0; i < children.size(); i += 2) children[i].cancel();
        QCOMPARE(*ctx::children_of(top.context), children.size() / 2);
        children.clear();
        QCOMPARE(*ctx::children_of(top.context), 0u);
    });
}

} // namespace

void tst_lifetime::droppingCancelsNothing_data() {
    rules({
        {"CTX-302 a dropped child is closed by its parent", a_dropped_child_is_closed_by_its_parent},
        {"CTX-302 a dropped child expires on time", a_dropped_child_expires_on_time},
        {"CTX-302 children of a dropped context are cancelled", children_of_a_dropped_context_are_cancelled},
        {"CTX-302 a callback of a dropped context runs", a_callback_of_a_dropped_context_runs},
        {"CTX-302 a callback of a dropped deadline runs", a_callback_of_a_dropped_deadline_runs},
        {"CTX-303 a callback below dropped contexts runs", a_callback_below_dropped_contexts_runs},
        {"CTX-302 a dropped cancel function cancels nothing", a_dropped_cancel_function_cancels_nothing},
        {"CTX-038 a cancel function outlives the context", a_cancel_function_outlives_the_context},
        {"CTX-301 a context keeps its ancestors", a_context_keeps_its_ancestors},
    });
}

void tst_lifetime::nothingIsLeft_data() {
    rules({
        {"CTX-301 the parent keeps no dropped child", the_parent_keeps_no_dropped_child},
        {"CTX-306 a dropped root frees its callbacks", a_dropped_root_frees_its_callbacks},
        {"CTX-306 a dropped tree of every kind is freed", a_dropped_tree_of_every_kind_is_freed},
        {"CTX-088 an unreferenced deadline gives its timer back",
         an_unreferenced_deadline_gives_its_timer_back},
        {"CTX-308 a done context keeps nothing", a_done_context_keeps_nothing},
        {"CTX-147 a stopped callback is freed", a_stopped_callback_is_freed},
        {"CTX-304 rounds of derive and cancel leave nothing", rounds_of_derive_and_cancel_leave_nothing},
    });
}

void tst_lifetime::sizeIsNoObstacle_data() {
    rules({
        {"CTX-199 a deep chain is cancelled", a_deep_chain_is_cancelled},
        {"CTX-306 a deep chain is dropped", a_deep_chain_is_dropped},
        {"CTX-306 a deep chain that only a callback keeps is dropped",
         a_deep_chain_that_only_a_callback_keeps_is_dropped},
        {"CTX-199 a wide parent is cancelled", a_wide_parent_is_cancelled},
        {"CTX-199 a wide parent loses its children one by one", a_wide_parent_loses_its_children_one_by_one},
    });
}

QTEST_APPLESS_MAIN(tst_lifetime)
#include "tst_lifetime.moc"
