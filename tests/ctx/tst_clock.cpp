// SPDX-License-Identifier: MIT
#include <QRegularExpression>
#include <QTest>

#include "ctx/ctx.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <vector>

/// Clocks: when timers fire and in which order, arithmetic at the ends of time, and how times are written.
class tst_clock : public QObject {
    Q_OBJECT

  private slots:
    void standsStillUntilMoved();
    void firesInOrderOfTimeThenOfArming();
    void firesEachAtItsOwnTime();
    void firesWhatIsArmedOnTheWay();
    void neverMovesBackwards();
    void firesOneAtATimeIfAsked();
    void firesNothingThatWasDisarmed();
    void keepsAnyNumberInOrder();
    void tellsOfAnEarlierTimer();

    void addsWithoutOverflow_data();
    void addsWithoutOverflow();
    void subtractsWithoutOverflow_data();
    void subtractsWithoutOverflow();
    void writesDurationsAsGoDoes_data();
    void writesDurationsAsGoDoes();
    void writesTimesAsGoDoes_data();
    void writesTimesAsGoDoes();
    void writesTheLocalZone_data();
    void writesTheLocalZone();
};

using namespace std::chrono_literals;

namespace {

constexpr qint64 smallest = std::numeric_limits<qint64>::min();
constexpr qint64 largest = std::numeric_limits<qint64>::max();

ctx::time_point at(ctx::duration d) {
    return ctx::time_point(d);
}

/// Writes its number and the time into a list, and does what else it was told.
struct entry : ctx::detail::timer_entry {
    struct firing {
        int number;
        ctx::time_point when;
        bool operator==(const firing&) const = default;
    };
    using list = std::vector<firing>;

    entry(int n, const ctx::clock& on, list& to, std::function<void()> f = {})
        : number(n), clock(on), fired(to), also(std::move(f)) {}
    ~entry() override = default;

    const int number;
    const ctx::clock& clock;
    list& fired;
    std::function<void()> also;

  protected:
    void fire() noexcept override {
        fired.push_back({number, clock.now()});
        if (also) also();
    }
};

} // namespace

void tst_clock::standsStillUntilMoved() {
    ctx::virtual_clock clock;
    QCOMPARE(clock.now(), at(0s));
    QCOMPARE(clock.now(), at(0s));
    clock.advance(2s);
    QCOMPARE(clock.now(), at(2s));
    clock.advance_to(at(5s));
    QCOMPARE(clock.now(), at(5s));
    QCOMPARE(clock.since_start(at(7s)), ctx::duration(7s));
    QCOMPARE(clock.to_system(at(0s)).time_since_epoch(), ctx::duration(1257894000s));
    QVERIFY(!clock.local_zone());
    QVERIFY(!clock.next());
}

void tst_clock::firesInOrderOfTimeThenOfArming() {
    ctx::virtual_clock clock;
    entry::list fired;
    entry a(1, clock, fired), b(2, clock, fired), c(3, clock, fired), d(4, clock, fired);
    clock.arm(a, at(2s));
    clock.arm(b, at(1s));
    clock.arm(c, at(2s));
    clock.arm(d, at(1s));
    QCOMPARE(clock.pending(), 4u);
    QCOMPARE(clock.next(), at(1s));
    clock.advance(2s);
    QCOMPARE(fired, (entry::list{{2, at(1s)}, {4, at(1s)}, {1, at(2s)}, {3, at(2s)}}));
    QCOMPARE(clock.pending(), 0u);
}

void tst_clock::firesEachAtItsOwnTime() {
    ctx::virtual_clock clock;
    entry::list fired;
    entry a(1, clock, fired), b(2, clock, fired), c(3, clock, fired);
    clock.arm(a, at(1s));
    clock.arm(b, at(4s));
    clock.arm(c, at(4s + 1ns));
    clock.advance(4s);
    QCOMPARE(fired, (entry::list{{1, at(1s)}, {2, at(4s)}}));
    QCOMPARE(clock.now(), at(4s));
    clock.advance(1ns);
    QCOMPARE(fired.size(), 3u);
}

