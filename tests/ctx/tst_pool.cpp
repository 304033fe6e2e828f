// SPDX-License-Identifier: MIT
#include "rules.h"

#include "ctx/ctx.h"

#include <atomic>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// Pools: whose turn it is on which thread, and how those who wait for Done are told.
class tst_pool : public QObject {
    Q_OBJECT

  private slots:
    void starvesNobody_data();
    void starvesNobody() { run_rule(); }
    void tellsWhoWaitsForDone_data();
    void tellsWhoWaitsForDone() { run_rule(); }
    void ownsArguments_data();
    void ownsArguments() { run_rule(); }
};

namespace {

ctx::task<> count_when_done(ctx::recv_chan<ctx::empty> done, std::atomic<int>* n) {
    co_await done;
    ++*n;
}

/// Starts workers that wait for `done`, and returns when all of them do.
void start_waiting(ctx::pool_scheduler& pool, const ctx::recv_chan<ctx::empty>& done, std::atomic<int>* n,
                   int workers) {
    for (int i = 0; i < workers; ++i) ctx::go(pool, count_when_done, done, n);
    const ctx::chan<ctx::empty> last(0);
    const auto tell = [last]() -> ctx::task<> {
        for (int i = 0; i < 3; ++i) co_await ctx::yield{}; // those who began before are waiting
        last.close();
    };
    ctx::go(pool, tell);
    last.wait();
}

/// Keeps all threads of a pool from running workers.
class busy {
  public:
    busy(ctx::pool_scheduler& pool, int threads) : threads_(threads) {
        for (int i = 0; i < threads; ++i)
            ctx::go(pool, [signs = signs_]() -> ctx::task<> {
                signs->begun.release();
                signs->end.acquire();
                co_return;
            });
        for (int i = 0; i < threads; ++i) signs_->begun.acquire();
    }
    ~busy() { signs_->end.release(threads_); }
    busy(const busy&) = delete;
    busy& operator=(const busy&) = delete;

