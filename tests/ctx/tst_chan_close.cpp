// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "workers.h"

#include <QStringList>
#include <atomic>
#include <thread>
#include <vector>

/// Closing channels, the panics of misuse, and what a channel operation orders between threads.
class tst_chan_close : public QObject {
    Q_OBJECT

  private slots:
    void closes_data();
    void closes() { run_rule(); }
    void panicsAsGoDoes_data();
    void panicsAsGoDoes();
    void orders_data();
    void orders() { run_rule(); }
};

using namespace test;

namespace {

void what_is_buffered_comes_before_the_close() {
    const ctx::chan<int> c(3);
    c.send(1);
    c.send(2);
    c.close();
    QVERIFY(!c.closed());
    int v = 0;
    bool ok = false;
    QCOMPARE(std::size_t(ctx::select(ctx::recv(c, v, ok))), 0u);
    QVERIFY(ok && v == 1);
    QCOMPARE(c.receive(), 2);
    QVERIFY(c.closed());
    v = 9;
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(std::size_t(ctx::select(ctx::recv(c, v, ok))), 0u);
        QVERIFY(!ok && v == 0);
        QVERIFY(!c.receive());
        QVERIFY(!c.try_receive());
    }
}

void a_close_wakes_every_receiver() {
    const ctx::chan<int> c(0);
    workers w;
    int woken = 0;
    for (int i = 0; i < 100; ++i)
        w.start([&]() -> ctx::task<> {
            bool ok = true;
            int v = 5;
            co_await ctx::select(ctx::recv(c, v, ok));
            woken += !ok && v == 0;
        });
    QCOMPARE(woken, 0);
    c.close();
    w.run();
    QCOMPARE(woken, 100);
}

void a_close_wakes_every_thread() {
    for (int round = 0; round < scaled(200); ++round) {
        const ctx::chan<int> c(0), here(0);
        std::atomic<int> woken = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&, i] {
                    here.send(i);
                    woken += c.receive() == std::nullopt;
                });
            for (int i = 0; i < 4; ++i) here.receive();
            c.close();
        }
        QCOMPARE(woken.load(), 4);
    }
}

void a_close_makes_waiting_senders_panic() {
    const ctx::chan<int> c(0);
    workers w;
    QStringList panics;
    for (int i = 0; i < 3; ++i)
        w.start([&]() -> ctx::task<> {
            try {
                co_await ctx::select(ctx::send(c, 1));
            } catch (const std::invalid_argument& e) {
                panics << e.what();
            }
        });
    QVERIFY(panics.isEmpty());
    c.close();
    w.run();
    QCOMPARE(panics, QStringList(3, "send on closed channel"));
}

void a_close_makes_a_sending_thread_panic() {
    for (int round = 0; round < scaled(200); ++round) {
        const ctx::chan<int> c(0);
        QString panic;
        {
            std::jthread sender([&] {
                c.send(1); // meets the receive, so that what follows is close to the close
                panic = panic_of([&] { c.send(2); });
            });
            QCOMPARE(c.receive(), 1);
            c.close();
        }
        QCOMPARE(panic, "send on closed channel");
        QVERIFY(!c.receive());
    }
}

void a_loop_ends_when_closed_and_drained() {
    const ctx::chan<int> c(5);
    for (int i = 0; i < 5; ++i) c.send(i);
    c.close();
    int n = 0;
    while (c.receive()) ++n;
    QCOMPARE(n, 5);
    c.wait();
    ctx::recv_chan<int>(c).wait();
}

// The plain variables below are what ThreadSanitizer watches.

void a_send_comes_before_its_receive() {
    const ctx::chan<int> c(1);
    int written = 0;
    std::jthread t([&] {
        written = 7;
        c.send(1);
    });
    c.receive();
    QCOMPARE(written, 7);
}

void a_close_comes_before_a_receive_that_sees_it() {
    const ctx::chan<int> c(0);
    int written = 0;
    std::jthread t([&] {
        written = 7;
        c.close();
    });
    while (!c.closed()) std::this_thread::yield();
    QCOMPARE(written, 7);
    written = 8; // closed() alone orders, too: nobody else writes any more
    QVERIFY(!c.receive());
}

