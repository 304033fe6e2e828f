// SPDX-License-Identifier: MIT
#include "lab/durations.h"

#include <QTest>

#include <chrono>
#include <limits>
#include <stdexcept>

namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

// The answers of Go's time.ParseDuration and Duration.String.
struct parsed {
    const char* text;
    std::int64_t ns;
};

struct refused {
    const char* text;
    const char* error;
};

struct printed {
    std::int64_t ns;
    const char* text;
};

} // namespace

class tst_durations : public QObject {
    Q_OBJECT
  private slots:
    void parsesWhatGoParses_data();
    void parsesWhatGoParses();
    void refusesWhatGoRefusesInItsWords_data();
    void refusesWhatGoRefusesInItsWords();
    void printsAsGoPrints_data();
    void printsAsGoPrints();
    void readsBackWhatItPrints();
};

void tst_durations::parsesWhatGoParses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qlonglong>("ns");
    constexpr parsed rows[] = {
        {"0", 0},
        {"+0", 0},
        {"-0", 0},
        {"5s", 5000000000},
        {"1.5s", 1500000000},
        {"300ms", 300000000},
        {"2m", 120000000000},
        {"1h30m", 5400000000000},
        {"-5ms", -5000000},
        {"+5s", 5000000000},
        {"1us", 1000},
        {"1µs", 1000},
        {"1μs", 1000},
        {"1ns", 1},
        {".5s", 500000000},
        {"5.s", 5000000000},
        {"-.5h", -1800000000000},
        {"1h1m1s1ms1us1ns", 3661001001001},
        {"0.000000001s", 1},
        {"0.0000000001s", 0},
        {"1.0000000019s", 1000000001},
        {"0.3333333333333333333h", 1200000000000},
        {"0.9007199254740993s", 900719925},
        {"9223372036854775807ns", 9223372036854775807},
        {"-9223372036854775808ns", least},
        {"2562047h47m16.854775807s", 9223372036854775807},
        {"-2562047h47m16.854775808s", least},
        {"0.100000000000000000000h", 360000000000},
        {"0.830103483285477580700h", 2988372539827},
        {"3ns2h", 7200000000003},
        {"1h1h", 7200000000000},
        {"00012ms", 12000000},
        {"0s", 0},
        {"0h0m", 0},
    };
    for (const parsed& r : rows) QTest::addRow("%s", r.text) << QByteArray(r.text) << qlonglong(r.ns);
}

void tst_durations::parsesWhatGoParses() {
    QFETCH(QByteArray, text);
    QFETCH(qlonglong, ns);
    QCOMPARE(qlonglong(lab::parse_duration(text.toStdString()).count()), ns);
}

