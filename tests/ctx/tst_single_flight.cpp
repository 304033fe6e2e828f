// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"
#include "world.h"

#include <latch>
#include <stdexcept>
#include <thread>

/// Concurrent calls for one key share one execution.
class tst_single_flight : public QObject {
    Q_OBJECT

  private slots:
    void inWorkers_data();
    void inWorkers() { run_rule(); }
    void inThreads_data();
    void inThreads() { run_rule(); }
};

using namespace test;

namespace {

using flights = ctx::single_flight<std::string, int>;

const ctx::key<int> number{"number"};

/// A function that three callers ask for, in virtual time: it takes two seconds unless its context ends.
struct slow_call {
    world w;
    flights shared;
    int begun = 0;
    ctx::error ended;

    ctx::task<std::pair<int, ctx::error>> load(ctx::context c) {
        ++begun;
        const int* n = c.value(number);
        if (co_await ctx::select(ctx::recv(ctx::after(2s)), ctx::recv(c.done())) == 1) {
            ended = ctx::cause(c);
            co_return std::pair(0, c.err());
        }
        co_return std::pair(n ? *n : 42, ctx::error());
    }
    ctx::task<> call(ctx::context c, std::string key, ctx::flight_result<int>* out) {
        *out = co_await shared.running(c, key, [this](const ctx::context& own) { return load(own); });
    }
    void start(const ctx::context& c, ctx::flight_result<int>& out, const std::string& key = "k") {
        out.err = ctx::error("still waiting");
        ctx::go(w.steps, &slow_call::call, this, c, key, &out);
        w.run();
    }
    static bool waits(const ctx::flight_result<int>& r) { return r.err.text() == "still waiting"; }
};

void calls_for_one_key_share_one_run() {
    slow_call s;
    ctx::flight_result<int> a, b, other;
    s.start(s.w.root, a);
    s.start(s.w.root, b);
    s.start(s.w.root, other, "another");
    QCOMPARE(s.begun, 2);
    QCOMPARE(s.shared.size(), 2u);
    s.w.advance(2s);
    QVERIFY(!a.err && !b.err && !other.err);
    QCOMPARE(a.value, 42);
    QCOMPARE(b.value, 42);
    QVERIFY(a.shared && b.shared && !other.shared);
    QCOMPARE(s.shared.size(), 0u);
    QCOMPARE(s.w.live(), 0L);
}

void the_first_caller_leaves_and_the_others_get_the_result() {
    slow_call s;
    const auto first = ctx::with_timeout(s.w.root, 1s);
    ctx::flight_result<int> a, b, c;
    s.start(first.context, a);
    s.start(s.w.root, b);
    s.start(s.w.root, c);
    s.w.advance(1s);
    QCOMPARE(a.err, ctx::deadline_exceeded);
    QVERIFY(slow_call::waits(b) && slow_call::waits(c));
    s.w.advance(1s);
    QVERIFY(!b.err && !c.err);
    QCOMPARE(b.value, 42);
    QCOMPARE(c.value, 42);
    QCOMPARE(s.begun, 1);
}

void when_all_have_left_the_run_is_cancelled() {
    slow_call s;
    const auto first = ctx::with_cancel(s.w.root), second = ctx::with_cancel(s.w.root);
    ctx::flight_result<int> a, b, later;
    s.start(first.context, a);
    s.start(second.context, b);
    first.cancel();
    s.w.run();
    QVERIFY(!s.ended);
    second.cancel();
    s.w.run();
    QCOMPARE(s.ended.text(), std::string("singleflight: every caller has left: context canceled"));
    QCOMPARE(b.err, ctx::canceled);
    s.start(s.w.root, later); // does not join what nobody wanted any more
    s.w.advance(2s);
    QCOMPARE(later.value, 42);
    QCOMPARE(s.begun, 2);
}

void values_come_from_the_first_caller() {
    slow_call s;
    ctx::flight_result<int> a, b;
    s.start(ctx::with_value(s.w.root, number, 7), a);
    s.start(ctx::with_value(s.w.root, number, 8), b);
    s.w.advance(2s);
    QCOMPARE(a.value, 7);
    QCOMPARE(b.value, 7);
}

void a_key_that_is_forgotten_starts_anew() {
    slow_call s;
    ctx::flight_result<int> a, b;
    s.start(s.w.root, a);
    s.w.advance(1s);
    s.shared.forget("k");
    s.start(s.w.root, b);
    QCOMPARE(s.begun, 2);
    s.w.advance(1s);
    QVERIFY(!a.err && !a.shared && slow_call::waits(b));
    QCOMPARE(s.shared.size(), 1u); // the first one did not take the second one away
    s.w.advance(1s);
    QVERIFY(!b.err && !b.shared);
}

void a_caller_who_is_done_already_starts_nothing() {
    slow_call s;
    const auto c = ctx::with_cancel(s.w.root);
    c.cancel();
    ctx::flight_result<int> a;
    s.start(c.context, a);
    QCOMPARE(a.err, ctx::canceled);
    QCOMPARE(s.begun, 0);
}

void callers_that_are_destroyed_have_left() {
    slow_call s;
    ctx::flight_result<int> a;
    s.start(s.w.root, a);
    s.w.steps.abandon();
    QCOMPARE(s.shared.size(), 0u);
    QCOMPARE(s.w.live(), 0L);
}

void in_workers_a_plain_function_runs_outside() {
    world w;
    flights shared;
    int result = 0;
    ctx::go(
        w.steps,
        [&](flights all) -> ctx::task<> {
            const auto r = co_await all.running(w.root, "k", [](const ctx::context&) { return 5; });
            result = r.value;
        },
        shared);
    w.run();
    QCOMPARE(result, 5);
}

void threads_share_a_run() {
    flights shared;
    std::atomic<int> begun = 0, sum = 0;
    std::latch go_on(1);
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 3; ++i)
            callers.emplace_back([&] {
                const auto r = shared.run(ctx::background(), "k", [&](const ctx::context&) {
                    ++begun;
                    go_on.wait();
                    return 42;
                });
                sum += r.value;
            });
        while (shared.waiting("k") < 3) std::this_thread::yield();
        go_on.count_down();
    }
    QCOMPARE(sum.load(), 3 * 42);
    QCOMPARE(begun.load(), 1);
}

