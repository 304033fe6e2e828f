// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <thread>
#include <vector>

/// Timers, on the virtual clock and on the real one.
class tst_timer : public QObject {
    Q_OBJECT

  private slots:
    void timers_data();
    void timers() { run_rule(); }
    void givesBack_data();
    void givesBack() { run_rule(); }
    void realTime_data();
    void realTime() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

ctx::time_point at(ctx::duration d) {
    return ctx::time_point(d);
}

struct on_a_clock {
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::timer timer(ctx::duration d) const { return ctx::timer(d, clock); }
    ctx::ticker ticker(ctx::duration d) const { return ctx::ticker(d, clock); }
};

void it_delivers_one_time() {
    const on_a_clock o;
    const ctx::timer t = o.timer(2s);
    o.clock->advance(2s - 1ns);
    QVERIFY(!t.channel().try_receive());
    o.clock->advance(1ns);
    o.clock->advance(5s);
    QCOMPARE(t.channel().try_receive(), at(2s));
    QVERIFY(!t.channel().try_receive());
    QVERIFY(!t.channel().closed());
    QCOMPARE(o.clock->pending(), 0u);
}

void zero_and_less_are_due_at_once() {
    const on_a_clock o;
    o.clock->advance(3s);
    for (const ctx::duration d : {ctx::duration{}, ctx::duration(-1ns), ctx::duration::min()}) {
        QCOMPARE(ctx::after(d, o.clock).try_receive(), at(3s));
        ctx::timer t = o.timer(1h);
        QVERIFY(t.reset(d));
        QCOMPARE(t.channel().try_receive(), at(3s));
        QCOMPARE(o.clock->pending(), 0u);
    }
}

void the_longest_never_overflow() {
    const on_a_clock o;
    o.clock->advance(1s);
    const ctx::timer t = o.timer(ctx::duration::max());
    const ctx::ticker ticks = o.ticker(ctx::duration::max());
    o.clock->advance(24h);
    QVERIFY(!t.channel().try_receive() && !ticks.channel().try_receive());
    o.clock->advance_to(ctx::time_point::max());
    QCOMPARE(t.channel().try_receive(), ctx::time_point::max());
    QCOMPARE(ticks.channel().try_receive(), ctx::time_point::max());
    QCOMPARE(o.clock->pending(), 0u); // there is no time left for another tick
}

void stop_keeps_it_from_firing() {
    const on_a_clock o;
    ctx::timer t = o.timer(1s);
    QVERIFY(t.stop());
    QCOMPARE(o.clock->pending(), 0u);
    QVERIFY(!t.stop());
    o.clock->advance(2s);
    QVERIFY(!t.channel().try_receive());
}

void stop_is_too_late_after_the_receive() {
    const on_a_clock o;
    ctx::timer t = o.timer(1s);
    o.clock->advance(1s);
    QVERIFY(t.channel().try_receive());
    QVERIFY(!t.stop());
}

void stop_takes_back_what_was_not_received() {
    const on_a_clock o;
    ctx::timer t = o.timer(1s);
    o.clock->advance(1s);
    QVERIFY(t.stop());
    QVERIFY(!t.channel().try_receive());
    QVERIFY(!t.stop());
}

void its_channel_looks_unbuffered() {
    const on_a_clock o;
    const ctx::timer t = o.timer(1s);
    o.clock->advance(1s);
    QCOMPARE(t.channel().size(), 0u);
    QCOMPARE(t.channel().capacity(), 0u);
    QCOMPARE(t.channel(), t.channel());
}

void reset_tells_whether_it_was_active() {
    const on_a_clock o;
    ctx::timer t = o.timer(1s);
    QVERIFY(t.reset(5s)); // armed
    QCOMPARE(o.clock->pending(), 1u);
    o.clock->advance(4s);
    QVERIFY(!t.channel().try_receive());
    o.clock->advance(1s);
    QCOMPARE(t.channel().try_receive(), at(5s));
    QVERIFY(!t.reset(1s)); // fired and received
    QVERIFY(t.stop());
    QVERIFY(!t.reset(1s)); // stopped
    o.clock->advance(1s);
    QCOMPARE(t.channel().try_receive(), at(6s));
}

void reset_drops_what_was_not_received() {
    const on_a_clock o;
    ctx::timer t = o.timer(1s);
    o.clock->advance(1s);
    QVERIFY(t.reset(2s));
    QVERIFY(!t.channel().try_receive());
    o.clock->advance(2s);
    QCOMPARE(t.channel().try_receive(), at(3s));
    QVERIFY(!t.channel().try_receive());
}

void one_that_waits_is_served_after_a_reset() {
    workers w;
    ctx::timer t(1s, w.clock);
    std::optional<ctx::time_point> got;
    w.start([&]() -> ctx::task<> {
        ctx::time_point v;
        co_await ctx::select(ctx::recv(t.channel(), v));
        got = v;
    });
    QVERIFY(t.reset(3s));
    w.steps.run_until(at(2s));
    QVERIFY(!got);
    QVERIFY(t.stop());
    w.steps.run_until(at(5s));
    QVERIFY(!got);
    QVERIFY(!t.reset(0s));
    w.run();
    QCOMPARE(got, at(5s));
}

void one_value_serves_one_receiver() {
    workers w;
    const ctx::timer t(1s, w.clock);
    int served = 0;
    for (int i = 0; i < 3; ++i)
        w.start([&]() -> ctx::task<> {
            co_await ctx::select(ctx::recv(t.channel()));
            ++served;
        });
    w.steps.run_until(at(9s));
    QCOMPARE(served, 1);
    QCOMPARE(w.live(), 2u);
}

void a_sleep_can_be_cancelled() {
    workers w;
    const ctx::context root =
        ctx::background({.clock = w.clock, .scheduler = &w.steps, .observer = {}, .sibling_seed = {}});
    const auto made = ctx::with_cancel(root);
    std::vector<std::size_t> woken_by;
    const auto sleep = [&](ctx::duration d) {
        return [&woken_by, d, c = made.context]() -> ctx::task<> {
            ctx::timer t(d); // on the worker's own clock
            woken_by.push_back(co_await ctx::select(ctx::recv(t.channel()), ctx::recv(c.done())));
            t.stop();
        };
    };
    w.start(sleep(1s));
    w.start(sleep(1h));
    QCOMPARE(w.clock->pending(), 2u);
    w.steps.run_until(at(1s));
    QCOMPARE(woken_by, (std::vector<std::size_t>{0}));
    made.cancel();
    w.run();
    QCOMPARE(woken_by, (std::vector<std::size_t>{0, 1}));
    QCOMPARE(w.clock->pending(), 0u);
}

// What nobody refers to is disarmed.

void a_dropped_timer_is_disarmed() {
    const on_a_clock o;
    {
        const ctx::timer t = o.timer(1h);
        const ctx::timer copy = t;
        QCOMPARE(o.clock->pending(), 1u);
    }
    QCOMPARE(o.clock->pending(), 0u);
}

void a_dropped_ticker_is_disarmed() {
    const on_a_clock o;
    {
        const ctx::ticker t = o.ticker(1s);
        o.clock->advance(3s);
        QCOMPARE(o.clock->pending(), 1u);
    }
    QCOMPARE(o.clock->pending(), 0u);
}

void a_kept_channel_keeps_its_timer() {
    const on_a_clock o;
    ctx::recv_chan<ctx::time_point> c = o.timer(1s).channel();
    QCOMPARE(o.clock->pending(), 1u);
    o.clock->advance(1s);
    QCOMPARE(c.try_receive(), at(1s));
    c = ctx::after(1h, o.clock);
    QCOMPARE(o.clock->pending(), 1u);
    c = {};
    QCOMPARE(o.clock->pending(), 0u);
}

void after_in_a_loop_does_not_pile_up() {
    const on_a_clock o;
    const ctx::chan<int> work(1);
    for (int i = 0; i < 1000; ++i) {
        work.send(i);
        QCOMPARE(std::size_t(ctx::select(ctx::recv(work), ctx::recv(ctx::after(1h, o.clock)))), 0u);
        QCOMPARE(o.clock->pending(), 0u);
    }
}

void a_worker_that_is_destroyed_gives_its_timer_back() {
    const auto clock = std::make_shared<ctx::virtual_clock>();
    {
        ctx::step_scheduler steps(clock, 1);
        ctx::go(steps, []() -> ctx::task<> { co_await ctx::select(ctx::recv(ctx::after(1h))); });
        steps.run_until_idle();
        QCOMPARE(clock->pending(), 1u);
    }
    QCOMPARE(clock->pending(), 0u);
}

// Real time

void the_real_clock_is_never_early() {
    const auto clock = ctx::real_clock();
    for (const ctx::duration d :
         {ctx::duration(1ns), ctx::duration(100us), ctx::duration(1ms), ctx::duration(7ms)})
        for (int i = 0; i < 10; ++i) {
            const ctx::time_point begin = clock->now();
            const auto told = ctx::after(d).receive();
            QVERIFY(clock->now() - begin >= d);
            QVERIFY(*told - begin >= d);
        }
}

void a_shorter_timer_overtakes_in_real_time() {
    const auto late = ctx::after(1h);
    QCOMPARE(std::size_t(ctx::select(ctx::recv(late), ctx::recv(ctx::after(1ms)))), 1u);
}

void nothing_stale_arrives_in_real_time() {
    for (int i = 0; i < scaled(3000); ++i) {
        ctx::timer t(ctx::duration(i % 50 * 1us));
        const auto c = t.channel();
        const bool received_first = i % 3 == 0 && c.try_receive();
        if (i % 2) std::this_thread::yield();
        QCOMPARE(t.stop(), !received_first);
        QVERIFY(!c.try_receive());
        t.reset(1h);
        QVERIFY(!c.try_receive());
    }
}

void timers_are_dropped_while_they_fire() {
    const auto clock = ctx::real_clock();
    const std::size_t before = clock->pending();
    {
        std::vector<std::jthread> threads;
        for (int n = 0; n < 2; ++n)
            threads.emplace_back([] {
                for (int i = 0; i < scaled(5000); ++i) {
                    const ctx::timer t(ctx::duration(i % 40 * 1us));
                    const ctx::ticker ticks(ctx::duration(1us + i % 20 * 1us));
                    const auto c = ctx::after(ctx::duration(i % 30 * 1us));
                    if (i % 4 == 0) c.receive();
                    if (i % 4 == 1) ticks.channel().receive();
                }
            });
    }
    QCOMPARE(clock->pending(), before);
}

} // namespace

