// SPDX-License-Identifier: MIT
#include "blamebox.h"
#include "held.h"
#include "inspector.h"
#include "ledgermodel.h"
#include "ledgerpanel.h"
#include "links.h"
#include "server.h"

#include <QAbstractItemModelTester>
#include <QLabel>

using namespace std::chrono_literals;
using lab::context_kind;
using Sort = Selection::Sort;

class tst_WhoDidIt : public QObject {
    Q_OBJECT

  private slots:
    void aCancelledContextAnswersWhoDidIt() {
        HeldBench b;
        Inspector inspector(b.session, {});
        auto* box = inspector.findChild<BlameBox*>();
        QVERIFY(box);
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        const lab::id_t child = b.make({.parent = top, .kind = context_kind::with_cancel, .name = "child"});
        b.lab.call(lab::new_worker{.context = child, .kind = "cpu", .name = "slow", .check_every = 10ms},
                   "you");
        advance(b, 5ms);
        b.session.select({Sort::Context, child});
        QCOMPARE(box->text(), QString());
        b.lab.call(lab::cancel_context{.context = top}, "you");
        b.session.drain();
        QTRY_VERIFY2(box->text().contains("was called by a command (you)"), qPrintable(box->text()));
        QVERIFY2(box->text().contains("slow"), qPrintable(box->text()));
        QVERIFY2(box->text().contains("has not noticed"), qPrintable(box->text()));
        const QString way = box->text().split('\n')[1];
        QVERIFY2(way.indexOf("top") < way.indexOf("→") && way.indexOf("→") < way.indexOf("child"),
                 qPrintable(way));
        advance(b, 1s);
        QTRY_VERIFY2(box->text().contains("noticed after 5.0 ms, exited after 5.0 ms"),
                     qPrintable(box->text()));
        // The chips lead to what they name.
        const auto links = box->findChildren<QLabel*>();
        const auto hasLink = [&](Selection to) {
            return std::any_of(links.begin(), links.end(),
                               [&](const QLabel* l) { return l->text().contains(Links::href(to)); });
        };
        QVERIFY(hasLink({Sort::Context, top}));
    }

    void aDeadlineIsATimersDeed() {
        HeldBench b;
        Inspector inspector(b.session, {});
        const lab::id_t id = b.make({.kind = context_kind::with_timeout, .name = "limit", .timeout = 1s});
        b.session.select({Sort::Context, id});
        advance(b, 2s);
        const auto* box = inspector.findChild<BlameBox*>();
        QTRY_VERIFY2(box->text().startsWith("The deadline of limit passed at +1.000 s"),
                     qPrintable(box->text()));
    }

    void inThePastItAnswersWhatWasKnownThen() {
        HeldBench b;
        Inspector inspector(b.session, {});
        const auto* box = inspector.findChild<BlameBox*>();
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        const std::uint64_t before = b.session.shownSeq();
        b.lab.call(lab::cancel_context{.context = top}, "you");
        b.session.drain();
        b.session.select({Sort::Context, top});
        QTRY_VERIFY(!box->text().isEmpty());
        b.session.showMoment(before);
        QTRY_VERIFY(box->text().isEmpty());
        b.session.showLive();
        QTRY_VERIFY(!box->text().isEmpty());
    }

