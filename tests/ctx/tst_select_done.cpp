// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

/// Workers that wait for a channel or for a context, whichever comes first.
class tst_select_done : public QObject {
    Q_OBJECT

  private slots:
    void takesDone_data();
    void takesDone() { run_rule(); }
    void inAPool_data();
    void inAPool() { run_rule(); }
    void startedByWorkers_data();
    void startedByWorkers() { run_rule(); }
};

using namespace test;

namespace {

using ints = ctx::chan<int>;

bool takes_done(const ctx::context& c) {
    return ctx::select(ctx::done(c), ctx::otherwise()) == 0;
}

void done_of_every_kind_of_context_is_a_case() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::key<int> number("number");
    const ctx::context below = ctx::with_value(made.context, number, 7);
    const auto inner = std::make_shared<foreign>();
    const ctx::context of_others(inner, ctx::background());
    for (const ctx::context& c : {made.context, below, of_others}) QVERIFY(!takes_done(c));
    made.cancel();
    inner->cancel();
    for (const ctx::context& c : {made.context, below, of_others}) QVERIFY(takes_done(c));
    QVERIFY(!takes_done(ctx::background()));
    QVERIFY(!takes_done(ctx::without_cancel(made.context)));
}

void a_thread_waits_for_a_context() {
    const auto made = ctx::with_cancel(ctx::background());
    const ints values(0);
    std::jthread other([&] { made.cancel(); });
    QCOMPARE(std::size_t{ctx::select(ctx::recv(values), ctx::done(made.context))}, 1u);
}

/// Runs `f` as a worker of a pool to its end.
template <class F>
void in_a_pool(F f) {
    ctx::pool_scheduler pool(1);
    const ctx::wait_group all;
    all.go(pool, std::move(f));
    all.wait();
}

void a_value_and_done_are_taken_as_often() {
    constexpr int rounds = 20'000;
    const auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    for (const bool done_first : {false, true}) {
        int won[2] = {0, 0};
        in_a_pool([&]() -> ctx::task<> {
            const ints values(1);
            for (int i = 0; i < rounds; ++i) {
                values.try_send(1);
                std::size_t taken = 0;
                if (done_first)
                    taken = co_await ctx::select(ctx::done(made.context), ctx::recv(values));
                else
                    taken = co_await ctx::select(ctx::recv(values), ctx::recv(made.context.done()));
                ++won[taken];
            }
        });
        QCOMPARE(won[0] + won[1], rounds);
        QVERIFY2(std::abs(won[0] - won[1]) < rounds / 20, qPrintable(QString::number(won[0])));
    }
}

/// How the context of a waiting worker is named in its select.
enum class named { lent, kept, borrowed };

ctx::task<> value_or_done(named how, ints values, ctx::context c, std::atomic<int>* sum,
                          std::atomic<int>* ended) {
    for (;;) {
        int v = 0;
        std::size_t taken = 0;
        if (how == named::lent) {
            taken = co_await ctx::select(ctx::recv(values, v), ctx::done(c));
        } else if (how == named::kept) {
            taken = co_await ctx::select(ctx::recv(values, v), ctx::recv(c.done()));
        } else {
            const ctx::recv_chan<ctx::empty> done = c.done();
            taken = co_await ctx::select(ctx::recv(done), ctx::recv(values, v));
            taken = 1 - taken;
        }
        if (taken == 1) break;
        *sum += v;
    }
    ++*ended;
}