void tst_durations::refusesWhatGoRefusesInItsWords_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
    constexpr refused rows[] = {
        {"", "time: invalid duration \"\""},
        {"-", "time: invalid duration \"-\""},
        {"+", "time: invalid duration \"+\""},
        {"s", "time: invalid duration \"s\""},
        {".", "time: invalid duration \".\""},
        {".s", "time: invalid duration \".s\""},
        {"-.s", "time: invalid duration \"-.s\""},
        {"3", "time: missing unit in duration \"3\""},
        {"12", "time: missing unit in duration \"12\""},
        {"1.5", "time: missing unit in duration \"1.5\""},
        {"1 s", "time: unknown unit \" s\" in duration \"1 s\""},
        {" 1s", "time: invalid duration \" 1s\""},
        {"1s ", "time: unknown unit \"s \" in duration \"1s \""},
        {"1x", "time: unknown unit \"x\" in duration \"1x\""},
        {"1S", "time: unknown unit \"S\" in duration \"1S\""},
        {"1d", "time: unknown unit \"d\" in duration \"1d\""},
        {"1sm", "time: unknown unit \"sm\" in duration \"1sm\""},
        {"--5s", "time: invalid duration \"--5s\""},
        {"+-5s", "time: invalid duration \"+-5s\""},
        {"1e3s", "time: unknown unit \"e\" in duration \"1e3s\""},
        {"1,5s", "time: unknown unit \",\" in duration \"1,5s\""},
        {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
        {"9223372036854775808us", "time: invalid duration \"9223372036854775808us\""},
        {"-9223372036854775809ns", "time: invalid duration \"-9223372036854775809ns\""},
        {"2562047h47m16.854775808s", "time: invalid duration \"2562047h47m16.854775808s\""},
        {"3000000h", "time: invalid duration \"3000000h\""},
        {"99999999999999999999s", "time: invalid duration \"99999999999999999999s\""},
        {"1µ", "time: unknown unit \"\\xc2\\xb5\" in duration \"1\\xc2\\xb5\""},
        {"1\"s", "time: unknown unit \"\\\"s\" in duration \"1\\\"s\""},
        {"\x01s", "time: invalid duration \"\\x01s\""},
        {"5é", "time: unknown unit \"\\xc3\\xa9\" in duration \"5\\xc3\\xa9\""},
        {"0x1s", "time: unknown unit \"x\" in duration \"0x1s\""},
        {"NaN", "time: invalid duration \"NaN\""},
        {"inf", "time: invalid duration \"inf\""},
    };
    for (const refused& r : rows) QTest::addRow("'%s'", r.text) << QByteArray(r.text) << QByteArray(r.error);
}

void tst_durations::refusesWhatGoRefusesInItsWords() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, error);
    std::string why;
    QVERIFY(!lab::parse_duration(text.toStdString(), why));
    QCOMPARE(QByteArray::fromStdString(why), error);
    QVERIFY_EXCEPTION_THROWN(lab::parse_duration(text.toStdString()), std::invalid_argument);
}

void tst_durations::printsAsGoPrints_data() {
    QTest::addColumn<qlonglong>("ns");
    QTest::addColumn<QByteArray>("text");
    constexpr printed rows[] = {
        {0, "0s"},
        {1, "1ns"},
        {-1, "-1ns"},
        {999, "999ns"},
        {1000, "1µs"},
        {1001, "1.001µs"},
        {1100, "1.1µs"},
        {1500, "1.5µs"},
        {999999, "999.999µs"},
        {1000000, "1ms"},
        {1500000, "1.5ms"},
        {999999999, "999.999999ms"},
        {1000000000, "1s"},
        {1000000001, "1.000000001s"},
        {1500000000, "1.5s"},
        {59999999999, "59.999999999s"},
        {60000000000, "1m0s"},
        {90000000000, "1m30s"},
        {3599999999999, "59m59.999999999s"},
        {3600000000000, "1h0m0s"},
        {3600500000000, "1h0m0.5s"},
        {360000000000000, "100h0m0s"},
        {-90000000000, "-1m30s"},
        {-1500, "-1.5µs"},
        {-5000000, "-5ms"},
        {9223372036854775807, "2562047h47m16.854775807s"},
        {least, "-2562047h47m16.854775808s"},
        {2000000000, "2s"},
    };
    for (const printed& r : rows) QTest::addRow("%s", r.text) << qlonglong(r.ns) << QByteArray(r.text);
}

void tst_durations::printsAsGoPrints() {
    QFETCH(qlonglong, ns);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(lab::duration_text(std::chrono::nanoseconds(ns))), text);
}

void tst_durations::readsBackWhatItPrints() {
    std::int64_t ns = 1;
    for (int i = 0; i < 2000; ++i) {
        ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(ns) * 6364136223846793005u +
                                       1442695040888963407u);
        const std::chrono::nanoseconds d(ns >> (i % 60));
        QCOMPARE(lab::parse_duration(lab::duration_text(d)).count(), d.count());
    }
}

QTEST_APPLESS_MAIN(tst_durations)
#include "tst_durations.moc"
