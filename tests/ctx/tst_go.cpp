// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <QString>
#include <algorithm>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

/// Workers and the tasks they are made of.
class tst_go : public QObject {
    Q_OBJECT

  private slots:
    void starts_data();
    void starts() { run_rule(); }
    void awaitsTasks_data();
    void awaitsTasks() { run_rule(); }
    void ends_data();
    void ends() { run_rule(); }
    void isManyAtOnce_data();
    void isManyAtOnce() { run_rule(); }
};

using namespace test;

namespace {

using ints = std::vector<int>;

ctx::task<> add_to(int* sum, int n) {
    *sum += n;
    co_return;
}

void it_starts_when_its_scheduler_gets_to_it() {
    workers w;
    int sum = 0;
    ctx::go(w.steps, add_to, &sum, 7);
    QCOMPARE(sum, 0);
    QCOMPARE(w.live(), 1u);
    QVERIFY(w.steps.run_one());
    QCOMPARE(sum, 7);
    QCOMPARE(w.live(), 0u);
    QVERIFY(!w.steps.run_one());
}

void arguments_are_the_workers_own() {
    workers w;
    const auto held = std::make_shared<int>(1);
    std::vector<long> counts;
    {
        std::shared_ptr<int> argument = held;
        const auto function = [&counts, captured = held](std::shared_ptr<int> p) -> ctx::task<> {
            co_await ctx::yield{};
            counts.push_back(p.use_count() + 10 * *captured);
        };
        ctx::go(w.steps, function, argument);
    }
    w.run();
    QCOMPARE(counts.size(), 1u);
    QVERIFY(counts.front() >= 13); // ours, the function's and the argument
    QCOMPARE(held.use_count(), 1);
}

void arguments_that_cannot_be_copied_are_moved() {
    workers w;
    int got = 0;
    ctx::go(
        w.steps,
        [&](std::unique_ptr<int> p) -> ctx::task<> {
            got = *p;
            co_return;
        },
        std::make_unique<int>(7));
    w.run();
    QCOMPARE(got, 7);
}

void it_knows_its_scheduler() {
    workers w;
    QVERIFY(!ctx::scheduler::current());
    QVERIFY(ctx::current_clock() == ctx::real_clock());
    ctx::scheduler* inside = nullptr;
    std::shared_ptr<ctx::clock> clock;
    w.start([&]() -> ctx::task<> {
        inside = ctx::scheduler::current();
        clock = ctx::current_clock();
        co_return;
    });
    QCOMPARE(inside, static_cast<ctx::scheduler*>(&w.steps));
    QVERIFY(clock == w.clock);
    QVERIFY(!ctx::scheduler::current());
}

// Tasks

ctx::task<int> doubled(int n) {
    co_return 2 * n;
}

ctx::task<int> doubled_later(int n) {
    co_await ctx::yield{};
    const int d = co_await doubled(n);
    co_await ctx::yield{};
    co_return d;
}

void a_value_comes_back() {
    workers w;
    ints got;
    w.start([&]() -> ctx::task<> {
        got.push_back(co_await doubled(1));
        got.push_back(co_await doubled_later(2));
        ctx::task<int> kept = doubled(3);
        co_await ctx::yield{};
        got.push_back(co_await std::move(kept));
    });
    QCOMPARE(got, (ints{2, 4, 6}));
}

ctx::task<std::unique_ptr<int>> made(int n) {
    co_await ctx::yield{};
    co_return std::make_unique<int>(n);
}

void a_value_that_cannot_be_copied_comes_back() {
    workers w;
    int got = 0;
    w.start([&]() -> ctx::task<> {
        const std::unique_ptr<int> p = co_await made(7);
        got = *p;
    });
    QCOMPARE(got, 7);
}

ctx::task<int> failing(bool later) {
    if (later) co_await ctx::yield{};
    throw std::runtime_error("no");
}

ctx::task<> passing_on(bool later) {
    co_await failing(later);
}

void an_exception_comes_back() {
    for (const bool later : {false, true}) {
        workers w;
        std::vector<std::string> caught;
        w.start([&]() -> ctx::task<> {
            try {
                co_await failing(later);
            } catch (const std::runtime_error& e) {
                caught.push_back(e.what());
            }
            try {
                co_await passing_on(later);
            } catch (const std::runtime_error& e) {
                caught.push_back(e.what());
            }
        });
        QCOMPARE(caught, (std::vector<std::string>{"no", "no"}));
        QCOMPARE(w.live(), 0u);
    }
}

void a_task_nobody_awaits_does_not_run() {
    const auto held = std::make_shared<int>(0);
    {
        const auto count = [](std::shared_ptr<int> p) -> ctx::task<> {
            ++*p;
            co_return;
        };
        const ctx::task<> t = count(held);
        QCOMPARE(held.use_count(), 2);
        ctx::task<> moved = count(held);
        moved = count(held);
    }
    QCOMPARE(held.use_count(), 1);
    QCOMPARE(*held, 0);
}

void a_million_awaits_do_not_grow_the_stack() {
    workers w;
    long sum = 0;
    const int n = scaled(1'000'000);
    w.start([&]() -> ctx::task<> {
        for (int i = 0; i < n; ++i) sum += co_await doubled(i);
    });
    QCOMPARE(sum, static_cast<long>(n) * (n - 1));
}

ctx::task<int> depth_below(int n) {
    if (n == 0) {
        co_await ctx::yield{};
        co_return 0;
    }
    co_return 1 + co_await depth_below(n - 1);
}

void tasks_nest_deeply() {
    workers w;
    int depth = 0;
    const int n = scaled(20'000, 20);
    w.start([&]() -> ctx::task<> { depth = co_await depth_below(n); });
    QCOMPARE(depth, n);
}

// Ends

void it_ends_when_its_function_returns() {
    workers w;
    const ctx::chan<int> c(0);
    w.start([c]() -> ctx::task<> { co_await ctx::select(ctx::recv(c)); });
    QCOMPARE(w.live(), 1u);
    w.run();
    QCOMPARE(w.live(), 1u);
    c.close();
    w.run();
    QCOMPARE(w.live(), 0u);
}

void an_uncaught_exception_ends_the_process() {
    const pid_t child = ::fork();
    if (child == 0) {
        std::set_terminate([] { ::_exit(42); });
        workers w;
        ctx::go(w.steps, passing_on, true);
        w.run();
        ::_exit(0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 42);
}

ctx::task<> hold(std::shared_ptr<int> held, ctx::chan<int> c) {
    const std::shared_ptr<int> also = held;
    co_await ctx::select(ctx::recv(c));
}

void a_scheduler_that_goes_frees_its_workers() {
    const auto held = std::make_shared<int>(1);
    const ctx::chan<int> c(0);
    for (const bool abandoned : {false, true}) {
        {
            workers w;
            ctx::go(w.steps, hold, held, c);
            w.start([held, c]() -> ctx::task<> { co_await hold(held, c); });
            ctx::go(w.steps, hold, held, c); // not begun
            w.steps.call([held] {});
            QCOMPARE(w.live(), 3u);
            QVERIFY(held.use_count() > 6);
            if (abandoned) {
                w.steps.abandon();
                QCOMPARE(w.live(), 0u);
                QCOMPARE(held.use_count(), 1);
                ctx::go(w.steps, hold, held, c);
                w.steps.call([held] {});
                w.run(); // nothing runs any more
                QVERIFY(w.steps.idle());
            }
        }
        QCOMPARE(held.use_count(), 1);
        QVERIFY(!c.try_send(1));
    }
}

void a_pool_that_goes_frees_its_workers() {
    const auto held = std::make_shared<int>(1);
    const ctx::chan<int> c(0), started(0);
    {
        ctx::pool_scheduler pool(2);
        for (int i = 0; i < 10; ++i)
            ctx::go(pool, [held, c, started]() -> ctx::task<> {
                co_await ctx::select(ctx::send(started, 1));
                co_await hold(held, c);
            });
        for (int i = 0; i < 10; ++i) started.receive();
    }
    QCOMPARE(held.use_count(), 1);
    QVERIFY(!c.try_send(1));
}

// Many

void a_million_workers_run() {
    workers w;
    const int n = scaled(1'000'000);
    long sum = 0;
    for (int i = 0; i < n; ++i)
        ctx::go(
            w.steps,
            [](long* to, int mine) -> ctx::task<> {
                *to += mine;
                co_return;
            },
            &sum, i);
    QCOMPARE(w.live(), static_cast<std::size_t>(n));
    w.run();
    QCOMPARE(w.live(), 0u);
    QCOMPARE(sum, static_cast<long>(n) * (n - 1) / 2);
}

void a_hundred_thousand_wait_and_are_woken_at_once() {
    workers w;
    const int n = scaled(100'000);
    const ctx::context root =
        ctx::background({.clock = w.clock, .scheduler = &w.steps, .observer = {}, .sibling_seed = {}});
    const auto made = ctx::with_cancel(root);
    int woken = 0;
    for (int i = 0; i < n; ++i)
        ctx::go(
            w.steps,
            [](ctx::context c, int* count) -> ctx::task<> {
                co_await ctx::select(ctx::recv(c.done()));
                ++*count;
            },
            made.context, &woken);
    w.run();
    QCOMPARE(woken, 0);
    made.cancel();
    w.run();
    QCOMPARE(woken, n);
}

} // namespace

void tst_go::starts_data() {
    rules({
        {"CHN-060 it starts when its scheduler gets to it", it_starts_when_its_scheduler_gets_to_it},
        {"CHN-060 arguments are the worker's own", arguments_are_the_workers_own},
        {"arguments that cannot be copied are moved", arguments_that_cannot_be_copied_are_moved},
        {"it knows its scheduler", it_knows_its_scheduler},
    });
}

void tst_go::awaitsTasks_data() {
    rules({
        {"a value comes back", a_value_comes_back},
        {"a value that cannot be copied comes back", a_value_that_cannot_be_copied_comes_back},
        {"an exception comes back", an_exception_comes_back},
        {"a task nobody awaits does not run", a_task_nobody_awaits_does_not_run},
        {"a million awaits do not grow the stack", a_million_awaits_do_not_grow_the_stack},
        {"tasks nest deeply", tasks_nest_deeply},
    });
}

void tst_go::ends_data() {
    rules({
        {"CHN-060 it ends when its function returns", it_ends_when_its_function_returns},
        {"CHN-061 an uncaught exception ends the process", an_uncaught_exception_ends_the_process},
        {"CHN-060 a scheduler that goes frees its workers", a_scheduler_that_goes_frees_its_workers},
        {"CHN-060 a pool that goes frees its workers", a_pool_that_goes_frees_its_workers},
    });
}

void tst_go::isManyAtOnce_data() {
    rules({
        {"CHN-060 a million workers run", a_million_workers_run},
        {"CHN-060 a hundred thousand wait and are woken at once",
         a_hundred_thousand_wait_and_are_woken_at_once},
    });
}

QTEST_APPLESS_MAIN(tst_go)
#include "tst_go.moc"