void whoever_waits_gets_values_and_then_hears_of_the_cancel() {
    for (const unsigned threads : {1u, 2u}) {
        ctx::pool_scheduler pool(threads);
        std::atomic<int> sum = 0, ended = 0;
        const ints values(0);
        std::optional<ctx::cancelable> made = ctx::with_cancel(ctx::background());
        const ctx::cancel_func cancel = made->cancel;
        for (const named how : {named::lent, named::kept, named::borrowed})
            for (int i = 0; i < 3; ++i)
                ctx::go(pool, value_or_done, how, values, made->context, &sum, &ended);
        made.reset(); // from here on the workers keep it
        for (int i = 1; i <= 1000; ++i) values.send(i);
        while (sum != 500'500) std::this_thread::yield();
        QCOMPARE(ended.load(), 0);
        cancel();
        while (pool.live() > 0) std::this_thread::yield();
        QCOMPARE(ended.load(), 9);
        QVERIFY(!values.try_send(1)); // a case that lost is in no queue
    }
}

void a_pool_goes_while_its_workers_wait_for_both() {
    const ints values(0);
    const auto made = ctx::with_cancel(ctx::background());
    std::atomic<int> sum = 0, ended = 0;
    {
        ctx::pool_scheduler pool(2);
        for (const named how : {named::lent, named::kept, named::borrowed})
            ctx::go(pool, value_or_done, how, values, made.context, &sum, &ended);
        values.send(1);
    }
    QVERIFY(!values.try_send(1));
    made.cancel();
    QCOMPARE(ended.load(), 0);
}

ctx::task<> hold(std::shared_ptr<int>, ctx::recv_chan<ctx::empty> until) {
    co_await until;
}

ctx::task<> start_others(ctx::scheduler* on, int others, std::shared_ptr<int> held,
                         ctx::recv_chan<ctx::empty> until, ctx::chan<ctx::empty> started) {
    for (int i = 0; i < others; ++i) {
        ctx::go(*on, hold, held, until);
        ctx::go(
            *on, [](std::shared_ptr<int>) -> ctx::task<> { co_return; }, held);
        if (i % 100 == 99) co_await ctx::yield{};
    }
    started.close();
}

void a_pool_destroys_those_that_wait() {
    const auto held = std::make_shared<int>(0);
    const auto made = ctx::with_cancel(ctx::background());
    for (const unsigned threads : {1u, 2u}) {
        const ctx::chan<ctx::empty> started(0);
        {
            ctx::pool_scheduler pool(threads);
            ctx::go(pool, start_others, &pool, 1000, held, made.context.done(), started);
            started.wait();
            while (pool.live() > 1000) std::this_thread::yield();
            QCOMPARE(pool.live(), 1000u);
        }
        QCOMPARE(held.use_count(), 1L);
    }
}

void those_that_wait_end_on_any_thread() {
    const auto held = std::make_shared<int>(0);
    for (int round = 0; round < scaled(50); ++round) {
        ctx::pool_scheduler pool(2);
        const auto made = ctx::with_cancel(ctx::background());
        const ctx::chan<ctx::empty> started(0);
        ctx::go(pool, start_others, &pool, 300, held, made.context.done(), started);
        if (round % 2) started.wait();
        made.cancel();
        while (pool.live() > 0) std::this_thread::yield();
        QCOMPARE(held.use_count(), 1L);
    }
}

void a_scheduler_that_a_worker_drives_counts_its_own() {
    ctx::pool_scheduler pool(1);
    const ctx::wait_group all;
    std::size_t inside = 9;
    all.go(pool, [&]() -> ctx::task<> {
        ctx::step_scheduler steps(std::make_shared<ctx::virtual_clock>(), 1);
        for (int i = 0; i < 3; ++i) ctx::go(steps, []() -> ctx::task<> { co_return; });
        steps.run_until_idle();
        inside = steps.live();
        co_return;
    });
    all.wait();
    while (pool.live() > 0) std::this_thread::yield();
    QCOMPARE(inside, 0u);
}

} // namespace

void tst_select_done::takesDone_data() {
    rules({
        {"CTX-004 Done of every kind of context is a case", done_of_every_kind_of_context_is_a_case},
        {"CHN-020 a thread waits for a context", a_thread_waits_for_a_context},
    });
}

void tst_select_done::inAPool_data() {
    rules({
        {"CHN-021 a value and Done are taken as often", a_value_and_done_are_taken_as_often},
        {"CHN-020 CHN-026 whoever waits gets values and then hears of the cancel",
         whoever_waits_gets_values_and_then_hears_of_the_cancel},
        {"CHN-026 a pool goes while its workers wait for both", a_pool_goes_while_its_workers_wait_for_both},
    });
}

void tst_select_done::startedByWorkers_data() {
    rules({
        {"CHN-060 a pool destroys those that wait", a_pool_destroys_those_that_wait},
        {"CHN-060 those that wait end on any thread", those_that_wait_end_on_any_thread},
        {"CHN-060 a scheduler that a worker drives counts its own",
         a_scheduler_that_a_worker_drives_counts_its_own},
    });
}

QTEST_APPLESS_MAIN(tst_select_done)
#include "tst_select_done.moc"
