// SPDX-License-Identifier: MIT
#include "race.h"

#include <numeric>

/// Waiting for channels, timers and contexts on several threads and in workers, while they are closed,
/// cancelled and dropped.
class tst_race_waiting : public QObject {
    Q_OBJECT

  private slots:
    void channels_data();
    void channels() { run_rule(); }
    void contexts_data();
    void contexts() { run_rule(); }
    void timers_data();
    void timers() { run_rule(); }
};

using namespace test;

namespace {

void every_value_is_received_once() {
    constexpr int senders = 3, each = scaled(20000);
    for (const std::size_t capacity : {0u, 1u, 7u}) {
        const ctx::chan<int> c(capacity);
        std::atomic<long> sum{0}, received{0};
        {
            std::vector<std::jthread> threads;
            const ctx::wait_group sending;
            sending.add(senders);
            for (int s = 0; s < senders; ++s)
                threads.emplace_back([&] {
                    for (int i = 1; i <= each; ++i) c.send(i);
                    sending.done();
                });
            for (int r = 0; r < 3; ++r)
                threads.emplace_back([&] {
                    while (const auto v = c.receive()) {
                        sum += *v;
                        ++received;
                    }
                });
            sending.wait();
            c.close();
        }
        QCOMPARE(received, long(senders) * each);
        QCOMPARE(sum, long(senders) * each * (each + 1) / 2);
    }
}

void each_sender_keeps_its_order() {
    const ctx::chan<std::pair<int, int>> c(3);
    std::vector<std::jthread> threads;
    for (int s = 0; s < 3; ++s)
        threads.emplace_back([&, s] {
            for (int i = 0; i < scaled(20000); ++i) c.send({s, i});
        });
    std::vector<int> next(3, 0);
    int wrong = 0;
    for (int i = 0; i < 3 * scaled(20000); ++i) {
        const auto [s, n] = *c.receive();
        if (next[static_cast<std::size_t>(s)]++ != n) ++wrong;
    }
    QCOMPARE(wrong, 0);
}

void selects_meet_over_crossed_channels() {
    // Each thread sends on one and receives from the other, in both orders: channel locks must have an order.
    const ctx::chan<int> a(0), b(0);
    std::atomic<long> sent{0}, received{0};
    const auto player = [&](const ctx::chan<int>& out, const ctx::chan<int>& in) {
        for (int i = 0; i < scaled(20000); ++i) {
            int v = 0;
            if (ctx::select(ctx::send(out, 1), ctx::recv(in, v)) == 0)
                ++sent;
            else
                received += v;
        }
    };
    {
        // Every operation of one is met by one of the other, so nobody is left without a partner.
        std::jthread t1(player, a, b), t2(player, b, a);
    }
    QCOMPARE(sent, received);
    QCOMPARE(sent + received, 2L * scaled(20000));
}

void a_select_that_lost_leaves_no_trace() {
    const ctx::chan<int> quiet(0);
    ctx::chan<int> busy(0);
    int taken = 0, stale = 0;
    race(
        scaled(10000), [] {},
        {[&] { busy.send(1); }, [&] { taken += ctx::select(ctx::recv(quiet), ctx::recv(busy)) == 1; }},
        [&] {
            if (quiet.try_send(1)) ++stale; // somebody would still be queued there
        });
    QCOMPARE(taken, scaled(10000));
    QCOMPARE(stale, 0);
}

void closing_wakes_everybody_once() {
    ctx::chan<int> c;
    std::atomic<int> woken{0};
    const auto receiver = [&] {
        if (!c.receive()) ++woken;
    };
    const auto sender = [&] {
        try {
            c.send(1);
        } catch (const std::invalid_argument&) {
        }
    };
    race(
        scaled(5000), [&] { c = ctx::chan<int>(0); }, {receiver, receiver, [&] { c.close(); }},
        [&] { QVERIFY(c.closed()); });
    QCOMPARE(woken, 2 * scaled(5000));
    race(
        scaled(5000), [&] { c = ctx::chan<int>(0); }, {sender, sender, [&] { c.close(); }},
        [&] { QVERIFY(c.closed()); });
}

void everybody_hears_of_a_cancel() {
    const ctx::chan<int> never(0);
    std::optional<ctx::cancelable> c;
    std::atomic<int> heard{0};
    const auto waiter = [&] {
        const ctx::context child = ctx::with_cancel(c->context).context;
        if (ctx::select(ctx::recv(never), ctx::recv(child.done()), ctx::send(never, 1)) == 1) ++heard;
    };
    const auto listener = [&] {
        if (ctx::select(ctx::recv(c->context.done()), ctx::recv(ctx::chan<int>())) == 0) ++heard;
    };
    race(
        scaled(5000), [&] { c = ctx::with_cancel(ctx::background()); },
        {waiter, listener, listener, [&] { c->cancel(); }}, [] {});
    QCOMPARE(heard, 3 * scaled(5000));
}

ctx::task<> wait_for(ctx::context c, ctx::chan<int> work, std::atomic<int>* left) {
    for (;;) {
        int v = 0;
        if (co_await ctx::select(ctx::recv(work, v), ctx::recv(c.done())) == 1) break;
    }
    ++*left;
}

void workers_leave_when_their_context_is_cancelled() {
    for (int round = 0; round < scaled(100); ++round) {
        ctx::pool_scheduler pool(2);
        const ctx::chan<int> work(round % 2);
        std::atomic<int> left{0};
        const auto c = ctx::with_cancel(ctx::background());
        const ctx::wait_group all;
        for (int i = 0; i < 50; ++i) all.go(pool, wait_for, ctx::with_cancel(c.context).context, work, &left);
        std::jthread feeder([&] {
            while (ctx::select(ctx::send(work, 1), ctx::recv(c.context.done())) == 0) {
            }
        });
        std::jthread other([&] { c.cancel(); });
        c.cancel();
        all.wait();
        QCOMPARE(left, 50);
    }
}

ctx::task<> ping(ctx::chan<int> in, ctx::chan<int> out, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        int v = 0;
        co_await ctx::select(ctx::recv(in, v));
        co_await ctx::select(ctx::send(out, v + 1));
    }
}

