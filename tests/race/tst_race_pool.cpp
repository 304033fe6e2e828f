// SPDX-License-Identifier: MIT
#include "race.h"

#include <atomic>
#include <memory>
#include <optional>

/// Pools whose workers are woken by many at once, while they wait for other things too, and while the pool
/// goes.
class tst_race_pool : public QObject {
    Q_OBJECT

  private slots:
    void wakes_data();
    void wakes() { run_rule(); }
    void goes_data();
    void goes() { run_rule(); }
};

using namespace test;

namespace {

ctx::task<> wait_for(ctx::recv_chan<ctx::empty> done, std::atomic<int>* left) {
    co_await done;
    ++*left;
}

ctx::task<> value_or_done(ctx::chan<int> values, ctx::recv_chan<ctx::empty> done, std::atomic<int>* got,
                          std::atomic<int>* left) {
    for (;;) {
        int v = 0;
        const std::size_t taken = co_await ctx::select(ctx::recv(values, v), ctx::recv(done));
        if (taken == 1) break;
        *got += v;
    }
    ++*left;
}

void values_and_a_cancel_wake_each_worker_once() {
    for (int round = 0; round < scaled(200); ++round) {
        ctx::pool_scheduler pool(2);
        const auto c = ctx::with_cancel(ctx::background());
        const ctx::chan<int> values(0);
        std::atomic<int> got = 0, left = 0;
        int sent = 0;
        for (int i = 0; i < 40; ++i) {
            ctx::go(pool, value_or_done, values, c.context.done(), &got, &left);
            ctx::go(pool, wait_for, c.context.done(), &left);
        }
        std::jthread sender([&] {
            while (ctx::select(ctx::send(values, 1), ctx::recv(c.context.done())) == 0) ++sent;
        });
        std::jthread other([&] { c.cancel(); });
        if (round % 2) c.cancel();
        sender.join();
        while (pool.live() > 0) std::this_thread::yield();
        QCOMPARE(left.load(), 80);
        QCOMPARE(got.load(), sent);
    }
}

ctx::task<> pass_on(ctx::chan<int> in, ctx::chan<int> out) {
    for (;;) {
        const std::optional<int> v = co_await in;
        if (!v) break;
        co_await ctx::select(ctx::send(out, *v + 1));
    }
    out.close();
}

void many_rings_turn_on_few_threads() {
    ctx::pool_scheduler pool(3);
    const int laps = scaled(500);
    std::vector<ctx::chan<int>> ins, outs;
    for (int r = 0; r < 20; ++r) {
        ctx::chan<int> at(0);
        ins.push_back(at);
        for (int i = 0; i < 5; ++i) {
            const ctx::chan<int> next(static_cast<std::size_t>(r % 2));
            ctx::go(pool, pass_on, at, next);
            at = next;
        }
        outs.push_back(at);
    }
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t)
        threads.emplace_back([&, t] {
            for (int lap = 0; lap < laps; ++lap) {
                for (std::size_t r = static_cast<std::size_t>(t); r < ins.size(); r += 2) ins[r].send(lap);
                for (std::size_t r = static_cast<std::size_t>(t); r < ins.size(); r += 2)
                    if (outs[r].receive() != lap + 5) ++wrong;
            }
        });
    threads.clear();
    for (const auto& in : ins) in.close();
    for (const auto& out : outs) out.wait();
    QCOMPARE(wrong.load(), 0);
}

