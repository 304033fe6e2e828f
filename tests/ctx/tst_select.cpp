// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <QStringList>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>
#include <vector>

/// select in threads and in workers: which case is taken, and how often.
class tst_select : public QObject {
    Q_OBJECT

  private slots:
    void takesOneCase_data();
    void takesOneCase() { run_rule(); }
    void isFair_data();
    void isFair();
};

using namespace test;

namespace {

using ints = ctx::chan<int>;

/// The position of the case that a thread's select takes.
template <class... Cases>
std::size_t taken(Cases... cases) {
    return ctx::select(std::move(cases)...);
}

ints closed_channel() {
    const ints c(0);
    c.close();
    return c;
}

void a_thread_waits_for_the_first_ready_case() {
    for (int round = 0; round < scaled(200); ++round) {
        const ints a(0), b(0);
        std::jthread t([b, round] { b.send(round); });
        int from_a = -1, from_b = -1;
        QCOMPARE(taken(ctx::recv(a, from_a), ctx::recv(b, from_b)), 1u);
        QCOMPARE(from_a, -1);
        QCOMPARE(from_b, round);
    }
}

void a_worker_waits_for_the_first_ready_case() {
    const ints a(0), b(0);
    workers w;
    int from_a = -1, from_b = -1;
    std::size_t won = 9;
    w.start([&]() -> ctx::task<> { won = co_await ctx::select(ctx::recv(a, from_a), ctx::recv(b, from_b)); });
    QCOMPARE(won, 9u);
    QVERIFY(b.try_send(7));
    w.run();
    QCOMPARE(won, 1u);
    QCOMPARE(from_a, -1);
    QCOMPARE(from_b, 7);
}

void exactly_one_case_is_taken() {
    const ints a(1), b(1);
    for (int i = 0; i < 100; ++i) {
        a.send(1);
        b.send(2);
        int v = 0, w = 0;
        const std::size_t won = taken(ctx::recv(a, v), ctx::recv(b, w));
        QCOMPARE(v, won == 0 ? 1 : 0);
        QCOMPARE(w, won == 1 ? 2 : 0);
        QCOMPARE(a.size() + b.size(), 1u);
        (won == 0 ? b : a).receive();
    }
}

void threads_and_workers_meet() {
    const int n = scaled(2000);
    const ints there(0), back(0);
    ctx::pool_scheduler pool(2);
    const ctx::wait_group echo;
    for (int i = 0; i < 4; ++i)
        echo.go(pool, [there, back]() -> ctx::task<> {
            for (;;) {
                int v = 0;
                bool ok = false;
                co_await ctx::select(ctx::recv(there, v, ok));
                if (!ok) co_return;
                co_await ctx::select(ctx::send(back, -v));
            }
        });
    long sum = 0;
    int sent = 0, received = 0;
    while (received < n) {
        int v = 0;
        // The other end is turned off by making it nil.
        if (taken(ctx::send(sent < n ? there : ints(), sent + 1), ctx::recv(back, v)) == 0) {
            ++sent;
        } else {
            ++received;
            sum += v;
        }
    }
    there.close();
    echo.wait();
    QCOMPARE(sum, -static_cast<long>(n) * (n + 1) / 2);
}

void default_runs_exactly_when_nothing_is_ready() {
    const ints c(1);
    QCOMPARE(taken(ctx::recv(c), ctx::otherwise()), 1u);
    QCOMPARE(taken(ctx::otherwise(), ctx::recv(c)), 0u);
    QCOMPARE(taken(ctx::otherwise()), 0u);
    QCOMPARE(taken(ctx::send(c, 1), ctx::otherwise()), 0u);
    QCOMPARE(taken(ctx::send(c, 2), ctx::otherwise()), 1u);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(taken(ctx::otherwise(), ctx::recv(c)), 1u);
        QCOMPARE(taken(ctx::otherwise(), ctx::send(c, i)), 1u);
    }
}

void default_runs_in_a_worker_without_parking() {
    const ints c(1);
    workers w;
    std::vector<std::size_t> won;
    w.start([&]() -> ctx::task<> {
        won.push_back(co_await ctx::select(ctx::recv(c), ctx::otherwise()));
        won.push_back(co_await ctx::select(ctx::otherwise(), ctx::send(c, 1)));
        won.push_back(co_await ctx::select(ctx::recv(c), ctx::otherwise()));
        won.push_back(co_await ctx::select(ctx::otherwise()));
    });
    QCOMPARE(won, (std::vector<std::size_t>{1, 1, 0, 0}));
    QCOMPARE(w.live(), 0u);
}

