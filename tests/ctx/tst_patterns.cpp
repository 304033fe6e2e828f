// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <algorithm>
#include <memory>
#include <vector>

/// How channels, select and contexts are used together, and what goes wrong when they are not.
class tst_patterns : public QObject {
    Q_OBJECT

  private slots:
    void checksDone_data();
    void checksDone() { run_rule(); }
    void blocksForEver_data();
    void blocksForEver() { run_rule(); }
    void worksTogether_data();
    void worksTogether() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

using ints = ctx::chan<int>;
using numbers = std::vector<int>;

ctx::cancelable cancelable_on(workers& w) {
    return ctx::with_cancel(
        ctx::background({.clock = w.clock, .scheduler = &w.steps, .observer = {}, .sibling_seed = {}}));
}

// Checking Done

/// How often a ready value is taken in 1,000 rounds although the context is done.
template <class Check>
int values_taken_after_cancel(Check done_first) {
    const auto made = ctx::with_cancel(ctx::background());
    const ints data(1);
    made.cancel();
    int taken = 0;
    for (int i = 0; i < 1000; ++i) {
        if (data.size() == 0) data.send(i);
        if (done_first(made.context)) continue;
        taken += ctx::select(ctx::recv(data), ctx::recv(made.context.done())) == 0;
    }
    return taken;
}

void done_has_no_priority_in_a_select() {
    const int taken = values_taken_after_cancel([](const ctx::context&) { return false; });
    QVERIFY2(taken > 400 && taken < 600, qPrintable(QString::number(taken)));
}

void who_must_stop_checks_first() {
    QCOMPARE(values_taken_after_cancel([](const ctx::context& c) { return bool(c.err()); }), 0);
    QCOMPARE(values_taken_after_cancel([](const ctx::context& c) {
                 return ctx::select(ctx::recv(c.done()), ctx::otherwise()) == 0;
             }),
             0);
}

void a_check_of_done_that_does_not_block_says_what_err_says() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::context view = ctx::with_value(made.context, ctx::any_key(1), {});
    for (const bool done : {false, true}) {
        for (const ctx::context& c : {made.context, view}) {
            QCOMPARE(ctx::select(ctx::recv(c.done()), ctx::otherwise()) == 0, done);
            QCOMPARE(c.done().closed(), done);
            QCOMPARE(bool(c.err()), done);
        }
        made.cancel();
    }
    QCOMPARE(std::size_t(ctx::select(ctx::recv(ctx::background().done()), ctx::otherwise())), 1u);
}

// Blocking for ever

void everything_blocked_is_a_state_one_can_see() {
    workers w;
    const ints a(0), b(0);
    w.start([=]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(a));
        co_await ctx::select(ctx::send(b, 1));
    });
    w.start([=]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(b));
        ctx::select(ctx::send(a, 1), ctx::otherwise()).wait();
    });
    // Nobody can run, nobody will be woken by time, and somebody is still there: a deadlock, and no hang.
    w.steps.run_until(ctx::time_point(1h));
    QVERIFY(w.steps.idle() && !w.clock->next() && w.live() == 2);
    QVERIFY(a.try_send(1)); // one value from outside and it is none any more
    w.run();
    QCOMPARE(w.live(), 0u);
}

void a_worker_that_waits_for_nobody_is_never_collected() {
    workers w;
    std::weak_ptr<int> seen;
    {
        const auto held = std::make_shared<int>(1);
        seen = held;
        ctx::go(
            w.steps,
            [](std::shared_ptr<int>, ints alone) -> ctx::task<> {
                co_await ctx::select(ctx::send(alone, 1));
            },
            held, ints(0));
    }
    w.steps.run_until(ctx::time_point(24h));
    QCOMPARE(w.live(), 1u); // nobody else has the channel, and it waits on
    QVERIFY(!seen.expired());
    w.steps.abandon();
    QVERIFY(seen.expired());
}

void ranging_over_a_channel_nobody_closes_blocks() {
    workers w;
    const ints c(3);
    numbers got;
    w.start([&]() -> ctx::task<> {
        for (;;) {
            int v = 0;
            bool ok = false;
            co_await ctx::select(ctx::recv(c, v, ok));
            if (!ok) co_return;
            got.push_back(v);
        }
    });
    for (const int v : {1, 2, 3}) QVERIFY(c.try_send(v));
    w.run();
    QCOMPARE(got, (numbers{1, 2, 3}));
    QCOMPARE(w.live(), 1u);
    c.close();
    w.run();
    QCOMPARE(w.live(), 0u);
}