void workers_start_workers() {
    std::atomic<int> ran = 0;
    const int n = scaled(20'000);
    ctx::pool_scheduler pool(3);
    const ctx::wait_group all;
    for (int t = 0; t < 3; ++t)
        all.go(pool, [&, all]() -> ctx::task<> {
            for (int i = 0; i < n; ++i) {
                all.go(pool, [&]() -> ctx::task<> {
                    ++ran;
                    co_return;
                });
                if (i % 100 == 0) co_await ctx::yield{};
            }
        });
    all.wait();
    QCOMPARE(ran.load(), 3 * n);
}

ctx::task<> start_and_wait(ctx::scheduler& pool, int n) {
    const ctx::wait_group all;
    for (int i = 0; i < n; ++i) all.go(pool, []() -> ctx::task<> { co_return; });
    co_await all.waiting();
}

/// Also if what the threads run is over so soon that they leave each other's alone.
void a_worker_that_stays_on_its_thread_gets_what_it_starts_run_elsewhere() {
    ctx::pool_scheduler pool(2);
    std::atomic<int> ran = 0;
    const int n = 600; // more than have room in a lane's queue
    const ctx::wait_group all;
    all.go(pool, [&]() -> ctx::task<> {
        for (int round = 1; round <= scaled(50); ++round) {
            for (int i = 0; i < 20; ++i) co_await start_and_wait(pool, 1000);
            for (int i = 0; i < n; ++i)
                ctx::go(pool, [&]() -> ctx::task<> {
                    ++ran;
                    co_return;
                });
            while (ran.load() < round * n) std::this_thread::yield();
        }
    });
    all.wait();
    QCOMPARE(ran.load(), scaled(50) * n);
}

ctx::task<> hold(ctx::chan<int> values, ctx::recv_chan<ctx::empty> done, std::shared_ptr<int>) {
    co_await ctx::select(ctx::recv(values), ctx::recv(done));
    co_await done;
}

void a_pool_goes_while_a_cancel_hands_its_workers_over() {
    const auto held = std::make_shared<int>(0);
    for (int round = 0; round < scaled(400); ++round) {
        const auto c = ctx::with_cancel(ctx::background());
        const ctx::chan<int> values(0);
        std::jthread other;
        {
            ctx::pool_scheduler pool(1 + static_cast<unsigned>(round % 2));
            for (int i = 0; i < 60; ++i) ctx::go(pool, hold, values, c.context.done(), held);
            other = std::jthread([cancel = c.cancel] { cancel(); });
        }
        other.join();
        QVERIFY(!values.try_send(1)); // nobody is queued any more
        QCOMPARE(held.use_count(), 1L);
    }
}

ctx::task<> take_all(ctx::chan<int> values, std::atomic<int>* got) {
    for (;;) {
        const std::optional<int> v = co_await values;
        if (!v) break;
        *got += *v;
    }
}

/// Workers of the pool and threads outside it claim the same waiters, while the pool goes.
void a_pool_goes_while_values_come_from_inside_and_outside() {
    for (int round = 0; round < scaled(400); ++round) {
        std::atomic<int> got = 0;
        std::atomic<bool> over = false;
        int sent = 0;
        std::jthread outside;
        {
            ctx::chan<int> values(0);
            ctx::pool_scheduler pool(2);
            for (int i = 0; i < 8; ++i) ctx::go(pool, take_all, values, &got);
            ctx::go(pool, [values]() -> ctx::task<> {
                for (int i = 0; i < 20; ++i) co_await ctx::select(ctx::send(values, 0));
            });
            outside = std::jthread([&, values] {
                while (!over) sent += values.try_send(1);
            });
        }
        over = true;
        outside.join();
        QVERIFY(got.load() <= sent);
    }
}

void workers_that_were_started_by_workers_end_while_they_are_listed() {
    std::atomic<int> left = 0;
    const int n = scaled(20'000);
    ctx::pool_scheduler pool(3);
    const ctx::wait_group all;
    for (int t = 0; t < 3; ++t)
        all.go(pool, [&]() -> ctx::task<> {
            for (int i = 0; i < n; ++i) {
                const ctx::chan<int> values(0);
                ctx::go(pool, take_all, values, &left);
                co_await ctx::select(ctx::send(values, 1));
                values.close();
            }
        });
    all.wait();
    while (pool.live() > 0) std::this_thread::yield();
    QCOMPARE(left.load(), 3 * n);
}

} // namespace

void tst_race_pool::wakes_data() {
    rules({
        {"CHN-020 values and a cancel wake each worker once", values_and_a_cancel_wake_each_worker_once},
        {"CHN-010 many rings turn on few threads", many_rings_turn_on_few_threads},
        {"CHN-060 workers start workers", workers_start_workers},
        {"CHN-060 a worker that stays on its thread gets what it starts run elsewhere",
         a_worker_that_stays_on_its_thread_gets_what_it_starts_run_elsewhere},
        {"CHN-060 workers that were started by workers end while they are listed",
         workers_that_were_started_by_workers_end_while_they_are_listed},
    });
}

void tst_race_pool::goes_data() {
    rules({
        {"CHN-026 a pool goes while a cancel hands its workers over",
         a_pool_goes_while_a_cancel_hands_its_workers_over},
        {"CHN-026 a pool goes while values come from inside and outside",
         a_pool_goes_while_values_come_from_inside_and_outside},
    });
}

QTEST_APPLESS_MAIN(tst_race_pool)
#include "tst_race_pool.moc"