void a_waiting_partner_makes_a_case_ready() {
    const ints c(0);
    workers w;
    QCOMPARE(taken(ctx::send(c, 1), ctx::otherwise()), 1u);
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::recv(c)); });
    QCOMPARE(taken(ctx::send(c, 1), ctx::otherwise()), 0u);
    w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(c, 7)); });
    int v = 0;
    QCOMPARE(taken(ctx::recv(c, v), ctx::otherwise()), 0u);
    QCOMPARE(v, 7);
}

void values_are_evaluated_once_also_for_losers() {
    const ints to(0), ready = closed_channel();
    int channels = 0, values = 0;
    const auto channel = [&](const ints& c) -> const ints& {
        ++channels;
        return c;
    };
    const auto value = [&] { return ++values; };
    for (int i = 1; i <= 10; ++i) {
        QCOMPARE(taken(ctx::send(channel(to), value()), ctx::recv(channel(ready))), 1u);
        QCOMPARE(channels, 2 * i);
        QCOMPARE(values, i);
    }
}

void no_cases_block_for_ever() {
    workers w;
    w.start([]() -> ctx::task<> { co_await ctx::select(); });
    QCOMPARE(w.live(), 1u);
    QVERIFY(w.steps.idle());
}

void a_channel_may_stand_in_several_cases() {
    const ints c(1);
    std::array<int, 3> won{};
    for (int i = 0; i < 300; ++i) {
        c.send(i);
        int v = -1;
        ++won[taken(ctx::recv(c, v), ctx::recv(c, v), ctx::recv(c, v))];
        QCOMPARE(v, i);
        QCOMPARE(c.size(), 0u);
    }
    for (const int n : won) QVERIFY(n > 0);
}

void a_select_never_meets_itself() {
    const ints c(0);
    QCOMPARE(taken(ctx::send(c, 1), ctx::recv(c), ctx::otherwise()), 2u);
    workers w;
    std::vector<std::string> met;
    const auto both_ways = [&](int mine) -> ctx::task<> {
        int v = 0;
        const std::size_t won = co_await ctx::select(ctx::send(c, mine), ctx::recv(c, v), ctx::recv(c, v));
        met.push_back(std::to_string(mine) + (won == 0 ? " sent" : " got " + std::to_string(v)));
    };
    w.start([&] { return both_ways(1); });
    QCOMPARE(w.live(), 1u);
    QVERIFY(met.empty());
    w.start([&] { return both_ways(2); });
    QCOMPARE(w.live(), 0u);
    std::sort(met.begin(), met.end());
    QVERIFY(met == (std::vector<std::string>{"1 got 2", "2 sent"}) ||
            met == (std::vector<std::string>{"1 sent", "2 got 1"}));
    QVERIFY(!c.try_send(1) && !c.try_receive());
}

void two_threads_that_send_and_receive_meet() {
    for (int round = 0; round < scaled(500); ++round) {
        const ints c(0);
        std::array<std::size_t, 2> won{};
        std::array<int, 2> got{};
        {
            std::jthread other([&] { won[1] = taken(ctx::send(c, 1), ctx::recv(c, got[1])); });
            won[0] = taken(ctx::send(c, 2), ctx::recv(c, got[0]));
        }
        QCOMPARE(won[0] + won[1], 1u);
        QCOMPARE(got[0], won[0] ? 1 : 0);
        QCOMPARE(got[1], won[1] ? 2 : 0);
    }
}

/// The position of the case that a thread's select over the first channels of `all` takes.
template <std::size_t... I>
std::size_t taken_of_many(std::index_sequence<I...>, const std::vector<ints>& all) {
    return ctx::select(ctx::recv(all[I])...);
}

void more_than_eight_cases() {
    for (std::size_t ready = 0; ready < 20; ++ready) {
        std::vector<ints> all;
        for (int i = 0; i < 20; ++i) all.emplace_back(1);
        all[ready].send(1);
        QCOMPARE(taken_of_many(std::make_index_sequence<20>(), all), ready);
        if (ready >= 9) continue;
        all[ready].send(1);
        QCOMPARE(taken_of_many(std::make_index_sequence<9>(), all), ready);
    }
}

void more_than_eight_cases_wait() {
    for (std::size_t ready = 0; ready < 20; ++ready) {
        std::vector<ints> all;
        for (int i = 0; i < 20; ++i) all.emplace_back(0);
        std::jthread sender([&] { all[ready].send(1); });
        QCOMPARE(taken_of_many(std::make_index_sequence<20>(), all), ready);
        for (const ints& c : all) QVERIFY(!c.try_send(1));
    }
}

