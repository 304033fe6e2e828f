// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

/// Callbacks that run when a context is done.
class tst_after_func : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;

namespace {

void it_runs_once_after_any_end() {
    world w;
    int ran = 0;
    const auto a = ctx::with_cancel(w.root);
    const auto b = ctx::with_timeout(w.root, 5ms);
    const auto c = ctx::with_cancel(a.context);
    for (const ctx::context& each : {a.context, b.context, c.context}) ctx::after_func(each, [&] { ++ran; });
    w.run();
    QCOMPARE(ran, 0);
    w.advance(5ms);
    QCOMPARE(ran, 1);
    a.cancel();
    w.run();
    QCOMPARE(ran, 3);
    a.cancel();
    c.cancel();
    w.run();
    QCOMPARE(ran, 3);
}

void on_a_done_context_it_starts_right_away_but_elsewhere() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    c.cancel();
    int ran = 0;
    const auto stop = ctx::after_func(c.context, [&] { ++ran; });
    QCOMPARE(ran, 0);
    QVERIFY(!stop());
    w.run();
    QCOMPARE(ran, 1);
}

void it_runs_in_a_thread_of_its_own() {
    const auto c = ctx::with_cancel(ctx::background());
    const ctx::chan<std::thread::id> ran(0);
    const ctx::chan<ctx::empty> go_on(0);
    ctx::after_func(c.context, [=] {
        (void)go_on.receive(); // cancel has returned by then
        ran.send(std::this_thread::get_id());
    });
    c.cancel();
    go_on.send({});
    QVERIFY(*ran.receive() != std::this_thread::get_id());
}

void callbacks_that_block_do_not_hold_up_others() {
    const auto c = ctx::with_cancel(ctx::background());
    const ctx::chan<int> meet(0);
    const ctx::chan<int> done(0);
    // Each waits for another one, so all must run at the same time.
    for (int i = 0; i < 8; ++i)
        ctx::after_func(c.context, [=] {
            if (i % 2)
                meet.send(i);
            else
                done.send(*meet.receive());
        });
    c.cancel();
    int sum = 0;
    for (int i = 0; i < 4; ++i) sum += *done.receive();
    QCOMPARE(sum, 1 + 3 + 5 + 7);
}

void it_may_do_anything() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    const auto child = ctx::with_cancel(parent.context);
    int later = 0;
    bool derived = false, stopped = true;
    ctx::stop_func stop;
    stop = ctx::after_func(child.context, [&] {
        parent.cancel();
        derived = bool(ctx::with_cancel(parent.context).context.err());
        stopped = stop();
        ctx::after_func(child.context, [&] { ++later; });
    });
    child.cancel();
    QVERIFY(!parent.context.err());
    w.run();
    QVERIFY(parent.context.err() && derived && !stopped);
    QCOMPARE(later, 1);
}

void stop_is_true_only_if_it_prevented_the_run() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    int ran = 0;
    const auto stopped = ctx::after_func(c.context, [&] { ++ran; });
    const auto started = ctx::after_func(c.context, [&] { ran += 10; });
    const auto copy = stopped;
    QVERIFY(copy());
    QVERIFY(!stopped());
    c.cancel();
    QVERIFY(!stopped());
    QVERIFY(!started()); // not run yet, but on its way
    w.run();
    QCOMPARE(ran, 10);
    QVERIFY(!started());
}

void stop_does_not_wait() {
    const auto c = ctx::with_cancel(ctx::background());
    const ctx::chan<ctx::empty> begun(0), go_on(0), ended(0);
    const auto stop = ctx::after_func(c.context, [=] {
        begun.send({});
        (void)go_on.receive();
        ended.send({});
    });
    c.cancel();
    (void)begun.receive();
    QVERIFY(!stop()); // while it is running
    go_on.send({});
    (void)ended.receive();
}

void registrations_are_independent() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    int ran = 0;
    const auto f = [&] { ++ran; };
    const auto first = ctx::after_func(c.context, f), second = ctx::after_func(c.context, f);
    QCOMPARE(*ctx::children_of(c.context), 2u);
    QVERIFY(first());
    QCOMPARE(*ctx::children_of(c.context), 1u);
    c.cancel();
    w.run();
    QCOMPARE(ran, 1);
    QVERIFY(!second());
}

void on_what_is_never_done_it_never_runs() {
    world w;
    int ran = 0;
    for (const ctx::context& c :
         {w.root, ctx::todo(w.root), ctx::without_cancel(ctx::with_cancel(w.root).context)}) {
        const auto stop = ctx::after_func(c, [&] { ++ran; });
        QVERIFY(stop());
        QVERIFY(!stop());
    }
    w.run();
    QCOMPARE(ran, 0);
    QCOMPARE(w.live(), 0L);
}

void when_it_runs_the_context_is_done() {
    world w;
    const ctx::error boom("boom");
    const auto c = ctx::with_cancel_cause(w.root);
    ctx::error err, cause;
    ctx::after_func(c.context, [&, seen = c.context] {
        err = seen.err();
        cause = ctx::cause(seen);
    });
    c.cancel(boom);
    w.run();
    QCOMPARE(err, ctx::canceled);
    QVERIFY(cause == boom);
}

void views_register_with_the_node_behind() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::context view = make<wrapper>(w.root, ctx::with_value(c.context, ctx::any_key(1), {}));
    int ran = 0;
    const auto stop = ctx::after_func(view, [&] { ++ran; });
    QCOMPARE(*ctx::children_of(c.context), 1u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    c.cancel();
    w.run();
    QCOMPARE(ran, 1);
}

