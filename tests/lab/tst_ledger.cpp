// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"
#include "lab/ledger.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::context_kind;

namespace {

struct bench {
    lab::laboratory it{{.seed = 1, .running = false, .as_fast_as_possible = true}};

    lab::id_t make(lab::new_context c) { return it.call(c).id; }
    void play(std::chrono::nanoseconds by) {
        it.call(lab::change_clock{.action = lab::clock_action::advance, .by = by});
    }
    lab::ledger book() const {
        lab::ledger b;
        for (const lab::event& e : it.log().read(0)) b.apply(e);
        return b;
    }
};

} // namespace

class tst_ledger : public QObject {
    Q_OBJECT
  private slots:
    void onlyWhatOutlivesItsContextCounts();
    void whoStartsTooLateCountsFromItsStart();
    void whatGoesOnGrowsWithTime();
    void workersOfValuesBelongToTheDoneAbove();
    void aRequestSumsTheContextsBelowIt();
};

void tst_ledger::onlyWhatOutlivesItsContextCounts() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    const lab::id_t calm = b.make({.kind = context_kind::with_cancel});
    b.it.call(lab::new_worker{.context = top, .kind = "cpu", .duration = 10s, .check_every = 400ms});
    b.it.call(lab::new_worker{.context = top, .kind = "stubborn", .duration = 3s});
    b.it.call(lab::new_worker{.context = calm, .kind = "work", .duration = 500ms});
    b.play(1s);
    b.it.call(lab::cancel_context{.context = top});
    b.it.call(lab::cancel_context{.context = calm});
    b.play(10s);
    const lab::ledger book = b.book();
    QVERIFY(!book.contexts().contains(calm)); // its worker had finished
    const lab::account& a = book.contexts().at(top);
    QCOMPARE(a.workers, std::size_t(2));
    QCOMPARE(a.live, std::size_t(0));
    QCOMPARE(a.overtime(book.now()), lab::lab_time(200ms + 2s));
    QCOMPARE(a.resumes, std::uint64_t(2));
    QCOMPARE(QString::fromStdString(lab::sentence("top", a, book.now())),
             QString("top: 2 workers went on for 2.2s after it was over, and ran 2 times"));
}

void tst_ledger::whoStartsTooLateCountsFromItsStart() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    b.it.call(lab::cancel_context{.context = top});
    b.play(1s);
    b.it.call(lab::new_worker{.context = top, .kind = "stubborn", .duration = 2s});
    b.play(5s);
    QCOMPARE(b.book().contexts().at(top).overtime(b.book().now()), lab::lab_time(2s));
}

void tst_ledger::whatGoesOnGrowsWithTime() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_timeout, .timeout = 1s});
    b.it.call(lab::new_worker{.context = top, .kind = "stubborn", .duration = 60s});
    b.play(11s);
    const lab::ledger book = b.book();
    const lab::account& a = book.contexts().at(top);
    QCOMPARE(a.live, std::size_t(1));
    QCOMPARE(a.overtime(11s), lab::lab_time(10s));
    QCOMPARE(a.overtime(12s), lab::lab_time(11s));
    QVERIFY(lab::sentence("top", a, 11s).ends_with("; 1 still does"));
}

void tst_ledger::workersOfValuesBelongToTheDoneAbove() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    const lab::id_t value =
        b.make({.parent = top, .kind = context_kind::with_value, .key = "k", .value = "v"});
    const lab::id_t apart = b.make({.parent = value, .kind = context_kind::without_cancel});
    b.it.call(lab::new_worker{.context = value, .kind = "stubborn", .duration = 3s});
    b.it.call(lab::new_worker{.context = apart, .kind = "stubborn", .duration = 3s});
    b.play(1s);
    b.it.call(lab::cancel_context{.context = top});
    b.play(5s);
    const lab::ledger book = b.book();
    QCOMPARE(book.contexts().size(), std::size_t(1));
    QCOMPARE(book.contexts().at(top).overtime(book.now()), lab::lab_time(2s));
}

void tst_ledger::aRequestSumsTheContextsBelowIt() {
    bench b;
    const lab::id_t request = b.make({.kind = context_kind::with_cancel});
    b.it.record({.kind = lab::event_kind::request_started, .context = request, .request = 9});
    const lab::id_t below = b.make({.parent = request, .kind = context_kind::with_cancel});
    b.it.call(lab::new_worker{.context = request, .kind = "stubborn", .duration = 3s});
    b.it.call(lab::new_worker{.context = below, .kind = "stubborn", .duration = 4s});
    b.play(1s);
    b.it.call(lab::cancel_context{.context = request});
    b.play(10s);
    const lab::ledger book = b.book();
    QCOMPARE(book.contexts().size(), std::size_t(2));
    QCOMPARE(book.requests().at(9).overtime(book.now()), lab::lab_time(2s + 3s));
    QCOMPARE(book.requests().at(9).workers, std::size_t(2));
}

QTEST_GUILESS_MAIN(tst_ledger)
#include "tst_ledger.moc"
