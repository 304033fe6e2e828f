// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <QString>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

/// What a select leaves behind: nothing in the queues of the cases that lost, nothing of a worker that is
/// gone, no scheduler that stands still.
class tst_select_leave : public QObject {
    Q_OBJECT

  private slots:
    void leavesNoTrace_data();
    void leavesNoTrace() { run_rule(); }
    void blocksNoScheduler_data();
    void blocksNoScheduler();
};

using namespace test;

namespace {

using ints = ctx::chan<int>;

template <class... Cases>
std::size_t taken(Cases... cases) {
    return ctx::select(std::move(cases)...);
}

/// A value that is sent or received right now would have met somebody.
bool nobody_waits(const ints& c) {
    return !c.try_send(0) && !c.try_receive();
}

void a_loser_leaves_the_queues() {
    const ints a(0), b(0), c(0);
    workers w;
    std::size_t won = 9;
    w.start(
        [&]() -> ctx::task<> { won = co_await ctx::select(ctx::recv(a), ctx::send(b, 1), ctx::recv(c)); });
    QVERIFY(a.try_send(1));
    // It has lost already, although it has not run again yet.
    QVERIFY(nobody_waits(b) && nobody_waits(c) && nobody_waits(a));
    w.run();
    QCOMPARE(won, 0u);
    QVERIFY(nobody_waits(b) && nobody_waits(c) && nobody_waits(a));
}

void a_thread_that_lost_leaves_the_queues() {
    for (int round = 0; round < scaled(200); ++round) {
        const ints a(0), b(0), c(0);
        std::jthread sender([a] { a.send(1); });
        QCOMPARE(taken(ctx::recv(a), ctx::recv(b), ctx::send(c, 1)), 0u);
        QVERIFY(nobody_waits(a) && nobody_waits(b) && nobody_waits(c));
    }
}

void every_value_of_racing_selects_arrives_once() {
    constexpr int senders = 3, receivers = 3, each = scaled(4000);
    const ints a(0), b(2);
    std::array<int, receivers> got{};
    {
        std::vector<std::jthread> in, out;
        for (int& mine : got)
            in.emplace_back([a, b, &mine] {
                int v = 0;
                bool from_a = true, from_b = true;
                while (from_a || from_b) {
                    const bool took_a = taken(ctx::recv(from_a ? a : ints(), v, from_a),
                                              ctx::recv(from_b ? b : ints(), v, from_b)) == 0;
                    mine += took_a ? from_a : from_b;
                }
            });
        for (int s = 0; s < senders; ++s)
            out.emplace_back([a, b] {
                for (int i = 0; i < each; ++i) taken(ctx::send(a, 1), ctx::send(b, 1));
            });
        out.clear();
        a.close();
        b.close();
    }
    QCOMPARE(got[0] + got[1] + got[2], senders * each);
}

void a_worker_that_is_destroyed_leaves_the_queues() {
    const ints a(0), b(0), c(0);
    {
        workers w;
        w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::recv(a)); });
        w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(b, 1), ctx::recv(a)); });
        w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::recv(b), ctx::send(c, 1)); });
        QCOMPARE(w.live(), 1u); // the last two have met
        w.start([&]() -> ctx::task<> { co_await ctx::select(ctx::send(c, 1)); });
    }
    QVERIFY(nobody_waits(a) && nobody_waits(b) && nobody_waits(c));
}

void a_worker_that_won_and_is_destroyed_leaves_the_queues() {
    for (const bool abandon : {false, true}) {
        const ints a(0), b(0);
        {
            workers w;
            w.start(
                [&]() -> ctx::task<> { co_await ctx::select(ctx::recv(a), ctx::recv(b), ctx::send(b, 1)); });
            QVERIFY(a.try_send(1)); // ready to run, and never run
            if (abandon) {
                w.steps.abandon();
                QVERIFY(nobody_waits(b));
            }
        }
        QVERIFY(nobody_waits(a) && nobody_waits(b));
        b.close();
    }
}