  private:
    const int threads_;
    struct signs { // the workers may be in acquire() still when this object goes
        std::counting_semaphore<> begun{0}, end{0};
    };
    const std::shared_ptr<signs> signs_ = std::make_shared<signs>();
};

// Turns

ctx::task<> bounce(ctx::chan<int> in, ctx::chan<int> out, std::atomic<bool>* stop) {
    for (;;) {
        const std::optional<int> v = co_await in;
        if (!v) break;
        if (*stop) break;
        co_await ctx::select(ctx::send(out, *v + 1));
    }
    out.close();
}

void two_that_wake_each_other_leave_turns_to_a_third() {
    std::atomic<bool> stop = false;
    ctx::pool_scheduler pool(1);
    const ctx::wait_group all;
    const auto first = [&]() -> ctx::task<> {
        const ctx::chan<int> a(0), b(0);
        all.go(pool, bounce, a, b, &stop);
        all.go(pool, bounce, b, a, &stop);
        co_await ctx::select(ctx::send(a, 0));
        all.go(pool, [&]() -> ctx::task<> {
            stop = true;
            co_return;
        });
    };
    all.go(pool, first);
    all.wait();
    QVERIFY(stop);
}

void yielding_workers_leave_turns_to_what_comes_from_outside() {
    std::atomic<bool> stop = false;
    ctx::pool_scheduler pool(1);
    const ctx::wait_group all;
    std::binary_semaphore begun(0);
    for (int i = 0; i < 3; ++i)
        all.go(pool, [&, i]() -> ctx::task<> {
            if (i == 2) begun.release();
            while (!stop) co_await ctx::yield{};
        });
    begun.acquire();
    all.go(pool, [&]() -> ctx::task<> {
        stop = true;
        co_return;
    });
    all.wait();
    QVERIFY(stop);
}

void a_worker_that_stays_does_not_keep_the_one_it_woke() {
    ctx::pool_scheduler pool(2);
    const ctx::wait_group all;
    const ctx::chan<int> c(0);
    std::atomic<bool> waiting = false, woken = false;
    all.go(pool, [&]() -> ctx::task<> {
        waiting = true;
        co_await c;
        woken = true;
    });
    all.go(pool, [&]() -> ctx::task<> {
        while (!c.try_send(1)) co_await ctx::yield{};
        while (!woken) std::this_thread::yield(); // stays
    });
    all.wait();
    QVERIFY(waiting && woken);
}

void more_workers_than_a_queue_has_room_for_run() {
    std::atomic<int> ran = 0;
    ctx::pool_scheduler pool(2);
    const ctx::wait_group all;
    all.go(pool, [&]() -> ctx::task<> {
        for (int i = 0; i < 5000; ++i)
            all.go(pool, [&]() -> ctx::task<> {
                ++ran;
                co_return;
            });
        co_return;
    });
    all.wait();
    QCOMPARE(ran.load(), 5000);
}

// Done

void everybody_hears_of_it(unsigned threads) {
    for (const int workers : {1, 16, 17, 1000, scaled(20'000)}) {
        ctx::pool_scheduler pool(threads);
        const auto made = ctx::with_cancel(ctx::background());
        std::atomic<int> n = 0;
        start_waiting(pool, made.context.done(), &n, workers);
        QCOMPARE(n.load(), 0);
        made.cancel();
        while (pool.live() > 0) std::this_thread::yield();
        QCOMPARE(n.load(), workers);
    }
}
void everybody_hears_of_it_on_one_thread() {
    everybody_hears_of_it(1);
}
void everybody_hears_of_it_on_three_threads() {
    everybody_hears_of_it(3);
}

void cancel_and_threads_do_not_wait_for_a_busy_pool() {
    ctx::pool_scheduler pool(2);
    const auto made = ctx::with_cancel(ctx::background());
    std::atomic<int> n = 0;
    std::binary_semaphore heard(0);
    start_waiting(pool, made.context.done(), &n, 300);
    std::jthread thread([&] {
        made.context.done().wait();
        heard.release();
    });
    {
        const busy both(pool, 2);
        made.cancel();
        heard.acquire();
        QCOMPARE(n.load(), 0);
        QVERIFY(pool.live() >= 300);
    }
    while (pool.live() > 0) std::this_thread::yield();
    QCOMPARE(n.load(), 300);
}

void a_busy_pool_does_not_keep_the_workers_of_another() {
    ctx::pool_scheduler one(1), two(1);
    const auto made = ctx::with_cancel(ctx::background());
    std::atomic<int> of_one = 0, of_two = 0;
    for (int i = 0; i < 3; ++i) {
        start_waiting(one, made.context.done(), &of_one, 50);
        start_waiting(two, made.context.done(), &of_two, 50);
    }
    {
        const busy first(one, 1);
        made.cancel();
        while (two.live() > 0) std::this_thread::yield();
        QCOMPARE(of_two.load(), 150);
        QCOMPARE(of_one.load(), 0);
    }
    while (one.live() > 0) std::this_thread::yield();
    QCOMPARE(of_one.load(), 150);
}

ctx::task<> hold_until(ctx::recv_chan<ctx::empty> done, std::shared_ptr<int> held) {
    co_await done;
    *held += 1;
}

void a_pool_goes_with_its_workers_told_or_not() {
    const auto held = std::make_shared<int>(0);
    for (const bool cancelled_first : {false, true}) {
        const auto made = ctx::with_cancel(ctx::background());
        {
            ctx::pool_scheduler pool(1);
            std::atomic<int> n = 0;
            for (int i = 0; i < 200; ++i) ctx::go(pool, hold_until, made.context.done(), held);
            start_waiting(pool, made.context.done(), &n, 1);
            if (cancelled_first) made.cancel();
        }
        QCOMPARE(held.use_count(), 1L);
        QCOMPARE(*held, cancelled_first ? 200 : 0); // it finishes what is ready before it goes
        made.cancel();
    }
}

// Arguments: a function without state runs in one frame, which owns what it is given

ctx::task<> keep_text(std::string text, std::vector<std::string>* to) {
    co_await ctx::yield{};
    to->push_back(text);
}
ctx::task<> look_at_text(std::string_view text, std::vector<std::string>* to) {
    co_await ctx::yield{};
    to->emplace_back(text);
}
ctx::task<> refer_to_text(const std::string& text, std::vector<std::string>* to) {
    co_await ctx::yield{};
    to->push_back(text);
}

void what_a_parameter_refers_to_stays() {
    std::vector<std::string> got;
    const std::string long_text(100, 'x');
    {
        ctx::pool_scheduler pool(1);
        {
            const std::string text = long_text;
            ctx::go(pool, keep_text, text, &got);
            ctx::go(pool, look_at_text, text, &got);
            ctx::go(pool, refer_to_text, text, &got);
            ctx::go(
                pool,
                [](const auto& t, auto* to) -> ctx::task<> {
                    co_await ctx::yield{};
                    to->push_back(t);
                },
                text, &got);
        }
    }
    QCOMPARE(got, std::vector<std::string>(4, long_text));
}

} // namespace

void tst_pool::starvesNobody_data() {
    rules({
        {"two that wake each other leave turns to a third", two_that_wake_each_other_leave_turns_to_a_third},
        {"yielding workers leave turns to what comes from outside",
         yielding_workers_leave_turns_to_what_comes_from_outside},
        {"a worker that stays does not keep the one it woke",
         a_worker_that_stays_does_not_keep_the_one_it_woke},
        {"more workers than a queue has room for run", more_workers_than_a_queue_has_room_for_run},
    });
}

void tst_pool::tellsWhoWaitsForDone_data() {
    rules({
        {"CTX-004 everybody hears of it on one thread", everybody_hears_of_it_on_one_thread},
        {"CTX-004 everybody hears of it on three threads", everybody_hears_of_it_on_three_threads},
        {"CTX-004 cancel and threads do not wait for a busy pool",
         cancel_and_threads_do_not_wait_for_a_busy_pool},
        {"CTX-004 a busy pool does not keep the workers of another",
         a_busy_pool_does_not_keep_the_workers_of_another},
        {"CHN-026 a pool goes with its workers told or not", a_pool_goes_with_its_workers_told_or_not},
    });
}

void tst_pool::ownsArguments_data() {
    rules({
        {"CHN-060 what a parameter refers to stays", what_a_parameter_refers_to_stays},
    });
}

QTEST_APPLESS_MAIN(tst_pool)
#include "tst_pool.moc"
