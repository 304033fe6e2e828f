// SPDX-License-Identifier: MIT
#include "go_port.h"

/// Go's testing/synctest/example_test.go: contexts in a bubble. The bubble is a step_scheduler on a
/// virtual_clock, synctest.Wait is run_until_idle, and a sleep of the test itself moves the clock.
class tst_go_synctest : public QObject {
    Q_OBJECT

  private slots:
    void goTests_data();
    void goTests() { run_rule(); }
};

using namespace go_port;

namespace {

void context_after_func() {
    test::world bubble;
    const auto made = ctx::with_cancel(bubble.root);
    bool called = false;
    ctx::after_func(made.context, [&] { called = true; });
    bubble.run();
    QVERIFY(!called);
    made.cancel();
    bubble.run();
    QVERIFY(called);
}

void context_with_timeout() {
    test::world bubble;
    constexpr ctx::duration timeout = 5s;
    const auto made = ctx::with_timeout(bubble.root, timeout);
    const ctx::cancel_guard stop(made.cancel);
    bubble.advance(timeout - 1ns);
    QVERIFY(!made.context.err());
    bubble.advance(1ns);
    QCOMPARE(made.context.err(), ctx::deadline_exceeded);
}

} // namespace

void tst_go_synctest::goTests_data() {
    rules({
        {"TestContextAfterFunc", context_after_func},
        {"TestContextWithTimeout", context_with_timeout},
    });
}

QTEST_APPLESS_MAIN(tst_go_synctest)
#include "tst_go_synctest.moc"
