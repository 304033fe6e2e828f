// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <QString>
#include <QStringList>
#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// Schedulers: turns, seeds, virtual time, pools, and what an observer of workers is told.
class tst_scheduler : public QObject {
    Q_OBJECT

  private slots:
    void takesTurns_data();
    void takesTurns() { run_rule(); }
    void followsItsSeed_data();
    void followsItsSeed() { run_rule(); }
    void movesTime_data();
    void movesTime() { run_rule(); }
    void sharesThreads_data();
    void sharesThreads() { run_rule(); }
    void tellsItsObserver_data();
    void tellsItsObserver() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

ctx::task<> note_thrice(std::string* log, char name) {
    for (int i = 0; i < 3; ++i) {
        log->push_back(name);
        co_await ctx::yield{};
    }
}

std::string turns_with_seed(std::uint64_t seed) {
    ctx::step_scheduler steps(std::make_shared<ctx::virtual_clock>(), seed);
    std::string log;
    for (const char name : {'a', 'b', 'c', 'd'}) ctx::go(steps, note_thrice, &log, name);
    steps.run_until_idle();
    return log;
}

void yield_lets_others_run() {
    std::set<std::string> orders;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const std::string log = turns_with_seed(seed);
        for (const char name : {'a', 'b', 'c', 'd'}) QCOMPARE(std::count(log.begin(), log.end(), name), 3);
        orders.insert(log);
    }
    QVERIFY(!orders.contains("aaabbbcccddd"));
    QVERIFY(orders.size() > 10);
}

void one_step_runs_one_worker_to_its_next_wait() {
    workers w;
    std::string log;
    ctx::go(w.steps, note_thrice, &log, 'a');
    for (std::size_t i = 1; i <= 3; ++i) {
        QVERIFY(!w.steps.idle());
        QVERIFY(w.steps.run_one());
        QCOMPARE(log.size(), i);
    }
    QVERIFY(w.steps.run_one()); // to its end
    QVERIFY(w.steps.idle());
    QVERIFY(!w.steps.run_one());
}

void callbacks_take_turns_too() {
    workers w;
    ctx::scheduler* inside = nullptr;
    w.steps.call([&] { inside = ctx::scheduler::current(); });
    QVERIFY(!inside);
    QVERIFY(w.steps.run_one());
    QCOMPARE(inside, static_cast<ctx::scheduler*>(&w.steps));
}

void something_ready_is_told() {
    workers w;
    int told = 0;
    w.steps.on_ready([&] { ++told; });
    const ctx::chan<int> c(0);
    w.start([c]() -> ctx::task<> { co_await ctx::select(ctx::recv(c)); });
    QCOMPARE(told, 1);
    QVERIFY(c.try_send(1));
    QCOMPARE(told, 2);
    w.steps.call([] {});
    QCOMPARE(told, 3);
}

/// What happens among workers that race for everything: turns, cases, and equal deadlines.
std::string story_with_seed(std::uint64_t seed) {
    const auto clock = std::make_shared<ctx::virtual_clock>();
    ctx::step_scheduler steps(clock, seed);
    std::string log;
    const ctx::chan<int> a(1), b(1);
    for (const char name : {'p', 'q'})
        ctx::go(
            steps,
            [a, b](std::string* to, char me) -> ctx::task<> {
                for (int i = 0; i < 10; ++i) {
                    const std::size_t won = co_await ctx::select(ctx::send(a, i), ctx::send(b, i));
                    to->append({me, static_cast<char>('0' + won)});
                    co_await ctx::select(ctx::recv(ctx::after(1s)));
                }
            },
            &log, name);
    for (const char name : {'x', 'y', 'z'})
        ctx::go(
            steps,
            [a, b](std::string* to, char me) -> ctx::task<> {
                for (int i = 0; i < 6; ++i) {
                    int v = 0;
                    const std::size_t won = co_await ctx::select(ctx::recv(a, v), ctx::recv(b, v));
                    to->append({me, static_cast<char>('0' + won), static_cast<char>('0' + v)});
                }
            },
            &log, name);
    steps.run_until(ctx::time_point(1min));
    return log;
}

void the_same_seed_gives_the_same_story() {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const QString first = QString::fromStdString(story_with_seed(seed));
        QVERIFY(first.size() > 90);
        QCOMPARE(QString::fromStdString(story_with_seed(seed)), first);
    }
}

void other_seeds_give_other_stories() {
    std::set<std::string> stories;
    for (std::uint64_t seed = 0; seed < 20; ++seed) stories.insert(story_with_seed(seed));
    QVERIFY(stories.size() > 15);
}

// Time

void time_moves_when_all_are_blocked() {
    workers w;
    std::vector<ctx::time_point> seen;
    for (const ctx::duration d : {ctx::duration(3s), ctx::duration(1s), ctx::duration(2s)})
        w.start([&, d]() -> ctx::task<> {
            co_await ctx::select(ctx::recv(ctx::after(d)));
            for (int i = 0; i < 5; ++i) co_await ctx::yield{};
            seen.push_back(w.clock->now());
        });
    QVERIFY(seen.empty());
    w.steps.run_until(ctx::time_point(2s));
    QCOMPARE(seen, (std::vector<ctx::time_point>{ctx::time_point(1s), ctx::time_point(2s)}));
    QCOMPARE(w.clock->now(), ctx::time_point(2s));
    w.steps.run_until(ctx::time_point(9s));
    QCOMPARE(seen.back(), ctx::time_point(3s));
    QCOMPARE(w.clock->now(), ctx::time_point(9s));
}

