// SPDX-License-Identifier: MIT
#include "timetravel.h"

#include "eventsmodel.h"
#include "outlinemodel.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace std::chrono_literals;
using Sort = Selection::Sort;

namespace {

/// A laboratory in which a deadline ends a request with two workers: it stands still after two seconds.
struct Bench {
    lab::laboratory laboratory{{.running = false, .as_fast_as_possible = true}};
    SessionModel session{laboratory};
    QWidget window;
    TimeTravel travel{session, &window};
    EventsModel events{session};
    OutlineModel outline{session};
    QAbstractItemModelTester eventsTester{&events, QAbstractItemModelTester::FailureReportingMode::QtTest};
    QAbstractItemModelTester outlineTester{&outline, QAbstractItemModelTester::FailureReportingMode::QtTest};
    lab::id_t request = 0, query = 0, worker = 0;

    Bench() {
        request = make({.kind = lab::context_kind::with_timeout, .name = "request", .timeout = 1s});
        query = make({.parent = request, .kind = lab::context_kind::with_cancel, .name = "query"});
        worker = laboratory.call(lab::new_worker{.context = query, .kind = "wait", .name = "waiter"}).id;
        advance(2s);
        session.drain();
    }
    lab::id_t make(lab::new_context c) { return laboratory.call(std::move(c)).id; }
    void advance(std::chrono::nanoseconds by) {
        QVERIFY(laboratory.call(lab::change_clock{.action = lab::clock_action::advance, .by = by}).ok());
    }
    lab::event_kind kind() const { return session.history().event(session.shownSeq()).kind; }
    std::uint64_t find(lab::event_kind kind, lab::id_t context) const {
        const History& log = session.history();
        for (std::uint64_t seq = log.lastSeq(); seq > 0; --seq)
            if (log.event(seq).kind == kind && (context == 0 || log.event(seq).context == context))
                return seq;
        return 0;
    }
};

} // namespace

class tst_TimeTravel : public QObject {
    Q_OBJECT

  private slots:
    void everyMomentIsThePictureThatWasShownThen();
    void thePastIsMarkedAndNothingCanBeDoneToIt();
    void steppingOverTheEndIsLive();
    void theEventsOfTheSelectionCanBeWalked();
    void theCausesLeadFromTheExitToTheDeadlineAndBack();
    void aTimeBetweenTwoEventsShowsTheClock();
    void aTimeAtTheEndIsLive();
    void thePastStandsStillWhileTheLaboratoryGoesOn();
    void theEndOfTheLifeGrowsWhileItsPastIsShown();
    void anEarlierLifeCanBeShown();
    void aRecordingIsShownInsteadOfTheLaboratory();
    void aResetFromThePastIsShownLive();
    void theSelectionIsKeptBeforeItsBirth();
};

void tst_TimeTravel::everyMomentIsThePictureThatWasShownThen() {
    Bench b;
    lab::state picture;
    for (std::uint64_t seq = 1; seq < b.session.history().lastSeq(); ++seq) {
        picture.apply(b.session.history().event(seq));
        b.session.showMoment(seq);
        QCOMPARE(b.session.shownSeq(), seq);
        QVERIFY(b.session.state() == picture);
        QCOMPARE(b.outline.totalRows(),
                 static_cast<int>(picture.contexts().size() + picture.workers().size()));
    }
    for (std::uint64_t seq = b.session.history().lastSeq() - 1; seq > 0;
         seq -= std::min<std::uint64_t>(seq, 3)) {
        b.session.showMoment(seq);
        QCOMPARE(b.outline.totalRows(),
                 static_cast<int>(b.session.state().contexts().size() + b.session.state().workers().size()));
    }
    const std::size_t all = b.session.whole().contexts().size();
    QVERIFY(all > b.session.state().contexts().size());
    b.session.showLive();
    QCOMPARE(b.session.state().contexts().size(), all);
}

void tst_TimeTravel::thePastIsMarkedAndNothingCanBeDoneToIt() {
    Bench b;
    QVERIFY(b.session.live() && b.session.whyNotNow().isEmpty());
    QSignalSpy moved(&b.session, &SessionModel::momentChanged);
    b.session.showMoment(3);
    QVERIFY(!b.session.live() && !b.session.whyNotNow().isEmpty());
    QVERIFY(b.travel.live()->isEnabled());
    b.travel.live()->trigger();
    QVERIFY(b.session.live() && b.session.whyNotNow().isEmpty());
    QVERIFY(!b.travel.live()->isEnabled());
    QCOMPARE(moved.size(), 2);
}

