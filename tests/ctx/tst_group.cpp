// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "workers.h"

#include <atomic>
#include <thread>
#include <vector>

/// Waiting for workers: wait_group and err_group.
class tst_group : public QObject {
    Q_OBJECT

  private slots:
    void waits_data();
    void waits() { run_rule(); }
    void keepsTheFirstError_data();
    void keepsTheFirstError() { run_rule(); }
    void limits_data();
    void limits() { run_rule(); }
};

using namespace test;

namespace {

ctx::task<ctx::error> returning(ctx::error e) {
    co_await ctx::yield{};
    co_return e;
}

ctx::task<ctx::error> when_closed(ctx::recv_chan<int> c, ctx::error e) {
    co_await ctx::select(ctx::recv(c));
    co_return e;
}

ctx::task<ctx::error> until_done(ctx::context c, std::vector<ctx::error>* causes) {
    co_await ctx::select(ctx::recv(c.done()));
    causes->push_back(ctx::cause(c));
    co_return c.err();
}

/// The result of `group.waiting()`, once it is there.
template <class G>
void wait_in_a_worker(workers& w, const G& group, std::optional<ctx::error>& to) {
    w.start([&to, group]() -> ctx::task<> { to = co_await group.waiting(); });
}

// wait_group

void nothing_to_wait_for() {
    const ctx::wait_group g;
    g.wait();
    QVERIFY(g.zero().closed());
}

void the_counter_never_gets_negative() {
    const ctx::wait_group g;
    QCOMPARE(panic_of([&] { g.done(); }), "sync: negative WaitGroup counter");
    g.add(2);
    QCOMPARE(panic_of([&] { g.add(-3); }), "sync: negative WaitGroup counter");
    QVERIFY(!g.zero().closed());
    g.add(-2);
    g.add(0);
    QVERIFY(g.zero().closed());
}

void it_can_be_used_again() {
    const ctx::wait_group g;
    for (int i = 0; i < 3; ++i) {
        g.add(1);
        const auto zero = g.zero();
        QVERIFY(!zero.closed());
        g.done();
        QVERIFY(zero.closed());
        g.wait();
    }
}

void what_workers_wrote_is_visible() {
    std::vector<int> written(50);
    ctx::pool_scheduler pool(2);
    const ctx::wait_group g;
    for (int i = 0; i < 50; ++i)
        g.go(
            pool,
            [](int* to, int n) -> ctx::task<> {
                co_await ctx::yield{};
                *to = n;
            },
            &written[static_cast<std::size_t>(i)], i);
    g.wait();
    for (int i = 0; i < 50; ++i) QCOMPARE(written[static_cast<std::size_t>(i)], i);
}

void threads_wait_too() {
    const ctx::wait_group g;
    g.add(3);
    int done = 0;
    std::atomic<int> waited = 0;
    {
        std::jthread a([&] { g.wait(), waited += done; }), b([&] { g.wait(), waited += done; });
        done = 1;
        for (int i = 0; i < 3; ++i) g.done();
    }
    QCOMPARE(waited.load(), 2);
}

void workers_wait_too() {
    workers w;
    const ctx::wait_group g;
    const ctx::chan<int> c(0);
    int waited = 0;
    for (int i = 0; i < 3; ++i) g.go(w.steps, [c]() -> ctx::task<> { co_await ctx::select(ctx::recv(c)); });
    for (int i = 0; i < 2; ++i)
        w.start([&]() -> ctx::task<> {
            co_await g.waiting();
            ++waited;
        });
    QVERIFY(c.try_send(1) && c.try_send(1));
    w.run();
    QCOMPARE(waited, 0);
    QVERIFY(c.try_send(1));
    w.run();
    QCOMPARE(waited, 2);
}

// err_group

void wait_waits_for_all_and_gives_the_first_error() {
    workers w;
    const ctx::error first("first"), second("second");
    const ctx::err_group g(w.steps);
    std::vector<ctx::chan<int>> gates;
    for (int i = 0; i < 3; ++i) gates.emplace_back(0);
    g.go(when_closed, gates[0], second);
    g.go(when_closed, gates[1], first);
    g.go(when_closed, gates[2], ctx::error{});
    std::optional<ctx::error> result;
    wait_in_a_worker(w, g, result);
    for (const std::size_t i : {1u, 0u, 2u}) {
        QVERIFY(!result);
        gates[i].close();
        w.run();
    }
    QVERIFY(result);
    QCOMPARE(*result, first);
}

void no_error_is_no_error() {
    ctx::pool_scheduler pool(2);
    const ctx::err_group g(pool);
    QVERIFY(!g.wait());
    for (int i = 0; i < 10; ++i) g.go(returning, ctx::error{});
    QVERIFY(!g.wait());
}

void the_first_error_cancels_with_itself_as_cause() {
    workers w;
    const ctx::error boom("boom");
    const ctx::chan<int> gate(0);
    const auto [g, c] = ctx::err_group::with_context(ctx::background(), w.steps);
    std::vector<ctx::error> causes;
    g.go(until_done, c, &causes);
    g.go(until_done, c, &causes);
    g.go(when_closed, gate, boom);
    w.run();
    QVERIFY(!c.err());
    gate.close();
    w.run();
    QCOMPARE(c.err(), ctx::canceled);
    QCOMPARE(ctx::cause(c), boom);
    QCOMPARE(causes, (std::vector<ctx::error>{boom, boom}));
    QCOMPARE(g.wait(), boom); // what the others returned came later
}

void the_context_is_done_after_wait() {
    workers w;
    const auto [g, c] = ctx::err_group::with_context(ctx::background(), w.steps);
    g.go(returning, ctx::error{});
    w.run();
    QVERIFY(!c.err());
    QVERIFY(!g.wait());
    QCOMPARE(c.err(), ctx::canceled);
    QCOMPARE(ctx::cause(c), ctx::canceled);
}

void the_parent_cancels_the_group() {
    workers w;
    const ctx::error why("why");
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto [g, c] = ctx::err_group::with_context(parent.context, w.steps);
    std::vector<ctx::error> causes;
    g.go(until_done, c, &causes);
    std::optional<ctx::error> result;
    wait_in_a_worker(w, g, result);
    parent.cancel(why);
    w.run();
    QCOMPARE(causes, std::vector<ctx::error>{why});
    QCOMPARE(result, ctx::canceled);
    QVERIFY(!parent.context.done().try_receive());
}

void a_group_leaves_its_parent() {
    workers w;
    const auto parent = ctx::with_cancel(ctx::background());
    {
        const auto made = ctx::err_group::with_context(parent.context, w.steps);
        QCOMPARE(ctx::children_of(parent.context), 1u);
        QVERIFY(!made.group.wait());
        QCOMPARE(ctx::children_of(parent.context), 0u);
    }
    QVERIFY(!parent.context.err());
}

void errors_of_threads_meet() {
    for (int round = 0; round < scaled(200); ++round) {
        ctx::pool_scheduler pool(3);
        const auto [g, c] = ctx::err_group::with_context(ctx::background(), pool);
        for (int i = 0; i < 6; ++i) g.go(returning, i % 2 ? ctx::error("no") : ctx::error{});
        const ctx::error e = g.wait();
        QVERIFY(e);
        QCOMPARE(ctx::cause(c), e);
    }
}

// Limits

void try_go_refuses_beyond_the_limit() {
    workers w;
    const ctx::err_group g(w.steps);
    const ctx::chan<int> gate(0);
    g.set_limit(2);
    QVERIFY(g.try_go(when_closed, gate, ctx::error{}));
    QVERIFY(g.try_go(when_closed, gate, ctx::error{}));
    QVERIFY(!g.try_go(when_closed, gate, ctx::error{}));
    w.run();
    QVERIFY(gate.try_send(1)); // one leaves
    w.run();
    QVERIFY(g.try_go(when_closed, gate, ctx::error{}));
    QVERIFY(!g.try_go(when_closed, gate, ctx::error{}));
    gate.close();
    w.run();
    QVERIFY(!g.wait());
    QCOMPARE(w.live(), 0u);
}

void go_waits_for_room() {
    constexpr int limit = 2;
    ctx::pool_scheduler pool(3);
    const ctx::err_group g(pool);
    g.set_limit(limit);
    std::atomic<int> running = 0, most = 0, ran = 0;
    for (int i = 0; i < scaled(500); ++i)
        g.go([&]() -> ctx::task<ctx::error> {
            const int now = ++running;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            co_await ctx::yield{};
            --running;
            ++ran;
            co_return ctx::error{};
        });
    QVERIFY(!g.wait());
    QCOMPARE(ran.load(), scaled(500));
    QVERIFY(most <= limit);
}

void zero_lets_nothing_start_and_negative_anything() {
    workers w;
    const ctx::err_group g(w.steps);
    g.set_limit(0);
    QVERIFY(!g.try_go(returning, ctx::error{}));
    g.set_limit(-1);
    for (int i = 0; i < 100; ++i) QVERIFY(g.try_go(returning, ctx::error{}));
    w.run();
    QVERIFY(!g.wait());
}

void the_limit_stays_while_functions_run() {
    workers w;
    const ctx::err_group g(w.steps);
    const ctx::chan<int> gate(0);
    g.set_limit(5);
    for (int i = 0; i < 3; ++i) g.go(when_closed, gate, ctx::error{});
    QCOMPARE(panic_of([&] { g.set_limit(7); }),
             "errgroup: modify limit while 3 goroutines in the group are still active");
    gate.close();
    w.run();
    QCOMPARE(panic_of([&] { g.set_limit(1); }), "none");
    QVERIFY(g.try_go(returning, ctx::error{}));
    QVERIFY(!g.try_go(returning, ctx::error{}));
    w.run();
}

void cancelling_does_not_wake_a_go_that_waits() {
    workers w;
    auto made = ctx::err_group::with_context(ctx::background(), w.steps);
    const ctx::chan<int> gate(0), about_to(0);
    made.group.set_limit(1);
    const ctx::error boom("boom");
    made.group.go(when_closed, gate, boom);
    std::atomic<bool> started = false;
    {
        std::jthread waiting([&] {
            about_to.send(1);
            made.group.go(returning, ctx::error("late"));
            started = true;
        });
        about_to.receive();
        w.run();
        QVERIFY(!started);
        gate.close();
        w.run(); // fails, cancels, and makes room
    }
    QVERIFY(started);
    QCOMPARE(ctx::cause(made.context), boom);
    w.run();
    QCOMPARE(made.group.wait(), boom);
}

} // namespace