void the_timers_thread_does_not_wait_for_it() {
    const ctx::context first = ctx::with_timeout(ctx::background(), 1ms).context;
    const ctx::context second = ctx::with_timeout(ctx::background(), 2ms).context;
    const ctx::chan<ctx::empty> begun(0), ended(0);
    ctx::after_func(first, [=] {
        begun.close();
        second.done().wait(); // its timer has to fire while this one's callback blocks
        ended.close();
    });
    begun.wait();
    ended.wait();
    QCOMPARE(second.err(), ctx::deadline_exceeded);
}

void who_drops_the_stop_function_leaves_it_registered() {
    world w;
    auto held = std::make_shared<int>(1);
    auto made = ctx::with_cancel(w.root);
    for (int i = 0; i < 100; ++i) ctx::after_func(made.context, [held] { ++*held; });
    w.advance(24h);
    QCOMPARE(*ctx::children_of(made.context), 100u);
    QCOMPARE(held.use_count(), 101);
    QCOMPARE(*held, 1);
    made.cancel();
    w.run();
    QCOMPARE(*held, 101);
    QCOMPARE(*ctx::children_of(made.context), 0u);
    QCOMPARE(held.use_count(), 1);
}

static_assert(!std::is_convertible_v<ctx::stop_func, ctx::context>);
static_assert(!std::is_constructible_v<ctx::context, ctx::stop_func>);

void a_registration_counts_as_a_child_and_is_no_context() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    const long before = w.live();
    const auto stop = ctx::after_func(made.context, [] {});
    const ctx::context child = ctx::with_cancel(made.context).context;
    QCOMPARE(*ctx::children_of(made.context), 2u);
    QCOMPARE(w.live(), before + 2);
    // It stands in nobody's chain: neither in a name nor as anybody's parent.
    QCOMPARE(child.string(), std::string("context.Background.WithCancel.WithCancel"));
    QCOMPARE(*ctx::children_of(child), 0u);
    QVERIFY(stop());
    QCOMPARE(*ctx::children_of(made.context), 1u);
}

/// Go: the merge example. Done when either of two contexts is, with the cause of whichever it was.
void two_contexts_are_merged() {
    for (const bool second : {false, true}) {
        world w;
        const auto a = ctx::with_cancel_cause(w.root), b = ctx::with_cancel_cause(w.root);
        const auto merged = ctx::with_cancel_cause(a.context);
        const auto stop = ctx::after_func(b.context, [&] { merged.cancel(ctx::cause(b.context)); });
        (second ? b : a).cancel(ctx::error(second ? "b" : "a"));
        w.run();
        QCOMPARE(ctx::cause(merged.context).text(), std::string(second ? "b" : "a"));
        QCOMPARE(stop(), !second);
    }
}

/// Go: the condition variable example.
void waiting_on_a_condition_gives_up() {
    std::mutex mutex;
    std::condition_variable changed;
    const auto c = ctx::with_timeout(ctx::background(), 1ms);
    const ctx::wait_group callbacks;
    std::atomic<int> given_up{0};
    {
        std::vector<std::jthread> waiting;
        for (int i = 0; i < 4; ++i)
            waiting.emplace_back([&] {
                callbacks.add(1);
                const auto stop = ctx::after_func(c.context, [&, callbacks] {
                    {
                        const std::lock_guard lock(mutex);
                        changed.notify_all();
                    }
                    callbacks.done();
                });
                {
                    std::unique_lock lock(mutex);
                    changed.wait(lock, [&] { return bool(c.context.err()); });
                }
                if (stop()) callbacks.done();
                ++given_up;
            });
    }
    callbacks.wait();
    QCOMPARE(given_up, 4);
}

} // namespace

void tst_after_func::holds_data() {
    rules({
        {"CTX-140 it runs once, after any end", it_runs_once_after_any_end},
        {"CTX-141 on a done context it starts right away, but elsewhere",
         on_a_done_context_it_starts_right_away_but_elsewhere},
        {"CTX-142 it runs in a thread of its own", it_runs_in_a_thread_of_its_own},
        {"CTX-146 callbacks that block do not hold up others", callbacks_that_block_do_not_hold_up_others},
        {"CTX-142 it may do anything", it_may_do_anything},
        {"CTX-142 the timer's thread does not wait for it", the_timers_thread_does_not_wait_for_it},
        {"CTX-143 stop is true only if it prevented the run", stop_is_true_only_if_it_prevented_the_run},
        {"CTX-145 stop does not wait", stop_does_not_wait},
        {"CTX-146 registrations are independent", registrations_are_independent},
        {"CTX-148 on what is never done it never runs", on_what_is_never_done_it_never_runs},
        {"CTX-149 when it runs the context is done", when_it_runs_the_context_is_done},
        {"CTX-150 views register with the node behind", views_register_with_the_node_behind},
        {"CTX-149 two contexts are merged", two_contexts_are_merged},
        {"CTX-151 who drops the stop function leaves it registered until the end",
         who_drops_the_stop_function_leaves_it_registered},
        {"CTX-152 a registration counts as a child and is no context",
         a_registration_counts_as_a_child_and_is_no_context},
        {"CHN-070 waiting on a condition gives up", waiting_on_a_condition_gives_up},
    });
}

QTEST_APPLESS_MAIN(tst_after_func)
#include "tst_after_func.moc"