void an_unbuffered_receive_comes_before_the_end_of_its_send() {
    const ctx::chan<int> c(0);
    int written = 0;
    std::jthread t([&] {
        written = 7;
        c.receive();
    });
    c.send(1);
    QCOMPARE(written, 7);
}

void a_buffer_works_as_a_semaphore() {
    const ctx::chan<ctx::empty> room(1);
    int guarded = 0; // the k-th receive comes before send k+1 ends
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j < scaled(1000); ++j) {
                    room.send({});
                    ++guarded;
                    room.receive();
                }
            });
    }
    QCOMPARE(guarded, 4 * scaled(1000));
}

} // namespace

void tst_chan_close::closes_data() {
    rules({
        {"CHN-004 what is buffered comes before the close", what_is_buffered_comes_before_the_close},
        {"CHN-004 a close wakes every receiver", a_close_wakes_every_receiver},
        {"CHN-004 a close wakes every thread", a_close_wakes_every_thread},
        {"CHN-005 a close makes waiting senders panic", a_close_makes_waiting_senders_panic},
        {"CHN-005 a close makes a sending thread panic", a_close_makes_a_sending_thread_panic},
        {"CHN-009 a loop ends when closed and drained", a_loop_ends_when_closed_and_drained},
    });
}

using misuse = void (*)(const ctx::chan<int>& closed);
Q_DECLARE_METATYPE(misuse)

void tst_chan_close::panicsAsGoDoes_data() {
    QTest::addColumn<misuse>("body");
    QTest::addColumn<QString>("panic");
    const QString on_closed = "send on closed channel";
    QTest::newRow("CHN-005 send") << misuse([](const ctx::chan<int>& c) { c.send(1); }) << on_closed;
    QTest::newRow("CHN-005 try_send") << misuse([](const ctx::chan<int>& c) { c.try_send(1); }) << on_closed;
    QTest::newRow("CHN-005 through a view")
        << misuse([](const ctx::chan<int>& c) { c.sender().send(1); }) << on_closed;
    QTest::newRow("CHN-005 in a select")
        << misuse([](const ctx::chan<int>& c) { ctx::select(ctx::send(c, 1)).wait(); }) << on_closed;
    QTest::newRow("CHN-005 in a select with default")
        << misuse([](const ctx::chan<int>& c) { ctx::select(ctx::send(c, 1), ctx::otherwise()).wait(); })
        << on_closed;
    QTest::newRow("CHN-006 close closed")
        << misuse([](const ctx::chan<int>& c) { c.close(); }) << "close of closed channel";
    QTest::newRow("CHN-006 close closed through a view")
        << misuse([](const ctx::chan<int>& c) { c.sender().close(); }) << "close of closed channel";
    QTest::newRow("CHN-006 close nil")
        << misuse([](const ctx::chan<int>&) { ctx::chan<int>().close(); }) << "close of nil channel";
    QTest::newRow("CHN-006 close nil view")
        << misuse([](const ctx::chan<int>&) { ctx::send_chan<int>().close(); }) << "close of nil channel";
    QTest::newRow("CHN-004 receive") << misuse([](const ctx::chan<int>& c) { c.receive(); }) << "none";
}

void tst_chan_close::panicsAsGoDoes() {
    QFETCH(const misuse, body);
    QFETCH(const QString, panic);
    const ctx::chan<int> c(1);
    c.close();
    QCOMPARE(panic_of([&] { body(c); }), panic);
    QCOMPARE(panic_of([&] { body(c); }), panic); // nothing is left locked
    QCOMPARE(c.size(), 0u);
}

void tst_chan_close::orders_data() {
    rules({
        {"CHN-010 a send comes before its receive", a_send_comes_before_its_receive},
        {"CHN-010 a close comes before a receive that sees it", a_close_comes_before_a_receive_that_sees_it},
        {"CHN-010 an unbuffered receive comes before the end of its send",
         an_unbuffered_receive_comes_before_the_end_of_its_send},
        {"CHN-010 a buffer works as a semaphore", a_buffer_works_as_a_semaphore},
    });
}

QTEST_APPLESS_MAIN(tst_chan_close)
#include "tst_chan_close.moc"