void a_sleep_does_not_listen() {
    workers w;
    const auto made = cancelable_on(w);
    ctx::time_point woken{};
    w.start([&]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(ctx::after(1s)));
        woken = w.clock->now();
    });
    w.steps.run_until(ctx::time_point(10ms));
    made.cancel();
    w.steps.run_until(ctx::time_point(1s - 1ns));
    QCOMPARE(w.live(), 1u);
    w.steps.run_until(ctx::time_point(2s));
    QCOMPARE(woken, ctx::time_point(1s));
}

void a_worker_that_does_not_look_goes_on() {
    workers w;
    const auto made = cancelable_on(w);
    int steps_taken = 0;
    w.start([&, c = made.context]() -> ctx::task<> {
        for (int i = 0; i < 100; ++i) {
            ++steps_taken;
            co_await ctx::select(ctx::recv(ctx::after(1ms)));
        }
    });
    made.cancel();
    w.run();
    QCOMPARE(w.live(), 1u);
    w.steps.run_until(ctx::time_point(1s));
    QCOMPARE(steps_taken, 100);
    QCOMPARE(w.live(), 0u);
}

// Working together

void a_buffered_channel_is_a_semaphore() {
    workers w;
    const auto made = cancelable_on(w);
    const ctx::chan<ctx::empty> room(3);
    int inside = 0, most = 0, worked = 0, gave_up = 0;
    for (int i = 0; i < 10; ++i)
        w.start([&, c = made.context]() -> ctx::task<> {
            if (co_await ctx::select(ctx::send(room, {}), ctx::recv(c.done())) == 1) {
                ++gave_up;
                co_return;
            }
            most = std::max(most, ++inside);
            co_await ctx::select(ctx::recv(ctx::after(1s)));
            --inside;
            ++worked;
            co_await ctx::select(ctx::recv(room)); // release
        });
    w.steps.run_until(ctx::time_point(1s));
    QCOMPARE(worked, 3);
    made.cancel(); // three work now, four still wait
    w.run();
    QCOMPARE(gave_up, 4);
    w.steps.run_until(ctx::time_point(2s));
    QCOMPARE(worked, 6);
    QCOMPARE(most, 3);
    QCOMPARE(room.size(), 0u);
    QCOMPARE(w.live(), 0u);
}

/// 1, 2, 3, ... until `c` is done; without it, for ever. Closes its output.
ctx::task<> count_up(std::optional<ctx::context> c, ints out) {
    for (int n = 1;; ++n) {
        const auto done = c ? c->done() : ctx::recv_chan<ctx::empty>();
        if (co_await ctx::select(ctx::send(out, n), ctx::recv(done)) == 1) break;
    }
    out.close();
}

ctx::task<> square(std::optional<ctx::context> c, ints in, ints out) {
    for (;;) {
        int v = 0;
        bool ok = false;
        co_await ctx::select(ctx::recv(in, v, ok));
        if (!ok) break;
        const auto done = c ? c->done() : ctx::recv_chan<ctx::empty>();
        if (co_await ctx::select(ctx::send(out, v * v), ctx::recv(done)) == 1) break;
    }
    out.close();
}

void a_pipeline_ends_when_a_later_stage_leaves() {
    for (const bool listens : {true, false}) {
        workers w;
        const auto made = cancelable_on(w);
        const std::optional<ctx::context> c = listens ? std::optional(made.context) : std::nullopt;
        const ints raw(0), squares(0);
        numbers got;
        ctx::go(w.steps, count_up, c, raw);
        ctx::go(w.steps, square, c, raw, squares);
        w.start([&]() -> ctx::task<> { // takes three and leaves
            for (int i = 0; i < 3; ++i) {
                int v = 0;
                co_await ctx::select(ctx::recv(squares, v));
                got.push_back(v);
            }
        });
        QCOMPARE(got, (numbers{1, 4, 9}));
        made.cancel();
        w.run();
        QCOMPARE(w.live(), listens ? 0u : 2u); // who does not listen is blocked for ever
        if (listens) {
            // Each stage has closed its own output.
            raw.wait();
            squares.wait();
            QVERIFY(raw.closed() && squares.closed());
        }
    }
}