void tst_timer::timers_data() {
    rules({
        {"CHN-040 it delivers one time", it_delivers_one_time},
        {"CHN-040 zero and less are due at once", zero_and_less_are_due_at_once},
        {"CHN-040 the longest never overflow", the_longest_never_overflow},
        {"CHN-040 one value serves one receiver", one_value_serves_one_receiver},
        {"CHN-041 stop keeps it from firing", stop_keeps_it_from_firing},
        {"CHN-041 stop is too late after the receive", stop_is_too_late_after_the_receive},
        {"CHN-041 stop takes back what was not received", stop_takes_back_what_was_not_received},
        {"CHN-041 its channel looks unbuffered", its_channel_looks_unbuffered},
        {"CHN-043 reset tells whether it was active", reset_tells_whether_it_was_active},
        {"CHN-043 reset drops what was not received", reset_drops_what_was_not_received},
        {"CHN-043 one that waits is served after a reset", one_that_waits_is_served_after_a_reset},
        {"CHN-047 a sleep can be cancelled", a_sleep_can_be_cancelled},
    });
}

void tst_timer::givesBack_data() {
    rules({
        {"CHN-045 a dropped timer is disarmed", a_dropped_timer_is_disarmed},
        {"CHN-045 a dropped ticker is disarmed", a_dropped_ticker_is_disarmed},
        {"CHN-045 a kept channel keeps its timer", a_kept_channel_keeps_its_timer},
        {"CHN-045 after in a loop does not pile up", after_in_a_loop_does_not_pile_up},
        {"CHN-045 a worker that is destroyed gives its timer back",
         a_worker_that_is_destroyed_gives_its_timer_back},
        {"CHN-045 timers are dropped while they fire", timers_are_dropped_while_they_fire},
    });
}

void tst_timer::realTime_data() {
    rules({
        {"CHN-044 the real clock is never early", the_real_clock_is_never_early},
        {"CHN-044 a shorter timer overtakes", a_shorter_timer_overtakes_in_real_time},
        {"CHN-041 nothing stale arrives", nothing_stale_arrives_in_real_time},
    });
}

QTEST_APPLESS_MAIN(tst_timer)
#include "tst_timer.moc"