void workers_and_threads_pass_values_on() {
    ctx::pool_scheduler pool(2);
    std::vector<ctx::chan<int>> links;
    for (int i = 0; i < 9; ++i) links.emplace_back(i % 2);
    const ctx::wait_group all;
    for (std::size_t i = 0; i + 1 < links.size(); ++i)
        all.go(pool, ping, links[i], links[i + 1], scaled(2000));
    std::jthread sender([&] {
        for (int i = 0; i < scaled(2000); ++i) links.front().send(i);
    });
    int wrong = 0;
    for (int i = 0; i < scaled(2000); ++i)
        if (links.back().receive() != i + 8) ++wrong;
    all.wait();
    QCOMPARE(wrong, 0);
}

ctx::task<> park(ctx::context c, ctx::chan<int> work) {
    co_await ctx::select(ctx::recv(work), ctx::recv(c.done()), ctx::send(work, 1));
}

void parked_workers_are_destroyed_with_their_scheduler() {
    const ctx::chan<int> work(0);
    auto count = std::make_shared<census>();
    const ctx::context root =
        ctx::background({.clock = {}, .scheduler = {}, .observer = count, .sibling_seed = {}});
    for (int round = 0; round < scaled(200); ++round) {
        const auto c = ctx::with_cancel(root);
        ctx::pool_scheduler pool(2);
        for (int i = 0; i < 20; ++i) ctx::go(pool, park, ctx::with_cancel(c.context).context, work);
    }
    QCOMPARE(count->live(), 1L);
    QVERIFY(!work.try_send(1)); // nobody is queued any more
}

void a_pool_goes_while_its_workers_are_woken() {
    for (int round = 0; round < scaled(500); ++round) {
        const auto c = ctx::with_cancel(ctx::background());
        std::jthread other;
        ctx::pool_scheduler pool(1);
        for (int i = 0; i < 5; ++i) ctx::go(pool, park, c.context, ctx::chan<int>());
        other = std::jthread([cancel = c.cancel] { cancel(); });
    }
}

ctx::task<> tell(ctx::context c, ctx::chan<int> told) {
    co_await ctx::select(ctx::recv(c.done()));
    told.close();
}

void a_pool_goes_as_soon_as_its_worker_has_said_so() {
    for (int round = 0; round < scaled(500); ++round) {
        const auto c = ctx::with_cancel(ctx::background());
        std::jthread other;
        ctx::pool_scheduler pool(1);
        const ctx::chan<int> told(0);
        ctx::go(pool, tell, c.context, told);
        other = std::jthread([cancel = c.cancel] { cancel(); });
        told.wait(); // the other thread may still be waking that worker
    }
}

