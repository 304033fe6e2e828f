// SPDX-License-Identifier: MIT
#include "rules.h"
#include "workers.h"

#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// `co_await channel`: one receive in a worker.
class tst_await : public QObject {
    Q_OBJECT

  private slots:
    void receives_data();
    void receives() { run_rule(); }
    void isASelectWithOneCase_data();
    void isASelectWithOneCase() { run_rule(); }
};

using namespace test;
using namespace std::chrono_literals;

namespace {

ctx::task<> collect(ctx::recv_chan<int> from, std::vector<std::optional<int>>* to, int times) {
    for (int i = 0; i < times; ++i) to->push_back(co_await from);
}

void it_gives_the_values_and_then_nothing() {
    workers w;
    const ctx::chan<int> c(2);
    c.send(1);
    c.send(2);
    std::vector<std::optional<int>> got;
    ctx::go(w.steps, collect, c, &got, 4);
    w.run();
    QCOMPARE(got.size(), std::size_t{2});
    QVERIFY(c.try_send(3));
    c.close();
    w.run();
    QCOMPARE(got, (std::vector<std::optional<int>>{1, 2, 3, {}}));
}

void a_value_that_can_only_be_moved_is_received() {
    workers w;
    const ctx::chan<std::unique_ptr<int>> c(0);
    int got = 0;
    w.start([&]() -> ctx::task<> {
        const std::optional<std::unique_ptr<int>> v = co_await c;
        got = **v;
    });
    QVERIFY(c.try_send(std::make_unique<int>(7)));
    w.run();
    QCOMPARE(got, 7);
}

void nil_waits_for_ever() {
    workers w;
    std::vector<std::optional<int>> got;
    ctx::go(w.steps, collect, ctx::recv_chan<int>(), &got, 1);
    w.run();
    QCOMPARE(w.live(), std::size_t{1});
    QVERIFY(got.empty());
}

void done_ends_the_wait() {
    workers w;
    const auto c = ctx::with_cancel(ctx::background());
    ctx::error seen;
    w.start([&]() -> ctx::task<> {
        co_await c.context.done();
        seen = c.context.err();
    });
    QVERIFY(!seen);
    c.cancel();
    w.run();
    QVERIFY(seen == ctx::canceled);
    QCOMPARE(w.live(), std::size_t{0});
}

void done_of_one_that_is_over_does_not_wait() {
    workers w;
    const auto c = ctx::with_cancel(ctx::background());
    c.cancel();
    std::vector<std::optional<ctx::empty>> got;
    w.start([&, d = c.context.done()]() -> ctx::task<> {
        for (int i = 0; i < 3; ++i) got.push_back(co_await d);
    });
    QCOMPARE(got, std::vector<std::optional<ctx::empty>>(3));
}

void the_channel_stays_while_it_is_waited_for() {
    workers w;
    auto box = std::make_unique<ctx::chan<int>>(0);
    const ctx::send_chan<int> out = *box;
    std::vector<int> got;
    w.start([&]() -> ctx::task<> {
        const std::optional<int> v = co_await *box;
        got.push_back(*v);
    });
    w.start([&]() -> ctx::task<> {
        int v = 0;
        const std::size_t taken = co_await ctx::select(ctx::recv(*box, v));
        got.push_back(v + 10 * static_cast<int>(taken));
    });
    box.reset(); // by name, and gone
    QVERIFY(out.try_send(1));
    QVERIFY(out.try_send(2));
    w.run();
    QCOMPARE(got.size(), std::size_t{2});
}

void a_worker_that_goes_leaves_no_trace() {
    const ctx::chan<int> c(0);
    const auto made = ctx::with_cancel(ctx::background());
    {
        workers w;
        std::vector<std::optional<int>> got;
        ctx::go(w.steps, collect, c, &got, 1);
        w.start([d = made.context.done()]() -> ctx::task<> { co_await d; });
        QCOMPARE(w.live(), std::size_t{2});
    }
    QVERIFY(!c.try_send(1));
    made.cancel();
}

/// Two receivers that race for values, with turns and cases that the seed decides.
template <bool awaits>
QString story(std::uint64_t seed) {
    const auto clock = std::make_shared<ctx::virtual_clock>();
    ctx::step_scheduler steps(clock, seed);
    QString log;
    const ctx::chan<int> c(1);
    for (const char name : {'x', 'y'})
        ctx::go(
            steps,
            [c](QString* to, char me) -> ctx::task<> {
                for (int i = 0; i < 8; ++i) {
                    int v = 0;
                    if constexpr (awaits) {
                        const std::optional<int> got = co_await c;
                        v = got.value_or(-1);
                    } else {
                        co_await ctx::select(ctx::recv(c, v));
                    }
                    to->append(QString("%1%2 ").arg(me).arg(v));
                    co_await ctx::yield{};
                }
            },
            &log, name);
    ctx::go(
        steps,
        [c](int n) -> ctx::task<> {
            for (int i = 0; i < n; ++i) co_await ctx::select(ctx::send(c, i));
        },
        16);
    steps.run_until_idle();
    return log;
}

void the_same_seed_gives_the_same_story_as_a_select() {
    std::set<QString> stories;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        QCOMPARE(story<true>(seed), story<false>(seed));
        stories.insert(story<true>(seed));
    }
    QVERIFY(stories.size() > 10);
}

struct notes : ctx::worker_observer {
    QStringList all;
    void parked(std::uint64_t) override { all << "parked"; }
    void resumed(std::uint64_t) override { all << "resumed"; }
    void exited(std::uint64_t) override { all << "exited"; }
};

void an_observer_is_told_of_real_waits_only() {
    notes told;
    workers w;
    w.steps.observe(&told);
    const ctx::chan<int> c(1);
    c.send(1);
    std::vector<std::optional<int>> got;
    ctx::go(w.steps, collect, c, &got, 2);
    w.run();
    QCOMPARE(told.all, QStringList{"parked"});
    c.close();
    w.run();
    QCOMPARE(told.all, (QStringList{"parked", "resumed", "exited"}));
}

} // namespace

void tst_await::receives_data() {
    rules({
        {"CHN-004 it gives the values and then nothing", it_gives_the_values_and_then_nothing},
        {"CHN-002 a value that can only be moved is received", a_value_that_can_only_be_moved_is_received},
        {"CHN-007 nil waits for ever", nil_waits_for_ever},
        {"CTX-004 Done ends the wait", done_ends_the_wait},
        {"CTX-004 Done of one that is over does not wait", done_of_one_that_is_over_does_not_wait},
        {"CHN-024 the channel stays while it is waited for", the_channel_stays_while_it_is_waited_for},
        {"CHN-026 a worker that goes leaves no trace", a_worker_that_goes_leaves_no_trace},
    });
}

void tst_await::isASelectWithOneCase_data() {
    rules({
        {"TEACH-044 the same seed gives the same story as a select",
         the_same_seed_gives_the_same_story_as_a_select},
        {"an observer is told of real waits only", an_observer_is_told_of_real_waits_only},
    });
}

QTEST_APPLESS_MAIN(tst_await)
#include "tst_await.moc"