void tst_TimeTravel::steppingOverTheEndIsLive() {
    Bench b;
    QVERIFY(!b.travel.next()->isEnabled());
    b.travel.previous()->trigger();
    QCOMPARE(b.session.shownSeq(), b.session.history().lastSeq() - 1);
    QVERIFY(b.travel.next()->isEnabled());
    b.travel.next()->trigger();
    QVERIFY(b.session.live());
    b.travel.first()->trigger();
    QCOMPARE(b.session.shownSeq(), std::uint64_t(1));
    QVERIFY(!b.travel.previous()->isEnabled());
}

void tst_TimeTravel::theEventsOfTheSelectionCanBeWalked() {
    Bench b;
    b.session.select({Sort::Worker, b.worker});
    b.session.showMoment(1);
    std::vector<std::uint64_t> walked;
    while (b.travel.nextOfSelection()->isEnabled()) {
        b.travel.nextOfSelection()->trigger();
        if (b.session.live()) break;
        walked.push_back(b.session.shownSeq());
        QCOMPARE(b.session.history().event(walked.back()).worker, b.worker);
    }
    QVERIFY(walked.size() >= 3);
    for (auto seq = walked.rbegin() + 1; seq != walked.rend(); ++seq) {
        b.travel.previousOfSelection()->trigger();
        QCOMPARE(b.session.shownSeq(), *seq);
    }
}

void tst_TimeTravel::theCausesLeadFromTheExitToTheDeadlineAndBack() {
    Bench b;
    const std::uint64_t exit = b.find(lab::event_kind::worker_exited, 0);
    QVERIFY(exit);
    b.session.showMoment(exit);
    std::vector<lab::event_kind> way;
    std::vector<std::uint64_t> seqs{b.session.shownSeq()};
    while (b.travel.toCause()->isEnabled()) {
        b.travel.toCause()->trigger();
        way.push_back(b.kind());
        seqs.push_back(b.session.shownSeq());
    }
    const std::vector<lab::event_kind> expected{lab::event_kind::worker_noticed,
                                                lab::event_kind::context_done, lab::event_kind::context_done,
                                                lab::event_kind::deadline_expired};
    QVERIFY(way == expected);
    QCOMPARE(b.session.selection(), (Selection{Sort::Context, b.request}));
    b.session.select({Sort::Worker, b.worker});
    for (std::size_t i = seqs.size() - 1; i-- > 0;) {
        b.travel.toEffect()->trigger();
        QCOMPARE(b.session.shownSeq(), seqs[i]);
        b.session.select({Sort::Worker, b.worker});
    }
}

void tst_TimeTravel::aTimeBetweenTwoEventsShowsTheClock() {
    Bench b;
    b.session.showTime(500ms);
    QVERIFY(!b.session.live());
    QCOMPARE(b.session.state().now(), lab::lab_time(500ms));
    QVERIFY(!b.session.state().context(b.request)->done);
    b.session.showTime(1500ms);
    QCOMPARE(b.session.state().now(), lab::lab_time(1500ms));
    QVERIFY(b.session.state().context(b.request)->done);
    b.session.showTime(1200ms); // back, with no event in between
    QCOMPARE(b.session.state().now(), lab::lab_time(1200ms));
    b.session.showTime(0ms);
    QCOMPARE(b.session.state().now(), lab::lab_time(0));
    QVERIFY(b.session.state().context(b.request)); // everything at that time has happened
}

void tst_TimeTravel::aTimeAtTheEndIsLive() {
    Bench b;
    b.session.showTime(500ms);
    b.session.showTime(3s);
    QVERIFY(b.session.live());
}

void tst_TimeTravel::thePastStandsStillWhileTheLaboratoryGoesOn() {
    Bench b;
    b.session.showMoment(4);
    const lab::state before = b.session.state();
    QSignalSpy changed(&b.session, &SessionModel::changed);
    QSignalSpy grew(&b.session, &SessionModel::logGrew);
    b.make({.name = "later"});
    b.advance(1s);
    b.session.drain();
    QVERIFY(b.session.state() == before);
    QCOMPARE(changed.size(), 0);
    QVERIFY(grew.size() > 0);
}