void tst_clock::firesWhatIsArmedOnTheWay() {
    ctx::virtual_clock clock;
    entry::list fired;
    entry late(3, clock, fired), beyond(4, clock, fired), same(5, clock, fired);
    entry first(1, clock, fired, [&] {
        clock.arm(late, at(3s));
        clock.arm(beyond, at(11s));
        clock.arm(same, at(1s));
    });
    entry second(2, clock, fired);
    clock.arm(first, at(1s));
    clock.arm(second, at(2s));
    clock.advance(10s);
    QCOMPARE(fired, (entry::list{{1, at(1s)}, {5, at(1s)}, {2, at(2s)}, {3, at(3s)}}));
    QCOMPARE(clock.next(), at(11s));
    QVERIFY(clock.disarm(beyond));
}

void tst_clock::neverMovesBackwards() {
    ctx::virtual_clock clock;
    clock.advance(5s);
    clock.advance_to(at(3s));
    clock.advance(-10s);
    clock.advance(ctx::duration::min());
    QCOMPARE(clock.now(), at(5s));
    clock.advance(ctx::duration::max());
    clock.advance(ctx::duration::max());
    QCOMPARE(clock.now(), ctx::time_point::max());
}

void tst_clock::firesOneAtATimeIfAsked() {
    ctx::virtual_clock clock;
    entry::list fired;
    entry a(1, clock, fired), b(2, clock, fired);
    clock.arm(a, at(1s));
    clock.arm(b, at(1s));
    QVERIFY(clock.fire_next_until(at(3s)));
    QCOMPARE(fired.size(), 1u);
    QCOMPARE(clock.now(), at(1s));
    QVERIFY(clock.fire_next_until(at(3s)));
    QCOMPARE(clock.now(), at(1s));
    QVERIFY(!clock.fire_next_until(at(3s)));
    QCOMPARE(clock.now(), at(3s));
}

void tst_clock::firesNothingThatWasDisarmed() {
    ctx::virtual_clock clock;
    entry::list fired;
    entry a(1, clock, fired);
    QVERIFY(!clock.disarm(a)); // never armed
    clock.arm(a, at(1s));
    QVERIFY(clock.disarm(a));
    QVERIFY(!clock.disarm(a));
    clock.advance(2s);
    QVERIFY(fired.empty());
    clock.arm(a, at(3s));
    clock.advance(1s);
    QCOMPARE(fired, (entry::list{{1, at(3s)}}));
    QVERIFY(!clock.disarm(a)); // fired
}

void tst_clock::keepsAnyNumberInOrder() {
    ctx::virtual_clock clock;
    entry::list fired, expected;
    std::vector<std::unique_ptr<entry>> all;
    std::mt19937 random(1);
    for (int i = 0; i < 3000; ++i) {
        all.push_back(std::make_unique<entry>(i, clock, fired));
        const ctx::time_point due = at(1s + std::chrono::nanoseconds(random() % 500));
        clock.arm(*all.back(), due);
        expected.push_back({i, due});
    }
    for (int i = 0; i < 3000; i += 3) QVERIFY(clock.disarm(*all[static_cast<std::size_t>(i)]));
    std::erase_if(expected, [](const entry::firing& f) { return f.number % 3 == 0; });
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.when < b.when; });
    QCOMPARE(clock.pending(), expected.size());
    clock.advance(2s);
    QVERIFY(fired == expected);
}

void tst_clock::tellsOfAnEarlierTimer() {
    ctx::virtual_clock clock;
    entry::list fired;
    int told = 0;
    clock.on_earlier_timer([&] { ++told; });
    entry a(1, clock, fired), b(2, clock, fired), c(3, clock, fired);
    clock.arm(a, at(5s));
    QCOMPARE(told, 1);
    clock.arm(b, at(6s));
    clock.arm(c, at(5s));
    QCOMPARE(told, 1);
    QVERIFY(clock.disarm(c));
    clock.arm(c, at(4s));
    QCOMPARE(told, 2);
    clock.advance(10s);
}

