// SPDX-License-Identifier: MIT
#include "lab/event_log.h"

#include <QTest>

#include <thread>

using namespace std::chrono_literals;

class tst_event_log : public QObject {
    Q_OBJECT
  private slots:
    void numbersAreGaplessFromOne();
    void readsAcrossBlocks_data();
    void readsAcrossBlocks();
    void aWaiterWakesForTheNextEvent();
    void aClosedLogLetsItsWaitersGo();
    void aWaitEndsAtItsLimit();
    void manyThreadsAppendAndReadAtOnce();
};

void tst_event_log::numbersAreGaplessFromOne() {
    lab::event_log log;
    QCOMPARE(log.last_seq(), std::uint64_t(0));
    QVERIFY(log.read(0).empty());
    for (std::uint64_t i = 1; i <= 3; ++i) QCOMPARE(log.append({.seq = 99, .text = "x"}), i);
    const auto all = log.read(0);
    QCOMPARE(all.size(), std::size_t(3));
    for (std::size_t i = 0; i < 3; ++i) QCOMPARE(all[i].seq, std::uint64_t(i + 1));
}

void tst_event_log::readsAcrossBlocks_data() {
    QTest::addColumn<qulonglong>("since");
    QTest::addColumn<qulonglong>("most");
    QTest::addColumn<qulonglong>("count");
    QTest::newRow("all") << qulonglong(0) << qulonglong(5000) << qulonglong(1000);
    QTest::newRow("a batch inside a block") << qulonglong(10) << qulonglong(5) << qulonglong(5);
    QTest::newRow("a batch over a border") << qulonglong(250) << qulonglong(20) << qulonglong(20);
    QTest::newRow("from a border") << qulonglong(256) << qulonglong(256) << qulonglong(256);
    QTest::newRow("the tail") << qulonglong(999) << qulonglong(5000) << qulonglong(1);
    QTest::newRow("nothing new") << qulonglong(1000) << qulonglong(5000) << qulonglong(0);
    QTest::newRow("beyond the end") << qulonglong(2000) << qulonglong(5000) << qulonglong(0);
    QTest::newRow("no more than none") << qulonglong(0) << qulonglong(0) << qulonglong(0);
}

void tst_event_log::readsAcrossBlocks() {
    QFETCH(qulonglong, since);
    QFETCH(qulonglong, most);
    QFETCH(qulonglong, count);
    lab::event_log log;
    for (int i = 0; i < 1000; ++i) log.append({.value = i});
    const auto batch = log.read(since, most);
    QCOMPARE(qulonglong(batch.size()), count);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        QCOMPARE(batch[i].seq, std::uint64_t(since + i + 1));
        QCOMPARE(batch[i].value, std::int64_t(since + i));
    }
}

void tst_event_log::aWaiterWakesForTheNextEvent() {
    lab::event_log log;
    log.append({});
    QVERIFY(log.wait_after(0, 0ns));
    std::jthread writer([&] { log.append({}); });
    QVERIFY(log.wait_after(1, std::chrono::nanoseconds::max()));
    QCOMPARE(log.last_seq(), std::uint64_t(2));
}

void tst_event_log::aClosedLogLetsItsWaitersGo() {
    lab::event_log log;
    std::jthread closer([&] { log.close(); });
    QVERIFY(!log.wait_after(0, 1h));
    log.append({});
    QVERIFY(log.wait_after(0, 1h));
}

void tst_event_log::aWaitEndsAtItsLimit() {
    const lab::event_log log;
    QVERIFY(!log.wait_after(0, 1ms));
}

void tst_event_log::manyThreadsAppendAndReadAtOnce() {
    constexpr int threads = 4, each = 2000;
    lab::event_log log;
    std::vector<std::jthread> writers;
    for (int t = 0; t < threads; ++t) {
        writers.emplace_back([&log, t] {
            for (int i = 0; i < each; ++i)
                log.append({.value = t, .text = "an event of some length, kept on the heap"});
        });
    }
    std::uint64_t seen = 0;
    while (seen < threads * each) {
        if (!log.wait_after(seen, 10s)) break;
        for (const lab::event& e : log.read(seen, 100)) {
            if (e.seq != seen + 1 || e.text.empty()) QFAIL("an event is missing or torn");
            seen = e.seq;
        }
    }
    QCOMPARE(seen, std::uint64_t(threads * each));
}

QTEST_APPLESS_MAIN(tst_event_log)
#include "tst_event_log.moc"
