// SPDX-License-Identifier: MIT
#include "bench/calls.h"
#include "ctx/allocations.h"

#include <QTest>

/// How much memory each call may ask for: one piece for a context, none for a question.
class tst_allocations : public QObject {
    Q_OBJECT

  private slots:
    void stayBelowTheirCeiling_data();
    void stayBelowTheirCeiling();
};

void tst_allocations::stayBelowTheirCeiling_data() {
    QTest::addColumn<const test::counted_call*>("call");
    for (const test::counted_call& c : test::counted_calls) QTest::newRow(c.title) << &c;
}

void tst_allocations::stayBelowTheirCeiling() {
    QFETCH(const test::counted_call* const, call);
    if (!test::counts_allocations) QSKIP("a sanitizer counts its own allocations");
    constexpr int runs = 200;
    test::world_of_calls w(runs + 2);
    const double n = test::allocations_per_run(runs, [&] { call->run(w); });
    QVERIFY2(n <= call->ceiling,
             qPrintable(QString("%1 allocations, at most %2 allowed").arg(n).arg(call->ceiling)));
    QCOMPARE(n > 0, call->ceiling > 0); // the count counts
}

QTEST_APPLESS_MAIN(tst_allocations)
#include "tst_allocations.moc"