void a_timer_fires_or_is_stopped() {
    auto clock = std::make_shared<ctx::virtual_clock>();
    std::optional<ctx::timer> t;
    bool stopped = false;
    int wrong = 0;
    race(
        scaled(20000), [&] { t.emplace(1ms, clock); },
        {[&] { clock->advance(1ms); }, [&] { stopped = t->stop(); }},
        [&] {
            // A value that nobody received counts as not fired: stop takes it back, and nothing stale is
            // left.
            if (!stopped || t->channel().try_receive()) ++wrong;
        });
    QCOMPARE(wrong, 0);
    QCOMPARE(clock->pending(), 0u);
}

void a_timer_is_received_or_stopped() {
    auto clock = std::make_shared<ctx::virtual_clock>();
    std::optional<ctx::timer> t;
    ctx::chan<ctx::empty> given_up;
    bool stopped = false, received = false;
    int wrong = 0;
    race(
        scaled(20000),
        [&] {
            t.emplace(1ms, clock);
            given_up = ctx::chan<ctx::empty>(0);
        },
        {[&] { clock->advance(1ms); },
         [&] {
             stopped = t->stop();
             given_up.close();
         },
         [&] { received = ctx::select(ctx::recv(t->channel()), ctx::recv(given_up)) == 0; }},
        [&] {
            if (received == stopped) ++wrong;
        });
    QCOMPARE(wrong, 0);
}

void a_timer_is_reset_while_it_fires_and_a_copy_is_dropped() {
    auto clock = std::make_shared<ctx::virtual_clock>();
    std::optional<ctx::timer> t;
    ctx::recv_chan<ctx::time_point> copy;
    int silent = 0;
    race(
        scaled(20000),
        [&] {
            t.emplace(1ms, clock);
            copy = t->channel();
        },
        {[&] { clock->advance(1ms); }, [&] { t->reset(1ms); }, [&] { copy = {}; }},
        [&] {
            clock->advance(1ms);
            if (!t->channel().try_receive()) ++silent;
        });
    QCOMPARE(silent, 0);
    t.reset();
    QCOMPARE(clock->pending(), 0u);
}

void a_ticker_is_dropped_while_it_ticks() {
    auto clock = std::make_shared<ctx::virtual_clock>();
    std::optional<ctx::ticker> t;
    ctx::recv_chan<ctx::time_point> copy;
    race(
        scaled(20000),
        [&] {
            t.emplace(1us, clock);
            copy = t->channel();
        },
        {[&] { clock->advance(3us); }, [&] { t.reset(); }, [&] { copy = {}; }},
        [&] { QCOMPARE(clock->pending(), 0u); });
}

} // namespace

void tst_race_waiting::channels_data() {
    rules({
        {"CHN-002 every value is received once", every_value_is_received_once},
        {"CHN-002 each sender keeps its order", each_sender_keeps_its_order},
        {"CHN-020 selects meet over crossed channels", selects_meet_over_crossed_channels},
        {"CHN-026 a select that lost leaves no trace", a_select_that_lost_leaves_no_trace},
        {"CHN-004 closing wakes everybody once", closing_wakes_everybody_once},
    });
}

void tst_race_waiting::contexts_data() {
    rules({
        {"CTX-004 everybody hears of a cancel", everybody_hears_of_a_cancel},
        {"CTX-190 workers leave when their context is cancelled",
         workers_leave_when_their_context_is_cancelled},
        {"CHN-010 workers and threads pass values on", workers_and_threads_pass_values_on},
        {"CHN-026 parked workers are destroyed with their scheduler",
         parked_workers_are_destroyed_with_their_scheduler},
        {"a pool goes while its workers are woken", a_pool_goes_while_its_workers_are_woken},
        {"a pool goes as soon as its worker has said so", a_pool_goes_as_soon_as_its_worker_has_said_so},
    });
}

void tst_race_waiting::timers_data() {
    rules({
        {"CHN-041 a timer fires or is stopped", a_timer_fires_or_is_stopped},
        {"CHN-041 a timer is received or stopped", a_timer_is_received_or_stopped},
        {"CHN-043 a timer is reset while it fires and a copy is dropped",
         a_timer_is_reset_while_it_fires_and_a_copy_is_dropped},
        {"CHN-045 a ticker is dropped while it ticks", a_ticker_is_dropped_while_it_ticks},
    });
}

QTEST_APPLESS_MAIN(tst_race_waiting)
#include "tst_race_waiting.moc"