ctx::task<> send_all(ints to, numbers values) {
    for (const int v : values) co_await ctx::select(ctx::send(to, v));
    to.close();
}

ctx::task<> forward(ints from, ints to) {
    for (;;) {
        int v = 0;
        bool ok = false;
        co_await ctx::select(ctx::recv(from, v, ok));
        if (!ok) co_return;
        co_await ctx::select(ctx::send(to, v));
    }
}

void fan_in_by_a_worker_each_and_a_wait_group() {
    workers w;
    const ints merged(0);
    const ctx::wait_group inputs;
    for (int i = 0; i < 3; ++i) {
        const ints in(0);
        ctx::go(w.steps, send_all, in, numbers{10 * i + 1, 10 * i + 2, 10 * i + 3});
        inputs.go(w.steps, forward, in, merged);
    }
    ctx::go(w.steps, [inputs, merged]() -> ctx::task<> {
        co_await inputs.waiting();
        merged.close();
    });
    numbers got;
    w.start([&]() -> ctx::task<> {
        for (;;) {
            int v = 0;
            bool ok = false;
            co_await ctx::select(ctx::recv(merged, v, ok));
            if (!ok) co_return;
            got.push_back(v);
        }
    });
    std::sort(got.begin(), got.end());
    QCOMPARE(got, (numbers{1, 2, 3, 11, 12, 13, 21, 22, 23}));
    QCOMPARE(w.live(), 0u);
}

void fan_in_by_one_select() {
    workers w;
    const ints a(0), b(0);
    ctx::go(w.steps, send_all, a, numbers{1, 2, 3});
    ctx::go(w.steps, send_all, b, numbers{11, 12});
    numbers got;
    w.start([&]() -> ctx::task<> {
        ints from_a = a, from_b = b; // an input that is closed is turned off by making it nil
        while (from_a || from_b) {
            int v = 0;
            bool ok = false;
            const auto which = co_await ctx::select(ctx::recv(from_a, v, ok), ctx::recv(from_b, v, ok));
            if (ok)
                got.push_back(v);
            else
                (which == 0 ? from_a : from_b) = {};
        }
    });
    std::sort(got.begin(), got.end());
    QCOMPARE(got, (numbers{1, 2, 3, 11, 12}));
    QCOMPARE(w.live(), 0u);
}

} // namespace

void tst_patterns::checksDone_data() {
    rules({
        {"CHN-022 Done has no priority in a select: about half the time data wins",
         done_has_no_priority_in_a_select},
        {"CHN-022 who must stop checks Err or Done first", who_must_stop_checks_first},
        {"CHN-028 a check of Done that does not block says what Err says",
         a_check_of_done_that_does_not_block_says_what_err_says},
    });
}

void tst_patterns::blocksForEver_data() {
    rules({
        {"CHN-013 when everybody is blocked for ever, it shows and nothing hangs",
         everything_blocked_is_a_state_one_can_see},
        {"CHN-014 a worker that waits for nobody is never collected",
         a_worker_that_waits_for_nobody_is_never_collected},
        {"CHN-009 ranging over a channel that nobody closes blocks",
         ranging_over_a_channel_nobody_closes_blocks},
        {"CHN-047 a sleep does not hear of a cancel", a_sleep_does_not_listen},
        {"CHN-060 a worker that does not look at its context goes on", a_worker_that_does_not_look_goes_on},
    });
}

void tst_patterns::worksTogether_data() {
    rules({
        {"CHN-067 a buffered channel is a semaphore that a context interrupts",
         a_buffered_channel_is_a_semaphore},
        {"CHN-068 a pipeline whose sends listen to Done ends when a later stage leaves",
         a_pipeline_ends_when_a_later_stage_leaves},
        {"CHN-069 fan-in: a worker an input, and a wait_group that closes the output",
         fan_in_by_a_worker_each_and_a_wait_group},
        {"CHN-069 fan-in: one select over all inputs", fan_in_by_one_select},
    });
}

QTEST_APPLESS_MAIN(tst_patterns)
#include "tst_patterns.moc"
