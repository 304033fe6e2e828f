// SPDX-License-Identifier: MIT
#include "ctx/allocations.h"
#include "go_port.h"

/// Go's x_test.go: how much may be allocated.
class tst_go_allocs : public QObject {
    Q_OBJECT

  private slots:
    void goTests_data();
    void goTests();
};

using namespace go_port;

namespace {

const ctx::key<int> k1{"context_test.key1"};

void value_and_lookup() {
    (void)ctx::with_value(ctx::background(), k1, nullptr).value(k1);
}
void timeout_that_expires() {
    ctx::with_timeout(ctx::background(), 1ns).context.done().wait();
}
void cancel() {
    const auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    made.context.done().wait();
}
void timeout_that_is_canceled() {
    const auto made = ctx::with_timeout(ctx::background(), 5ms);
    made.cancel();
    made.context.done().wait();
}

} // namespace

void tst_go_allocs::goTests_data() {
    QTest::addColumn<rule_body>("operation");
    QTest::addColumn<double>("limit");
    QTest::newRow("TestAllocs/Background()") << rule_body([] { (void)ctx::background(); }) << 0.0;
    QTest::newRow("TestAllocs/WithValue(bg, k1, nil)") << rule_body(value_and_lookup) << 3.0;
    QTest::newRow("TestAllocs/WithTimeout(bg, 1*time.Nanosecond)") << rule_body(timeout_that_expires) << 12.0;
    QTest::newRow("TestAllocs/WithCancel(bg)") << rule_body(cancel) << 5.0;
    QTest::newRow("TestAllocs/WithTimeout(bg, 5*time.Millisecond)")
        << rule_body(timeout_that_is_canceled) << 8.0;
}

void tst_go_allocs::goTests() {
    QFETCH(const rule_body, operation);
    QFETCH(const double, limit);
    if (!test::counts_allocations) QSKIP("a sanitizer allocates more");
    const double n = test::allocations_per_run(100, operation);
    QVERIFY2(n <= limit, qPrintable(QString("%1 allocations, at most %2 allowed").arg(n).arg(limit)));
}

QTEST_APPLESS_MAIN(tst_go_allocs)
#include "tst_go_allocs.moc"
