// SPDX-License-Identifier: MIT
#include "lab/log_view.h"

#include <QTest>

class tst_log_view : public QObject {
    Q_OBJECT
  private slots:
    void everyEventIsFoundInAnyOrder();
    void whatLiesOutsideIsNot();
    void aPartEndsEarlier();
    void eventsSideBySideAreALogToo();

  private:
    static void fill(lab::event_log& log, int n) {
        for (int i = 0; i < n; ++i) log.append({.kind = lab::event_kind::note});
    }
};

void tst_log_view::everyEventIsFoundInAnyOrder() {
    lab::event_log log;
    fill(log, 2000);
    const lab::log_view view(log, 1, 2000);
    QCOMPARE(view.size(), std::uint64_t(2000));
    for (std::uint64_t seq = 1; seq <= 2000; ++seq) QCOMPARE(view[seq].seq, seq);
    for (std::uint64_t seq = 2000; seq >= 1; --seq) QCOMPARE(view[seq].seq, seq);
    for (std::uint64_t i = 0; i < 2000; ++i) QCOMPARE(view[i * 257 % 2000 + 1].seq, i * 257 % 2000 + 1);
}

void tst_log_view::whatLiesOutsideIsNot() {
    lab::event_log log;
    fill(log, 10);
    const lab::log_view view(log, 3, 7);
    QVERIFY(!view.find(2) && view.find(3) && view.find(7) && !view.find(8) && !view.find(0));
    QVERIFY(lab::log_view().empty());
    QVERIFY(!lab::log_view().find(1) && !lab::log_view().find(0));
    fill(log, 1000); // the log has grown: the view has not
    QVERIFY(!view.find(8));
}

void tst_log_view::aPartEndsEarlier() {
    lab::event_log log;
    fill(log, 600);
    const lab::log_view whole(log, 1, 600);
    const lab::log_view part = whole.until(300);
    QCOMPARE(part.last(), std::uint64_t(300));
    QVERIFY(part.find(300) && !part.find(301));
    QCOMPARE(whole.until(9999).last(), std::uint64_t(600));
    QVERIFY(whole.until(0).empty());
}

void tst_log_view::eventsSideBySideAreALogToo() {
    lab::event_log log;
    fill(log, 600);
    const std::vector<lab::event> copied = log.read(99, 400);
    const lab::log_view view(copied);
    QCOMPARE(view.first(), std::uint64_t(100));
    QCOMPARE(view.last(), std::uint64_t(499));
    QCOMPARE(view[250].seq, std::uint64_t(250));
    QVERIFY(!view.find(99) && !view.find(500));
    QVERIFY(lab::log_view(std::vector<lab::event>()).empty());
}

QTEST_GUILESS_MAIN(tst_log_view)
#include "tst_log_view.moc"
