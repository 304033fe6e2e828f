// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <thread>
#include <vector>

/// Functions that run after a while.
class tst_func_timer : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

void it_runs_once_at_its_time() {
    workers w;
    std::vector<ctx::time_point> ran;
    const ctx::func_timer t(
        2s, [&] { ran.push_back(w.clock->now()); }, w.steps);
    w.steps.run_until(ctx::time_point(2s - 1ns));
    QVERIFY(ran.empty());
    w.steps.run_until(ctx::time_point(9s));
    QCOMPARE(ran, std::vector<ctx::time_point>{ctx::time_point(2s)});
    QCOMPARE(w.clock->pending(), 0u);
}

void it_runs_in_a_thread_of_its_own() {
    const ctx::chan<std::thread::id> ran(0);
    const ctx::chan<int> go_on(0);
    const ctx::func_timer first(0s, [=] {
        go_on.receive(); // neither the caller nor the clock's thread waits for this
        ran.send(std::this_thread::get_id());
    });
    const ctx::func_timer second(1ms, [=] { go_on.send(1); });
    QVERIFY(*ran.receive() != std::this_thread::get_id());
}

void zero_and_less_start_at_once() {
    workers w;
    int ran = 0;
    for (const ctx::duration d : {ctx::duration{}, ctx::duration(-1s), ctx::duration::min()})
        ctx::func_timer(
            d, [&] { ++ran; }, w.steps);
    QCOMPARE(ran, 0); // elsewhere
    QCOMPARE(w.clock->pending(), 0u);
    w.run();
    QCOMPARE(ran, 3);
}

void a_worker_has_it_on_its_own_clock() {
    workers w;
    ctx::scheduler* inside = nullptr;
    w.start([&]() -> ctx::task<> {
        ctx::func_timer(1h, [&] { inside = ctx::scheduler::current(); });
        co_return;
    });
    QCOMPARE(w.clock->pending(), 1u); // dropping the handle has stopped nothing
    w.steps.run_until(ctx::time_point(1h));
    QCOMPARE(inside, static_cast<ctx::scheduler*>(&w.steps));
}

void stop_is_false_once_it_was_started() {
    workers w;
    int ran = 0;
    ctx::func_timer t(
        1s, [&] { ++ran; }, w.steps);
    w.clock->advance(1s);
    QVERIFY(!t.stop()); // started: on its way, though it has not run
    QCOMPARE(ran, 0);
    w.run();
    QCOMPARE(ran, 1);
    QVERIFY(!t.stop());
}

void stop_does_not_wait_for_it() {
    const ctx::chan<int> begun(0), go_on(0), ended(0);
    ctx::func_timer t(1us, [=] {
        begun.send(1);
        go_on.receive();
        ended.send(1);
    });
    begun.receive();
    QVERIFY(!t.stop()); // while it runs
    go_on.send(1);
    ended.receive();
}

void stop_keeps_it_from_running() {
    workers w;
    auto held = std::make_shared<int>(0);
    {
        ctx::func_timer t(
            1s, [held] { ++*held; }, w.steps);
        QVERIFY(t.stop());
        QVERIFY(!t.stop());
        QCOMPARE(w.clock->pending(), 0u);
        w.steps.run_until(ctx::time_point(2s));
        QCOMPARE(*held, 0);
    }
    QCOMPARE(held.use_count(), 1);
}

void reset_moves_it_or_runs_it_again() {
    workers w;
    auto held = std::make_shared<std::vector<ctx::time_point>>();
    {
        ctx::func_timer t(
            1s, [held, &w] { held->push_back(w.clock->now()); }, w.steps);
        QVERIFY(t.reset(3s)); // armed
        QCOMPARE(w.clock->pending(), 1u);
        w.steps.run_until(ctx::time_point(3s));
        QVERIFY(!t.reset(2s)); // it has run
        QVERIFY(t.stop());
        QVERIFY(!t.reset(2s)); // stopped
        w.steps.run_until(ctx::time_point(9s));
    }
    QCOMPARE(*held, (std::vector<ctx::time_point>{ctx::time_point(3s), ctx::time_point(5s)}));
    QCOMPARE(held.use_count(), 1);
}

void it_runs_or_stop_is_true() {
    std::atomic<int> ran{0};
    int stopped = 0;
    const int rounds = scaled(3000);
    for (int i = 0; i < rounds; ++i) {
        ctx::func_timer t(ctx::duration(i % 40 * 1us), [&] { ++ran; });
        if (i % 3 == 0) std::this_thread::yield();
        stopped += t.stop();
    }
    while (ran + stopped < rounds) std::this_thread::yield();
    QCOMPARE(ran + stopped, rounds);
}

} // namespace

void tst_func_timer::holds_data() {
    rules({
        {"CHN-040 a function runs once, at its time", it_runs_once_at_its_time},
        {"CHN-040 a function runs in a thread of its own", it_runs_in_a_thread_of_its_own},
        {"CHN-040 with zero and less a function is started at once", zero_and_less_start_at_once},
        {"CHN-040 a worker's function timer is on the worker's clock", a_worker_has_it_on_its_own_clock},
        {"CHN-042 stop is false once the function was started", stop_is_false_once_it_was_started},
        {"CHN-042 stop does not wait for the function", stop_does_not_wait_for_it},
        {"CHN-042 stop keeps the function from running", stop_keeps_it_from_running},
        {"CHN-042 either the function runs or stop is true", it_runs_or_stop_is_true},
        {"CHN-043 reset moves a function timer or runs it again", reset_moves_it_or_runs_it_again},
    });
}

QTEST_APPLESS_MAIN(tst_func_timer)
#include "tst_func_timer.moc"