    void workAfterDeathIsSummedAndSorted() {
        HeldBench b;
        LedgerPanel panel(b.session);
        const QAbstractItemModelTester tester(panel.model(),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        panel.model()->setBy(LedgerModel::By::Context);
        panel.model()->setActive(true);
        QTRY_VERIFY(panel.model()->isUpToDate());
        QTRY_COMPARE(panel.sum(), "No worker has gone on after its context had died.");
        const lab::id_t one = b.make({.kind = context_kind::with_timeout, .name = "one", .timeout = 1s});
        const lab::id_t two = b.make({.kind = context_kind::with_timeout, .name = "two", .timeout = 2s});
        b.lab.call(lab::new_worker{.context = one, .kind = "stubborn", .duration = 3s}, "you");
        b.lab.call(lab::new_worker{.context = two, .kind = "stubborn", .duration = 9s}, "you");
        advance(b, 4s);
        QTRY_COMPARE(panel.sum(),
                     "2 workers went on, for 4.00 s in all, after their contexts had died; 1 still does.");
        const auto cell = [&](int row, int column) {
            return panel.model()->index(row, column).data().toString();
        };
        QCOMPARE(panel.model()->rowCount(), 2);
        advance(b, 10s);
        QTRY_COMPARE(cell(0, LedgerModel::Overtime), "7.00 s");
        QVERIFY2(cell(0, LedgerModel::Subject).startsWith("two"), qPrintable(cell(0, LedgerModel::Subject)));
        QCOMPARE(cell(1, LedgerModel::Overtime), "2.00 s");
        QCOMPARE(panel.model()->subjectAt(1), (Selection{Sort::Context, one}));
        panel.model()->setBy(LedgerModel::By::Request);
        QCOMPARE(panel.model()->rowCount(), 0); // none of it for a request
    }

    void theLedgerGoesBackWithTheMoment() {
        HeldBench b;
        LedgerPanel panel(b.session);
        panel.model()->setBy(LedgerModel::By::Context);
        panel.model()->setActive(true);
        const lab::id_t id = b.make({.kind = context_kind::with_timeout, .timeout = 1s});
        b.lab.call(lab::new_worker{.context = id, .kind = "stubborn", .duration = 3s}, "you");
        const std::uint64_t before = b.session.shownSeq();
        advance(b, 10s);
        QTRY_COMPARE(panel.model()->total().workers, std::size_t(1));
        b.session.showMoment(before);
        QTRY_COMPARE(panel.model()->total().workers, std::size_t(0));
        b.session.showLive();
        QTRY_COMPARE(panel.model()->total().workers, std::size_t(1));
        b.lab.call(lab::reset_lab{}, "you");
        b.session.drain();
        QTRY_COMPARE(panel.model()->total().workers, std::size_t(0));
    }

    void whatARequestLeftBehindIsItsOwn() {
        lab::laboratory lab;
        SessionModel session(lab);
        const Server server = Server::start(lab, 0);
        QVERIFY2(server.service, qPrintable(server.problem));
        LedgerPanel panel(session);
        panel.model()->setActive(true);
        lab.call(lab::send_request{.path = "/leak?for=50ms"}, "you");
        QTRY_COMPARE(panel.model()->rowCount(), 1);
        QTRY_COMPARE(panel.model()->total().live, std::size_t(0));
        QTRY_COMPARE(panel.model()->index(0, LedgerModel::StillThere).data().toString(), QString());
        const QString who = panel.model()->index(0, LedgerModel::Subject).data().toString();
        QVERIFY2(who.endsWith("GET /leak"), qPrintable(who));
        QCOMPARE(panel.model()->subjectAt(0).sort, Sort::Request);
        QVERIFY(panel.model()->overtimeOf(panel.model()->total()) > 0ns);
    }

    /// However long the log is, no frame counts more than its slice.
    void aLongLogIsCountedInSlices() {
        HeldBench b;
        for (int i = 0; i < 5; ++i) b.lab.call(lab::new_worker{.kind = "poller", .every = 1ms}, "you");
        advance(b, 600ms); // thousands of events
        QVERIFY(b.session.shownSeq() > 5'000);
        LedgerModel model(b.session);
        model.setActive(true);
        QVERIFY(!model.isUpToDate());
        QTRY_VERIFY(model.isUpToDate());
        QCOMPARE(model.total().workers, std::size_t(0));
    }

  private:
    static void advance(HeldBench& b, std::chrono::nanoseconds by) {
        b.lab.call(lab::change_clock{.action = lab::clock_action::advance, .by = by}, "you");
        b.session.drain();
    }
};

QTEST_MAIN(tst_WhoDidIt)
#include "tst_whodidit.moc"
