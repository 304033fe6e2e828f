// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <chrono>
#include <string>
#include <vector>

/// virtual_clock and step_scheduler as Go's testing/synctest: a bubble whose clock moves only when everybody
/// in it is blocked.
class tst_synctest : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

void time_stands_still_while_somebody_can_run() {
    workers w;
    std::vector<ctx::time_point> seen;
    bool slept = false;
    ctx::go(w.steps, [&]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(ctx::after(1ns)));
        slept = true;
    });
    ctx::go(w.steps, [&]() -> ctx::task<> {
        for (int i = 0; i < 1000; ++i) {
            seen.push_back(w.clock->now());
            if (slept) co_return;
            co_await ctx::yield{};
        }
    });
    w.steps.run_until(ctx::time_point(1s));
    QVERIFY(slept);
    QCOMPARE(seen, std::vector<ctx::time_point>(1000)); // a nanosecond would have been enough to see it move
}

void it_jumps_to_the_next_timer_when_all_are_blocked() {
    workers w;
    std::string log;
    const auto note = [&](char name) {
        log += name + ctx::to_string(w.clock->now().time_since_epoch()) + " ";
    };
    w.start([&]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(ctx::after(2ns)));
        note('b');
    });
    w.start([&]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(ctx::after(1ns)));
        note('a');
        co_await ctx::select(ctx::recv(ctx::after(10h)));
        note('c');
    });
    QCOMPARE(log, std::string());
    const auto begin = std::chrono::steady_clock::now();
    w.steps.run_until(ctx::time_point(24h));
    QCOMPARE(log, std::string("a1ns b2ns c10h0m0.000000001s "));
    QVERIFY(std::chrono::steady_clock::now() - begin < 1h);
    QCOMPARE(w.clock->now(), ctx::time_point(24h));
}

void waiting_means_running_until_all_are_blocked() {
    workers w;
    const ctx::chan<int> there(0), back(0);
    int laps = 0;
    ctx::go(w.steps, [&]() -> ctx::task<> {
        for (int i = 0; i < 100; ++i) {
            co_await ctx::select(ctx::send(there, i));
            co_await ctx::select(ctx::recv(back));
            ++laps;
        }
        co_await ctx::select();
    });
    ctx::go(w.steps, [&]() -> ctx::task<> {
        for (;;) {
            int v = 0;
            co_await ctx::select(ctx::recv(there, v));
            co_await ctx::select(ctx::send(back, v));
        }
    });
    w.run(); // Go: synctest.Wait
    QCOMPARE(laps, 100);
    QCOMPARE(w.live(), 2u);
    QCOMPARE(w.clock->now(), ctx::time_point{});
}

void contexts_in_it_live_on_its_time() {
    workers w;
    const ctx::context root =
        ctx::background({.clock = w.clock, .scheduler = &w.steps, .observer = {}, .sibling_seed = {}});
    const ctx::context c = ctx::with_timeout(root, 5s).context;
    ctx::time_point stopped{};
    ctx::after_func(c, [&] { stopped = w.clock->now(); });
    w.start([&]() -> ctx::task<> {
        while (!c.err()) co_await ctx::select(ctx::recv(ctx::after(3s)), ctx::recv(c.done()));
    });
    w.steps.run_until(ctx::time_point(5s - 1ns));
    QVERIFY(!c.err());
    QCOMPARE(w.live(), 1u);
    w.steps.run_until(ctx::time_point(5s));
    QCOMPARE(c.err(), ctx::deadline_exceeded);
    QCOMPARE(stopped, ctx::time_point(5s));
    QCOMPARE(w.live(), 0u);
}

void a_tests_context_ends_before_its_cleanup() {
    std::string log;
    struct cleanup { // what was set up first is torn down last
        std::string* log;
        const ctx::context* seen;
        ~cleanup() { *log += seen->err() ? "cleanup after the end" : "cleanup before the end"; }
    };
    const auto made = ctx::with_cancel(ctx::background());
    {
        const cleanup later{&log, &made.context};
        const ctx::cancel_guard of_the_test(made.cancel);
        QVERIFY(!made.context.err());
    }
    QCOMPARE(log, std::string("cleanup after the end"));
}

} // namespace

void tst_synctest::holds_data() {
    rules({
        {"CTX-341 time stands still while somebody can run", time_stands_still_while_somebody_can_run},
        {"CTX-341 time jumps to the next timer when all are blocked",
         it_jumps_to_the_next_timer_when_all_are_blocked},
        {"CTX-341 waiting means running until all are blocked", waiting_means_running_until_all_are_blocked},
        {"CTX-341 contexts in the bubble live on its time", contexts_in_it_live_on_its_time},
        {"CTX-341 a test's context ends before its cleanup", a_tests_context_ends_before_its_cleanup},
    });
}

QTEST_APPLESS_MAIN(tst_synctest)
#include "tst_synctest.moc"
