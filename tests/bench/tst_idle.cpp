// SPDX-License-Identifier: MIT
#include "bench/wake_ups.h"
#include "ctx/ctx.h"

#include <QTest>
#include <chrono>
#include <thread>
#include <vector>

/// What happens while nothing is due: nothing.
class tst_idle : public QObject {
    Q_OBJECT

  private slots:
    void nobodyWakesForDeadlinesAnHourAway();
    void aDeadlineThatIsDueIsSeenAsAWakeUp();
};

using namespace std::chrono_literals;

namespace {

/// Until two looks in a row see the same: the threads have gone to sleep.
bool settled() {
    for (int i = 0; i < 100; ++i) {
        const long before = test::wake_ups_of_other_threads();
        std::this_thread::sleep_for(20ms);
        if (test::wake_ups_of_other_threads() == before) return true;
    }
    return false;
}

} // namespace

void tst_idle::nobodyWakesForDeadlinesAnHourAway() {
    ctx::pool_scheduler pool(2);
    std::vector<ctx::cancelable> live;
    for (int i = 0; i < 10'000; ++i) live.push_back(ctx::with_timeout(ctx::background(), 1h + i * 1ms));
    for (int i = 0; i < 100; ++i)
        ctx::go(
            pool, [](ctx::context c) -> ctx::task<> { co_await ctx::select(ctx::recv(c.done())); },
            live.front().context);
    QVERIFY2(settled(), "the threads of the library do not come to rest");
    const long before = test::wake_ups_of_other_threads();
    QVERIFY(before > 0); // there are such threads, and they have run
    std::this_thread::sleep_for(1s);
    QCOMPARE(test::wake_ups_of_other_threads(), before);
    for (const auto& made : live) made.cancel();
}

void tst_idle::aDeadlineThatIsDueIsSeenAsAWakeUp() {
    QVERIFY(settled());
    const long before = test::wake_ups_of_other_threads();
    ctx::with_timeout(ctx::background(), 1ms).context.done().wait();
    QVERIFY(test::wake_ups_of_other_threads() > before);
}

QTEST_APPLESS_MAIN(tst_idle)
#include "tst_idle.moc"