void tst_clock::addsWithoutOverflow_data() {
    QTest::addColumn<qint64>("time");
    QTest::addColumn<qint64>("plus");
    QTest::addColumn<qint64>("sum");
    QTest::newRow("CTX-091 within range") << qint64(5) << qint64(-7) << qint64(-2);
    QTest::newRow("CTX-091 now + the largest") << qint64(1) << largest << largest;
    QTest::newRow("CTX-091 exactly the largest") << qint64(0) << largest << largest;
    QTest::newRow("CTX-091 one below the largest") << qint64(-1) << largest << largest - 1;
    QTest::newRow("CTX-102 now + the smallest") << qint64(1) << smallest << smallest + 1;
    QTest::newRow("CTX-102 before the smallest") << qint64(-1) << smallest << smallest;
    QTest::newRow("CTX-102 twice the smallest") << smallest << smallest << smallest;
    QTest::newRow("CTX-102 twice the largest") << largest << largest << largest;
    QTest::newRow("CTX-102 both ends") << largest << smallest << qint64(-1);
}

void tst_clock::addsWithoutOverflow() {
    QFETCH(const qint64, time);
    QFETCH(const qint64, plus);
    QFETCH(const qint64, sum);
    const ctx::time_point t = ctx::saturating_add(at(ctx::duration(time)), ctx::duration(plus));
    QCOMPARE(qint64(t.time_since_epoch().count()), sum);
}

void tst_clock::subtractsWithoutOverflow_data() {
    QTest::addColumn<qint64>("a");
    QTest::addColumn<qint64>("b");
    QTest::addColumn<qint64>("difference");
    QTest::newRow("CTX-091 a difference within range") << qint64(5) << qint64(7) << qint64(-2);
    QTest::newRow("CTX-091 from end to end") << largest << smallest << largest;
    QTest::newRow("CTX-091 and back") << smallest << largest << smallest;
    QTest::newRow("CTX-091 just beyond") << qint64(0) << smallest << largest;
    QTest::newRow("CTX-091 just within") << qint64(-1) << smallest << largest;
    QTest::newRow("CTX-091 just within below") << qint64(-1) << largest << smallest;
    QTest::newRow("CTX-091 just beyond below") << qint64(-2) << largest << smallest;
}

void tst_clock::subtractsWithoutOverflow() {
    QFETCH(const qint64, a);
    QFETCH(const qint64, b);
    QFETCH(const qint64, difference);
    QCOMPARE(qint64(ctx::saturating_sub(at(ctx::duration(a)), at(ctx::duration(b))).count()), difference);
}

void tst_clock::writesDurationsAsGoDoes_data() {
    QTest::addColumn<qint64>("ns");
    const std::pair<const char*, qint64> printed_by_go[] = {
        {"0s", 0},
        {"1ns", 1},
        {"-1ns", -1},
        {"999ns", 999},
        {"1µs", 1000},
        {"1.1µs", 1100},
        {"1.5µs", 1500},
        {"-1.5µs", -1500},
        {"999.999µs", 999999},
        {"1ms", 1000000},
        {"1.000001ms", 1000001},
        {"2.2ms", 2200000},
        {"999.999999ms", 999999999},
        {"-999.999999ms", -999999999},
        {"1s", 1000000000},
        {"1.000000001s", 1000000001},
        {"1.5s", 1500000000},
        {"59.999999999s", 59999999999},
        {"1m0s", 60000000000},
        {"1m1s", 61000000000},
        {"1m30s", 90000000000},
        {"-1m30s", -90000000000},
        {"8m0.000000001s", 480000000001},
        {"59m59.999999999s", 3599999999999},
        {"1h0m0s", 3600000000000},
        {"1h0m0.5s", 3600500000000},
        {"1h30m0s", 5400000000000},
        {"5h6m7.001s", 18367001000000},
        {"100h0m0s", 360000000000000},
        {"2562047h47m16.854775807s", largest},
        {"2562047h47m16.854775806s", largest - 1},
        {"-2562047h47m16.854775808s", smallest},
        {"-2562047h47m16.854775807s", smallest + 1},
    };
    for (const auto& [text, ns] : printed_by_go) QTest::addRow("CTX-214 %s", text) << ns;
}