void real_time_cannot_be_moved() {
    ctx::step_scheduler steps(ctx::real_clock(), 1);
    try {
        steps.run_until(ctx::time_point(1s));
        QFAIL("it did");
    } catch (const std::logic_error& e) {
        QVERIFY(QString(e.what()).contains("virtual_clock"));
    }
}

// Pools

void a_pool_runs_every_worker() {
    std::atomic<int> ran = 0;
    const int n = scaled(20'000);
    {
        ctx::pool_scheduler pool(3);
        for (int i = 0; i < n; ++i)
            ctx::go(pool, [&]() -> ctx::task<> {
                co_await ctx::yield{};
                ++ran;
            });
    }
    QCOMPARE(ran.load(), n); // it finishes what is ready before it goes
}

void steps_of_one_worker_are_in_order() {
    // The counters are plain: ThreadSanitizer sees whether one step happens before the next.
    std::vector<int> counters(8);
    {
        ctx::pool_scheduler pool(3);
        for (int& mine : counters)
            ctx::go(pool, [&mine]() -> ctx::task<> {
                for (int i = 0; i < scaled(2000); ++i) {
                    ++mine;
                    co_await ctx::yield{};
                }
            });
    }
    QCOMPARE(counters, std::vector<int>(8, scaled(2000)));
}

void callbacks_may_block() {
    ctx::pool_scheduler pool(1);
    const ctx::chan<int> there(0), back(0);
    for (int i = 0; i < 5; ++i) pool.call([=] { back.send(*there.receive()); });
    for (int i = 0; i < 5; ++i) {
        there.send(i);
        QCOMPARE(back.receive(), i);
    }
}

void a_pool_passes_values_around() {
    const int laps = scaled(2000), n = 16;
    std::vector<ctx::chan<int>> ring;
    for (int i = 0; i < n; ++i) ring.emplace_back(0);
    ctx::pool_scheduler pool(3);
    const ctx::wait_group all;
    for (int i = 0; i < n - 1; ++i)
        all.go(pool,
               [in = ring[static_cast<std::size_t>(i)],
                out = ring[static_cast<std::size_t>(i + 1)]]() -> ctx::task<> {
                   for (;;) {
                       int v = 0;
                       bool ok = false;
                       co_await ctx::select(ctx::recv(in, v, ok));
                       if (!ok) break;
                       co_await ctx::select(ctx::send(out, v + 1));
                   }
                   out.close();
               });
    for (int i = 0; i < laps; ++i) {
        ring.front().send(i);
        QCOMPARE(ring.back().receive(), i + n - 1);
    }
    ring.front().close();
    all.wait();
    QVERIFY(ring.back().closed());
}

// The observer

struct notes : ctx::worker_observer {
    QStringList all;
    void note(const char* what, std::uint64_t tag) { all << QString("%1 %2").arg(what).arg(tag); }
    void parked(std::uint64_t tag) override { note("parked", tag); }
    void resumed(std::uint64_t tag) override { note("resumed", tag); }
    void exited(std::uint64_t tag) override { note("exited", tag); }
};

void parking_resuming_and_leaving_are_told() {
    notes told;
    workers w;
    w.steps.observe(&told);
    const ctx::chan<int> c(0);
    ctx::go_tagged(w.steps, 7, [c]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(c), ctx::otherwise()); // does not wait
        co_await ctx::select(ctx::recv(c));
        co_await ctx::tag_worker{8};
    });
    w.run();
    QCOMPARE(told.all, QStringList{"parked 7"});
    QVERIFY(c.try_send(1));
    QCOMPARE(told.all, QStringList{"parked 7"});
    w.run();
    QCOMPARE(told.all, (QStringList{"parked 7", "resumed 7", "exited 8"}));
}

void a_worker_that_is_destroyed_does_not_exit() {
    notes told;
    workers w;
    w.steps.observe(&told);
    ctx::go_tagged(w.steps, 7, []() -> ctx::task<> { co_await ctx::select(); });
    w.run();
    w.steps.abandon();
    QCOMPARE(told.all, QStringList{"parked 7"});
}

} // namespace

void tst_scheduler::takesTurns_data() {
    rules({
        {"yield lets others run", yield_lets_others_run},
        {"one step runs one worker to its next wait", one_step_runs_one_worker_to_its_next_wait},
        {"callbacks take turns too", callbacks_take_turns_too},
        {"something ready is told", something_ready_is_told},
    });
}

void tst_scheduler::followsItsSeed_data() {
    rules({
        {"TEACH-044 the same seed gives the same story", the_same_seed_gives_the_same_story},
        {"TEACH-044 other seeds give other stories", other_seeds_give_other_stories},
    });
}

void tst_scheduler::movesTime_data() {
    rules({
        {"TEACH-044 time moves when all are blocked", time_moves_when_all_are_blocked},
        {"TEACH-044 real time cannot be moved", real_time_cannot_be_moved},
    });
}

void tst_scheduler::sharesThreads_data() {
    rules({
        {"a pool runs every worker", a_pool_runs_every_worker},
        {"steps of one worker are in order", steps_of_one_worker_are_in_order},
        {"CTX-142 callbacks may block", callbacks_may_block},
        {"CHN-068 a pool passes values around", a_pool_passes_values_around},
    });
}

void tst_scheduler::tellsItsObserver_data() {
    rules({
        {"parking, resuming and leaving are told", parking_resuming_and_leaving_are_told},
        {"a worker that is destroyed does not exit", a_worker_that_is_destroyed_does_not_exit},
    });
}

QTEST_APPLESS_MAIN(tst_scheduler)
#include "tst_scheduler.moc"