void a_send_to_a_closed_channel_panics_in_a_worker() {
    const ints closed = closed_channel();
    workers w;
    QStringList panics;
    w.start([&]() -> ctx::task<> {
        for (int i = 0; i < 2; ++i) {
            try {
                if (i == 0) co_await ctx::select(ctx::send(closed, 1));
                if (i == 1) co_await ctx::select(ctx::send(closed, 1), ctx::otherwise());
            } catch (const std::invalid_argument& e) {
                panics << e.what();
            }
        }
    });
    QCOMPARE(panics, QStringList(2, "send on closed channel"));
}

// Fairness: who wins how often when the channels in `ready` are.

using counts = std::vector<int>;
constexpr int rounds = 100'000;

template <std::size_t... I>
counts in_a_thread(std::index_sequence<I...>, const std::vector<ints>& all) {
    counts won(all.size());
    for (int i = 0; i < rounds; ++i) ++won[taken(ctx::recv(all[I])...)];
    return won;
}

template <std::size_t... I>
counts in_a_worker(std::index_sequence<I...>, const std::vector<ints>& all) {
    counts won(all.size());
    workers w;
    w.start([&]() -> ctx::task<> {
        for (int i = 0; i < rounds; ++i) ++won[co_await ctx::select(ctx::recv(all[I])...)];
    });
    return won;
}

using contest = counts (*)(const std::vector<ints>&);
template <std::size_t N>
counts threads_contest(const std::vector<ints>& all) {
    return in_a_thread(std::make_index_sequence<N>(), all);
}
template <std::size_t N>
counts workers_contest(const std::vector<ints>& all) {
    return in_a_worker(std::make_index_sequence<N>(), all);
}

} // namespace

void tst_select::takesOneCase_data() {
    rules({
        {"CHN-020 a thread waits for the first ready case", a_thread_waits_for_the_first_ready_case},
        {"CHN-020 a worker waits for the first ready case", a_worker_waits_for_the_first_ready_case},
        {"CHN-020 exactly one case is taken", exactly_one_case_is_taken},
        {"CHN-020 threads and workers meet", threads_and_workers_meet},
        {"CHN-005 a send to a closed channel panics in a worker",
         a_send_to_a_closed_channel_panics_in_a_worker},
        {"CHN-023 default runs exactly when nothing is ready", default_runs_exactly_when_nothing_is_ready},
        {"CHN-023 default runs in a worker without parking", default_runs_in_a_worker_without_parking},
        {"CHN-023 a waiting partner makes a case ready", a_waiting_partner_makes_a_case_ready},
        {"CHN-024 values are evaluated once, also for losers", values_are_evaluated_once_also_for_losers},
        {"CHN-025 no cases block for ever", no_cases_block_for_ever},
        {"CHN-027 a channel may stand in several cases", a_channel_may_stand_in_several_cases},
        {"CHN-027 a select never meets itself", a_select_never_meets_itself},
        {"CHN-027 two threads that send and receive meet", two_threads_that_send_and_receive_meet},
        {"CHN-020 more than eight cases", more_than_eight_cases},
        {"CHN-020 more than eight cases wait", more_than_eight_cases_wait},
    });
}

Q_DECLARE_METATYPE(contest)

void tst_select::isFair_data() {
    using ready = std::vector<bool>;
    QTest::addColumn<contest>("contest_of");
    QTest::addColumn<ready>("which");
    const auto row = [](const char* tag, contest c, ready which) { QTest::newRow(tag) << c << which; };
    row("CHN-021 two in a thread", threads_contest<2>, {true, true});
    row("CHN-021 four in a thread", threads_contest<4>, {true, true, true, true});
    row("CHN-021 two in a worker", workers_contest<2>, {true, true});
    row("CHN-021 four in a worker", workers_contest<4>, {true, true, true, true});
    row("CHN-021 neighbours among seven", threads_contest<7>, {false, true, true, false, false, false, true});
    row("CHN-021 two of twelve", workers_contest<12>,
        {false, false, true, false, false, false, false, false, false, false, false, true});
}

void tst_select::isFair() {
    QFETCH(const contest, contest_of);
    QFETCH(const std::vector<bool>, which);
    std::vector<ints> all;
    for (const bool ready : which) all.push_back(ready ? closed_channel() : ints(0));
    const counts won = contest_of(all);
    const int share = rounds / static_cast<int>(std::count(which.begin(), which.end(), true));
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int expected = which[i] ? share : 0;
        QVERIFY2(std::abs(won[i] - expected) <= rounds / 100,
                 qPrintable(QString("case %1 won %2 times of %3").arg(i).arg(won[i]).arg(rounds)));
        QVERIFY(which[i] || won[i] == 0);
    }
}

QTEST_APPLESS_MAIN(tst_select)
#include "tst_select.moc"