void tst_clock::writesDurationsAsGoDoes() {
    QFETCH(const qint64, ns);
    const std::string tag = QTest::currentDataTag();
    QCOMPARE(QString::fromStdString(ctx::to_string(ctx::duration(ns))),
             QString::fromStdString(tag.substr(8)));
}

void tst_clock::writesTimesAsGoDoes_data() {
    QTest::addColumn<qint64>("ns");
    QTest::addColumn<QString>("since_start");
    const auto row = [](const char* time, qint64 ns, const char* since) {
        QTest::addRow("CTX-213 %s", time) << ns << QString(since);
    };
    row("2009-11-10 23:00:00 +0000 UTC", 0, "+0.000000000");
    row("2009-11-10 23:00:00.000000001 +0000 UTC", 1, "+0.000000001");
    row("2009-11-10 23:00:00.0000001 +0000 UTC", 100, "+0.000000100");
    row("2009-11-10 23:00:00.12 +0000 UTC", 120000000, "+0.120000000");
    row("2009-11-10 23:00:00.5 +0000 UTC", 500000000, "+0.500000000");
    row("2009-11-10 23:00:02.5 +0000 UTC", 2500000000, "+2.500000000");
    row("2009-11-10 23:00:01.23456789 +0000 UTC", 1234567890, "+1.234567890");
    row("2009-11-11 23:00:00 +0000 UTC", 86400000000000, "+86400.000000000");
    row("2010-01-10 23:00:00 +0000 UTC", 5270400000000000, "+5270400.000000000");
    row("2262-04-11 23:47:16.854775807 +0000 UTC", 7965478036854775807, "+7965478036.854775807");
    row("2009-11-10 22:59:59.999999999 +0000 UTC", -1, "-0.000000001");
    row("2009-11-10 22:59:58.5 +0000 UTC", -1500000000, "-1.500000000");
    row("1970-01-01 00:00:00 +0000 UTC", -1257894000000000000, "-1257894000.000000000");
    row("1717-08-01 23:12:43.145224192 +0000 UTC", smallest, "-9223372036.854775808");
}

void tst_clock::writesTimesAsGoDoes() {
    QFETCH(const qint64, ns);
    QFETCH(const QString, since_start);
    const ctx::context root = ctx::background({.clock = std::make_shared<ctx::virtual_clock>(),
                                               .scheduler = {},
                                               .observer = {},
                                               .sibling_seed = {}});
    const ctx::duration d(ns);
    const std::string tag = QTest::currentDataTag();
    QCOMPARE(QString::fromStdString(ctx::with_deadline(root, at(d)).context.string()),
             QString("context.Background.WithDeadline(%1 m=%2 [%3])")
                 .arg(QString::fromStdString(tag.substr(8)), since_start,
                      QString::fromStdString(ctx::to_string(d))));
}

void tst_clock::writesTheLocalZone_data() {
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("offset");
    QTest::newRow("CTX-213 UTC") << QByteArray("UTC0") << "+0000 UTC";
    QTest::newRow("CTX-213 east") << QByteArray("CET-1") << "+0100 CET";
    QTest::newRow("CTX-213 west and half an hour") << QByteArray("NST3:30") << "-0330 NST";
    QTest::newRow("CTX-213 no abbreviation") << QByteArray("<+03>-3") << "+0300 +03";
}

void tst_clock::writesTheLocalZone() {
    QFETCH(const QByteArray, zone);
    QFETCH(const QString, offset);
    const QByteArray before = qgetenv("TZ");
    qputenv("TZ", zone);
    ::tzset();
    const QString text = QString::fromStdString(ctx::with_timeout(ctx::background(), 90s).context.string());
    before.isNull() ? qunsetenv("TZ") : qputenv("TZ", before);
    ::tzset();
    const QRegularExpression form(
        QString(
            R"(^context\.Background\.WithDeadline\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{0,8}[1-9])? %1 m=\+\d+\.\d{9} \[1m(30|29\.\d{0,8}[1-9])s\]\)$)")
            .arg(QRegularExpression::escape(offset)));
    QVERIFY2(form.match(text).hasMatch(), qPrintable(text));
}

QTEST_APPLESS_MAIN(tst_clock)
#include "tst_clock.moc"
