// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "workers.h"

#include <limits>
#include <vector>

/// Tickers: their rhythm, what they drop, and what they refuse.
class tst_ticker : public QObject {
    Q_OBJECT

  private slots:
    void ticks_data();
    void ticks() { run_rule(); }
    void refusesIntervals_data();
    void refusesIntervals();
};

using namespace test;
using namespace std::chrono_literals;

namespace {

using times = std::vector<ctx::time_point>;

ctx::time_point at(ctx::duration d) {
    return ctx::time_point(d);
}

struct on_a_clock {
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::ticker ticker(ctx::duration d) const { return ctx::ticker(d, clock); }
};

void a_ticker_ticks_in_rhythm() {
    workers w;
    times got;
    w.start([&]() -> ctx::task<> {
        ctx::ticker t(2s);
        for (int i = 0; i < 3; ++i) {
            ctx::time_point v;
            co_await ctx::select(ctx::recv(t.channel(), v));
            got.push_back(v);
            co_await ctx::select(ctx::recv(ctx::after(500ms)));
        }
    });
    w.steps.run_until(at(20s));
    QCOMPARE(got, (times{at(2s), at(4s), at(6s)}));
    QCOMPARE(w.clock->pending(), 0u);
}

void a_ticker_drops_ticks() {
    const on_a_clock o;
    const ctx::ticker t = o.ticker(1s);
    o.clock->advance(10s + 500ms);
    QCOMPARE(t.channel().try_receive(), at(1s)); // the first of those missed waits
    QVERIFY(!t.channel().try_receive());
    o.clock->advance(500ms);
    QCOMPARE(t.channel().try_receive(), at(11s));
    QCOMPARE(t.channel().size(), 0u);
}

void a_stopped_ticker_is_silent_and_not_closed() {
    const on_a_clock o;
    ctx::ticker t = o.ticker(1s);
    o.clock->advance(1s);
    t.stop();
    t.stop();
    QCOMPARE(o.clock->pending(), 0u);
    o.clock->advance(5s);
    QVERIFY(!t.channel().try_receive()); // not even the tick from before
    QVERIFY(!t.channel().closed());
}

void a_reset_ticker_changes_its_rhythm() {
    const on_a_clock o;
    ctx::ticker t = o.ticker(1s);
    o.clock->advance(1s);
    t.reset(3s);
    QVERIFY(!t.channel().try_receive());
    for (int i = 1; i <= 3; ++i) {
        o.clock->advance(3s);
        QCOMPARE(t.channel().try_receive(), at(1s + i * 3s));
    }
    t.stop();
    t.reset(1ns);
    o.clock->advance(1ns);
    QCOMPARE(t.channel().try_receive(), at(10s + 1ns));
}

} // namespace

void tst_ticker::ticks_data() {
    rules({
        {"CHN-046 a ticker ticks in rhythm", a_ticker_ticks_in_rhythm},
        {"CHN-046 a ticker drops ticks", a_ticker_drops_ticks},
        {"CHN-046 a stopped ticker is silent and not closed", a_stopped_ticker_is_silent_and_not_closed},
        {"CHN-046 a reset ticker changes its rhythm", a_reset_ticker_changes_its_rhythm},
    });
}

void tst_ticker::refusesIntervals_data() {
    QTest::addColumn<qint64>("interval");
    for (const qint64 ns : {qint64(0), qint64(-1), std::numeric_limits<qint64>::min()})
        QTest::addRow("CHN-046 %lld ns", static_cast<long long>(ns)) << ns;
}

void tst_ticker::refusesIntervals() {
    QFETCH(const qint64, interval);
    const ctx::duration d(interval);
    const on_a_clock o;
    QCOMPARE(panic_of([&] { o.ticker(d); }), "non-positive interval for NewTicker");
    ctx::ticker t = o.ticker(1s);
    QCOMPARE(panic_of([&] { t.reset(d); }), "non-positive interval for Ticker.Reset");
    o.clock->advance(1s);
    QVERIFY(t.channel().try_receive()); // as before
}

QTEST_APPLESS_MAIN(tst_ticker)
#include "tst_ticker.moc"