void a_worker_woken_while_it_is_destroyed_leaves_the_queues() {
    for (int round = 0; round < scaled(2000); ++round) {
        const ints a(0), b(0);
        std::atomic<bool> go = false;
        ctx::step_scheduler steps(std::make_shared<ctx::virtual_clock>(), 1);
        for (int i = 0; i < 8; ++i)
            ctx::go(steps, [a, b]() -> ctx::task<> { co_await ctx::select(ctx::recv(a), ctx::recv(b)); });
        steps.run_until_idle();
        {
            std::jthread closer([&] {
                while (!go) {
                }
                a.close();
            });
            go = true;
            steps.abandon();
            QCOMPARE(steps.live(), 0u);
        }
        QVERIFY(nobody_waits(b));
    }
}

using blocking = void (*)(const ints&);

} // namespace

Q_DECLARE_METATYPE(blocking)

void tst_select_leave::leavesNoTrace_data() {
    rules({
        {"CHN-026 a loser leaves the queues", a_loser_leaves_the_queues},
        {"CHN-026 a thread that lost leaves the queues", a_thread_that_lost_leaves_the_queues},
        {"CHN-026 every value of racing selects arrives once", every_value_of_racing_selects_arrives_once},
        {"CHN-026 a worker that is destroyed leaves the queues",
         a_worker_that_is_destroyed_leaves_the_queues},
        {"CHN-026 a worker that won and is destroyed leaves the queues",
         a_worker_that_won_and_is_destroyed_leaves_the_queues},
        {"CHN-026 a worker woken while it is destroyed leaves the queues",
         a_worker_woken_while_it_is_destroyed_leaves_the_queues},
    });
}

void tst_select_leave::blocksNoScheduler_data() {
    QTest::addColumn<blocking>("body");
    QTest::addColumn<QString>("what");
    QTest::newRow("receive") << blocking([](const ints& c) { c.receive(); }) << "a blocking receive";
    QTest::newRow("receive of nil") << blocking([](const ints&) { ints().receive(); })
                                    << "a blocking receive";
    QTest::newRow("wait") << blocking([](const ints& c) { c.wait(); }) << "a blocking receive";
    QTest::newRow("send") << blocking([](const ints& c) { c.send(1); }) << "a blocking send";
    QTest::newRow("select") << blocking([](const ints& c) {
        ctx::select(ctx::recv(c), ctx::send(c, 1)).wait();
    }) << "a blocking select";
    QTest::newRow("select converted")
        << blocking([](const ints& c) { taken(ctx::recv(c)); }) << "a blocking select";
    QTest::newRow("with default") << blocking([](const ints& c) { taken(ctx::recv(c), ctx::otherwise()); })
                                  << "";
    QTest::newRow("try_receive") << blocking([](const ints& c) { c.try_receive(); }) << "";
    QTest::newRow("try_send") << blocking([](const ints& c) { c.try_send(1); }) << "";
}

void tst_select_leave::blocksNoScheduler() {
    QFETCH(const blocking, body);
    QFETCH(const QString, what);
    const ints c(0);
    QStringList errors;
    const auto run = [&] {
        try {
            body(c);
        } catch (const std::logic_error& e) {
            errors << e.what();
        }
    };
    const auto worker = [&]() -> ctx::task<> {
        run();
        co_return;
    };
    workers w;
    w.start(worker);
    w.steps.call(run);
    w.run();
    {
        ctx::pool_scheduler pool(1);
        ctx::go(pool, worker);
    }
    QVERIFY(nobody_waits(c));
    QCOMPARE(errors.size(), what.isEmpty() ? 0 : 3);
    for (const QString& e : errors) {
        QVERIFY2(e.contains(what), qPrintable(e));
        QVERIFY2(e.contains("co_await ctx::select"), qPrintable(e));
    }
}

QTEST_APPLESS_MAIN(tst_select_leave)
#include "tst_select_leave.moc"