void a_thread_leaves_with_its_own_context() {
    flights shared;
    std::latch began(1), go_on(1);
    const auto leaving = ctx::with_cancel(ctx::background());
    ctx::flight_result<int> stayed, left;
    const auto load = [&](const ctx::context& own) {
        began.count_down();
        go_on.wait();
        return std::pair(own.err() ? 0 : 42, ctx::error("half of it"));
    };
    {
        std::jthread a([&] { left = shared.run(leaving.context, "k", load); });
        began.wait();
        std::jthread b([&] { stayed = shared.run(ctx::background(), "k", load); });
        while (shared.waiting("k") < 2) std::this_thread::yield();
        leaving.cancel();
        a.join();
        go_on.count_down();
    }
    QCOMPARE(left.err, ctx::canceled);
    QCOMPARE(stayed.value, 42);
    QCOMPARE(stayed.err.text(), std::string("half of it"));
}

void an_exception_reaches_every_caller() {
    flights shared;
    std::latch began(1), go_on(1);
    std::atomic<int> caught = 0;
    const auto fail = [&](const ctx::context&) -> int {
        began.count_down();
        go_on.wait();
        throw std::runtime_error("boom");
    };
    const auto call = [&] {
        try {
            (void)shared.run(ctx::background(), "k", fail);
        } catch (const std::runtime_error&) {
            ++caught;
        }
    };
    {
        std::jthread a(call);
        began.wait();
        std::jthread b(call);
        while (shared.waiting("k") < 2) std::this_thread::yield();
        go_on.count_down();
    }
    QCOMPARE(caught.load(), 2);
}

} // namespace

void tst_single_flight::inWorkers_data() {
    rules({
        {"CHN-066 calls for one key share one run", calls_for_one_key_share_one_run},
        {"CHN-066 TEACH-041 the first caller leaves and the others get the result",
         the_first_caller_leaves_and_the_others_get_the_result},
        {"CHN-066 when all have left the run is cancelled", when_all_have_left_the_run_is_cancelled},
        {"CHN-066 values come from the first caller", values_come_from_the_first_caller},
        {"CHN-066 a key that is forgotten starts anew", a_key_that_is_forgotten_starts_anew},
        {"CHN-066 a caller who is done already starts nothing", a_caller_who_is_done_already_starts_nothing},
        {"CHN-066 callers that are destroyed have left", callers_that_are_destroyed_have_left},
        {"CHN-066 in workers a plain function runs outside", in_workers_a_plain_function_runs_outside},
    });
}

void tst_single_flight::inThreads_data() {
    rules({
        {"CHN-066 threads share a run", threads_share_a_run},
        {"CHN-066 TEACH-041 a thread leaves with its own context", a_thread_leaves_with_its_own_context},
        {"CHN-066 an exception reaches every caller", an_exception_reaches_every_caller},
    });
}

QTEST_APPLESS_MAIN(tst_single_flight)
#include "tst_single_flight.moc"
