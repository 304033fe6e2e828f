// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

/// Go's sync.Once, OnceFunc and OnceValue.
class tst_once : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

namespace {

void the_function_runs_once() {
    ctx::once o;
    int ran = 0;
    QVERIFY(!o.done());
    for (int i = 0; i < 3; ++i) o.run([&] { ++ran; });
    o.run([&] { ran += 10; }); // another function does not run either
    QCOMPARE(ran, 1);
    QVERIFY(o.done());
}

void others_wait_until_it_has_returned() {
    ctx::once o;
    int written = 0; // not atomic: its reader must come after its writer
    std::latch inside(1), go_on(1);
    std::vector<int> seen(4, 0);
    std::jthread first([&] {
        o.run([&] {
            inside.count_down();
            go_on.wait();
            written = 42;
        });
    });
    inside.wait();
    QVERIFY(!o.done());
    {
        std::vector<std::jthread> others;
        for (int& s : seen)
            others.emplace_back([&] {
                o.run([] {});
                s = written;
            });
        go_on.count_down();
    }
    QCOMPARE(seen, std::vector<int>(4, 42));
}

void an_exception_counts_as_done() {
    ctx::once o;
    int ran = 0;
    const auto fail = [&] {
        ++ran;
        throw std::runtime_error("boom");
    };
    QVERIFY_EXCEPTION_THROWN(o.run(fail), std::runtime_error);
    QVERIFY(o.done());
    o.run(fail); // neither runs nor throws
    QCOMPARE(ran, 1);
}

void once_func_throws_at_every_call() {
    int ran = 0;
    const auto f = ctx::once_func([&] {
        ++ran;
        throw std::runtime_error("boom");
    });
    const auto copy = f;
    QVERIFY_EXCEPTION_THROWN(f(), std::runtime_error);
    QVERIFY_EXCEPTION_THROWN(f(), std::runtime_error);
    QVERIFY_EXCEPTION_THROWN(copy(), std::runtime_error);
    QCOMPARE(ran, 1);
}

void once_value_gives_the_one_result() {
    int ran = 0;
    const auto held = std::make_shared<int>(5);
    const auto f = ctx::once_value([&ran, held] {
        ++ran;
        return std::make_unique<int>(*held);
    });
    QCOMPARE(held.use_count(), 2L);
    const auto copy = f;
    QCOMPARE(*f(), 5);
    QVERIFY(&f() == &copy());
    QCOMPARE(ran, 1);
    QCOMPARE(held.use_count(), 1L); // the function is gone once it has run
}

void many_threads_meet_in_one_run() {
    for (int i = 0; i < scaled(200); ++i) {
        std::atomic<int> ran = 0;
        const auto f = ctx::once_value([&] { return ++ran; });
        std::latch start(4);
        std::vector<std::jthread> threads;
        std::atomic<int> ones = 0;
        for (int n = 0; n < 4; ++n)
            threads.emplace_back([&] {
                start.arrive_and_wait();
                if (f() == 1) ++ones;
            });
        threads.clear();
        QCOMPARE(ran.load(), 1);
        QCOMPARE(ones.load(), 4);
    }
}

} // namespace

void tst_once::holds_data() {
    rules({
        {"CHN-063 the function runs once", the_function_runs_once},
        {"CHN-063 others wait until it has returned", others_wait_until_it_has_returned},
        {"CHN-063 an exception counts as done", an_exception_counts_as_done},
        {"CHN-063 once_func throws at every call", once_func_throws_at_every_call},
        {"CHN-063 once_value gives the one result", once_value_gives_the_one_result},
        {"CHN-063 many threads meet in one run", many_threads_meet_in_one_run},
    });
}

QTEST_APPLESS_MAIN(tst_once)
#include "tst_once.moc"