void tst_group::waits_data() {
    rules({
        {"CHN-062 nothing to wait for", nothing_to_wait_for},
        {"CHN-062 the counter never gets negative", the_counter_never_gets_negative},
        {"CHN-062 it can be used again", it_can_be_used_again},
        {"CHN-062 what workers wrote is visible", what_workers_wrote_is_visible},
        {"CHN-062 threads wait too", threads_wait_too},
        {"CHN-062 workers wait too", workers_wait_too},
    });
}

void tst_group::keepsTheFirstError_data() {
    rules({
        {"CHN-064 wait waits for all and gives the first error",
         wait_waits_for_all_and_gives_the_first_error},
        {"CHN-065 no error is no error", no_error_is_no_error},
        {"CHN-064 the first error cancels with itself as cause",
         the_first_error_cancels_with_itself_as_cause},
        {"CHN-064 the context is done after wait", the_context_is_done_after_wait},
        {"CHN-064 the parent cancels the group", the_parent_cancels_the_group},
        {"CHN-064 a group leaves its parent", a_group_leaves_its_parent},
        {"CHN-064 errors of threads meet", errors_of_threads_meet},
    });
}

void tst_group::limits_data() {
    rules({
        {"CHN-065 try_go refuses beyond the limit", try_go_refuses_beyond_the_limit},
        {"CHN-065 go waits for room", go_waits_for_room},
        {"CHN-065 zero lets nothing start and negative anything",
         zero_lets_nothing_start_and_negative_anything},
        {"CHN-065 the limit stays while functions run", the_limit_stays_while_functions_run},
        {"CHN-065 cancelling does not wake a go that waits", cancelling_does_not_wake_a_go_that_waits},
    });
}

QTEST_APPLESS_MAIN(tst_group)
#include "tst_group.moc"