void tst_TimeTravel::theEndOfTheLifeGrowsWhileItsPastIsShown() {
    Bench b;
    b.session.showMoment(4);
    const std::size_t before = b.session.whole().contexts().size();
    b.make({.name = "later"});
    b.session.drain();
    QCOMPARE(b.session.whole().contexts().size(), before + 1);
    QCOMPARE(b.session.shownLife().last, b.session.history().lastSeq());
    QCOMPARE(static_cast<std::uint64_t>(b.events.rowCount()), b.session.history().lastSeq());
}

void tst_TimeTravel::anEarlierLifeCanBeShown() {
    Bench b;
    const std::uint64_t last = b.session.history().lastSeq();
    QVERIFY(b.laboratory.call(lab::reset_lab{}).ok());
    b.session.drain();
    QCOMPARE(b.session.history().lives().size(), std::size_t(2));
    QCOMPARE(b.session.state().contexts().size(), std::size_t(1));
    QSignalSpy restarted(&b.session, &SessionModel::restarted);
    b.session.showMoment(last);
    QCOMPARE(restarted.size(), 1);
    QCOMPARE(b.session.shownLife(), (History::Life{1, last}));
    QVERIFY(b.session.state().context(b.query)->done);
    QCOMPARE(static_cast<std::uint64_t>(b.events.rowCount()), last);
    b.session.showTime(1h); // the end of a life that is over is not live
    QCOMPARE(b.session.shownSeq(), last);
    b.session.showLive();
    QCOMPARE(b.session.state().contexts().size(), std::size_t(1));
}

void tst_TimeTravel::aRecordingIsShownInsteadOfTheLaboratory() {
    Bench b;
    auto copy = std::make_unique<lab::event_log>();
    for (lab::event e : b.laboratory.log().read(0)) copy->append(std::move(e));
    auto recording = std::make_shared<History>(std::unique_ptr<const lab::event_log>(std::move(copy)));
    while (recording->advance()) {
    }
    Bench other;
    QVERIFY(other.laboratory.call(lab::reset_lab{}).ok());
    other.session.drain();
    other.session.openRecording(recording, QStringLiteral("run.ctxlab"));
    QVERIFY(other.session.recorded() && !other.session.live());
    QCOMPARE(other.session.recordingTitle(), QStringLiteral("run.ctxlab"));
    QCOMPARE(other.session.shownSeq(), recording->lastSeq());
    QVERIFY(other.session.state().context(b.query)->done);
    other.make({.name = "meanwhile"});
    other.session.drain();
    QVERIFY(other.session.state().context(b.query)->done);
    other.travel.previous()->trigger();
    QCOMPARE(other.session.shownSeq(), recording->lastSeq() - 1);
    other.travel.next()->trigger();
    QVERIFY(other.session.recorded());
    other.session.showLive();
    QVERIFY(other.session.live() && !other.session.recorded());
    QCOMPARE(other.session.state().contexts().size(), std::size_t(2));
    QCOMPARE(static_cast<std::uint64_t>(other.events.rowCount()),
             other.session.shownLife().last + 1 - other.session.shownLife().first);
}

void tst_TimeTravel::aResetFromThePastIsShownLive() {
    Bench b;
    b.session.showMoment(4);
    b.session.post(lab::reset_lab{});
    QTRY_VERIFY(b.session.live());
    QCOMPARE(b.session.state().contexts().size(), std::size_t(1));
    QCOMPARE(b.session.shownLife(), b.session.history().lives().back());
}

void tst_TimeTravel::theSelectionIsKeptBeforeItsBirth() {
    Bench b;
    b.session.select({Sort::Context, b.query});
    b.session.showMoment(1);
    QVERIFY(!b.session.state().context(b.query));
    QCOMPARE(b.session.selection(), (Selection{Sort::Context, b.query}));
    b.session.showLive();
    QCOMPARE(b.session.selection(), (Selection{Sort::Context, b.query}));
}

QTEST_MAIN(tst_TimeTravel)
#include "tst_timetravel.moc"
