// SPDX-License-Identifier: MIT
#include "story.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::context_kind;
using lab::context_state;
using lab::event_kind;

class tst_state : public QObject {
    Q_OBJECT
  private slots:
    void anEmptyLogDrawsAnEmptyPicture();
    void contextsGetNamesFromTheirKind();
    void theShortestDeadlineWins();
    void onlyOwningContextsAreRegistered();
    void aWaveEndsContextsWithErrAndCause();
    void theFirstEndWins();
    void valuesShowTheEndOfTheirAncestor();
    void withoutCancelCutsTheView();
    void whatIsMadeUnderADoneContextIsBornDone();
    void aPassedDeadlineIsBornDone();
    void anAfterFuncIsDoneWhenItRuns();
    void anAfterFuncIsDoneWhenItIsStopped();
    void lookupsAreKept();
    void theClockIsWhatWasSaidLast();
    void timeNeverRunsBackwards();
    void aResetForgetsEverythingButTheSequence();
    void goStringCountsDownToTheDeadline();
    void goStringOfADeepChainCanBeCut();
    void unknownIdsAreSkipped();
    void aHugeTreeIsFoldedInLinearTime();
};

void tst_state::anEmptyLogDrawsAnEmptyPicture() {
    const lab::state s;
    QCOMPARE(s.seq(), std::uint64_t(0));
    QVERIFY(s.contexts().empty());
    QVERIFY(!s.context(1));
    QCOMPARE(s.go_string(1), std::string());
}

void tst_state::contextsGetNamesFromTheirKind() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.created(3, 1, context_kind::with_cancel, "req");
    QCOMPARE(t.context(1).name, std::string("Background"));
    QCOMPARE(t.context(2).name, std::string("WithCancel 2"));
    QCOMPARE(t.context(3).name, std::string("req"));
    QCOMPARE(t.context(1).children, (lab::shared_list<lab::id_t>{2, 3}));
    QCOMPARE(t.picture.counts().active, std::size_t(3));
    QCOMPARE(t.picture.scenario(), std::string("tale"));
    QCOMPARE(t.picture.seed(), std::int64_t(7));
}

void tst_state::theShortestDeadlineWins() {
    story t;
    t.root();
    t.timed(2, 1, 2000);
    t.created(3, 2, context_kind::with_timeout); // asked for more: no timer of its own
    t.timed(4, 3, 500);
    t.created(5, 4, context_kind::without_cancel);
    t.timed(6, 5, 9000);
    QCOMPARE(t.context(2).deadline_owner, lab::id_t(2));
    QVERIFY(!t.context(3).own_deadline);
    QVERIFY(t.context(3).deadline == lab::lab_time(2s));
    QCOMPARE(t.context(3).deadline_owner, lab::id_t(2));
    QVERIFY(t.context(4).deadline == lab::lab_time(500ms));
    QVERIFY(!t.context(5).deadline);
    QCOMPARE(t.context(5).deadline_owner, lab::id_t(0));
    QVERIFY(t.context(6).deadline == lab::lab_time(9s));
}

void tst_state::onlyOwningContextsAreRegistered() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.value(3, 2, "k", "v");
    t.created(4, 3, context_kind::with_cancel);
    t.created(5, 4, context_kind::without_cancel);
    t.created(6, 5, context_kind::with_cancel);
    t.created(7, 3, context_kind::after_func);
    QVERIFY(!t.context(2).registered); // nothing above can be done
    QVERIFY(!t.context(3).registered);
    QVERIFY(t.context(4).registered);
    QCOMPARE(t.context(4).cancel_parent, lab::id_t(2));
    QVERIFY(!t.context(5).registered);
    QVERIFY(!t.context(6).registered);
    QVERIFY(t.context(7).registered);
    t.about(event_kind::context_detached, 4);
    QVERIFY(!t.context(4).registered);
    t.about(event_kind::context_dropped, 4);
    QVERIFY(t.context(4).dropped);
}

void tst_state::aWaveEndsContextsWithErrAndCause() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel_cause);
    t.created(3, 2, context_kind::with_cancel);
    t.at_ms(40);
    const std::uint64_t call = t.about(event_kind::cancel_called, 2).seq;
    QVERIFY(!t.picture.wave().finished);
    t.done(2, 2, "context canceled", "shutting down");
    t.about(event_kind::child_visited, 3);
    QCOMPARE(t.picture.wave().front, lab::id_t(3));
    t.done(3, 2, "context canceled", "shutting down");
    QCOMPARE(t.picture.wave().reached, std::size_t(2));
    t.add({.kind = event_kind::wave_finished, .context = 2, .value = 2});

    QVERIFY(t.picture.wave().finished);
    QCOMPARE(t.picture.wave().root, lab::id_t(2));
    QCOMPARE(t.picture.wave().first_seq, call);
    QCOMPARE(t.context(3).err, std::string("context canceled"));
    QCOMPARE(t.context(3).cause, std::string("shutting down"));
    QCOMPARE(t.context(3).done_by, lab::id_t(2));
    QVERIFY(t.context(3).done == lab::lab_time(40ms));
    QVERIFY(!t.context(3).registered);
    QCOMPARE(t.picture.counts().canceled, std::size_t(2));
    QCOMPARE(t.picture.counts().active, std::size_t(1));
}

void tst_state::theFirstEndWins() {
    story t;
    t.root();
    t.timed(2, 1, 100);
    t.at_ms(100);
    t.about(event_kind::deadline_expired, 2);
    t.done(2, 2, "context deadline exceeded");
    t.add({.kind = event_kind::wave_finished, .context = 2, .value = 1});
    t.at_ms(200);
    t.about(event_kind::cancel_called, 2);
    t.done(2, 2, "context canceled");
    QVERIFY(t.context(2).state == context_state::deadline_exceeded);
    QVERIFY(t.context(2).fired);
    QVERIFY(t.context(2).done == lab::lab_time(100ms));
    QVERIFY(t.picture.wave().finished);
    QCOMPARE(t.picture.counts().expired, std::size_t(1));
    QCOMPARE(t.picture.counts().canceled, std::size_t(0));
}

void tst_state::valuesShowTheEndOfTheirAncestor() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.value(3, 2, "a", "1");
    t.value(4, 3, "b", "2");
    t.created(5, 4, context_kind::with_cancel);
    t.value(6, 5, "c", "3");
    t.about(event_kind::cancel_called, 2);
    t.done(2, 2, "context canceled", "enough");
    QVERIFY(t.context(4).state == context_state::canceled);
    QCOMPARE(t.context(4).cause, std::string("enough"));
    QCOMPARE(t.context(4).done_by, lab::id_t(2));
    QVERIFY(t.context(5).state == context_state::active); // it ends by an event of its own
    QVERIFY(t.context(6).state == context_state::active);
    t.done(5, 2, "context canceled", "enough");
    QVERIFY(t.context(6).state == context_state::canceled);
    QCOMPARE(t.picture.counts().canceled, std::size_t(5));
    QCOMPARE(t.picture.counts().active, std::size_t(1));
}

void tst_state::withoutCancelCutsTheView() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.created(3, 2, context_kind::without_cancel);
    t.value(4, 3, "a", "1");
    t.done(2, 2);
    QVERIFY(t.context(3).state == context_state::active);
    QVERIFY(t.context(4).state == context_state::active);
}

void tst_state::whatIsMadeUnderADoneContextIsBornDone() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.done(2, 2, "context canceled", "too late");
    t.value(3, 2, "a", "1", true);
    QVERIFY(t.context(3).born_done);
    QCOMPARE(t.context(3).err, std::string("context canceled"));
    QCOMPARE(t.context(3).cause, std::string("too late"));
    t.created(4, 3, context_kind::with_cancel, "", ".WithCancel", true);
    QCOMPARE(t.context(4).cause, std::string("too late"));
    QVERIFY(!t.context(4).registered);
    t.done(4, 4, "context canceled", "too late");
    QCOMPARE(t.picture.counts().canceled, std::size_t(3));
}

void tst_state::aPassedDeadlineIsBornDone() {
    story t;
    t.root();
    t.add({.kind = event_kind::context_created,
           .ctx_kind = context_kind::with_deadline_cause,
           .on = true,
           .context = 2,
           .parent = 1,
           .deadline = -1s});
    QVERIFY(t.context(2).state == context_state::deadline_exceeded);
    t.done(2, 2, "context deadline exceeded", "over before it began");
    QCOMPARE(t.context(2).cause, std::string("over before it began"));
    QCOMPARE(t.picture.counts().expired, std::size_t(1));
}

void tst_state::anAfterFuncIsDoneWhenItRuns() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.created(3, 2, context_kind::after_func, "clean up");
    t.at_ms(5);
    t.done(2, 2, "context canceled", "bye");
    t.about(event_kind::after_func_run, 3);
    QVERIFY(t.context(3).fired);
    QVERIFY(t.context(3).state == context_state::canceled);
    QCOMPARE(t.context(3).cause, std::string("bye"));
    QCOMPARE(t.context(3).done_by, lab::id_t(2));
}

void tst_state::anAfterFuncIsDoneWhenItIsStopped() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.created(3, 2, context_kind::after_func, "clean up");
    t.done(3, 3);
    QVERIFY(!t.context(3).fired);
    QVERIFY(t.context(3).state == context_state::canceled);
    QVERIFY(!t.context(3).registered);
}

void tst_state::lookupsAreKept() {
    story t;
    t.root();
    t.value(2, 1, "user", "ana");
    t.add({.kind = event_kind::value_looked_up,
           .on = true,
           .context = 2,
           .key = "user",
           .data = "ana",
           .path = {2}});
    QVERIFY(t.picture.lookup().found);
    QCOMPARE(t.picture.lookup().value, std::string("ana"));
    QCOMPARE(t.picture.lookup().path, (lab::shared_list<lab::id_t>{2}));
}

void tst_state::theClockIsWhatWasSaidLast() {
    story t;
    t.root();
    t.add({.kind = event_kind::clock_changed, .mode = lab::clock_mode::real_time, .on = true, .speed = 2});
    QVERIFY(t.picture.clock().mode == lab::clock_mode::real_time);
    QVERIFY(t.picture.clock().running);
    QCOMPARE(t.picture.clock().speed, 2.0);
}

void tst_state::timeNeverRunsBackwards() {
    story t;
    t.root();
    t.picture.set_now(2s);
    t.picture.set_now(1s);
    QVERIFY(t.picture.now() == lab::lab_time(2s));
    t.at_ms(1500);
    t.created(2, 1, context_kind::with_cancel);
    QVERIFY(t.picture.now() == lab::lab_time(2s));
}

void tst_state::aResetForgetsEverythingButTheSequence() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.worker(event_kind::worker_started, 1, 2, "wait");
    t.at_ms(700);
    t.done(2, 2);
    const std::uint64_t shape = t.picture.shape_version();
    t.at_ms(0);
    t.add({.kind = event_kind::lab_started, .value = 9});
    QCOMPARE(t.picture.seq(), std::uint64_t(6));
    QVERIFY(t.picture.contexts().empty());
    QVERIFY(t.picture.workers().empty());
    QCOMPARE(t.picture.counts().canceled, std::size_t(0));
    QCOMPARE(t.picture.seed(), std::int64_t(9));
    QVERIFY(t.picture.now() == lab::lab_time(0));
    QVERIFY(t.picture.shape_version() > shape);
    t.created(1, 0, context_kind::background);
    QCOMPARE(t.picture.counts().active, std::size_t(1));
}

void tst_state::goStringCountsDownToTheDeadline() {
    const std::string head = "context.Background.WithDeadline(2009-11-10 23:00:02 +0000 UTC m=+2.000000000 [";
    story t;
    t.root();
    t.timed(2, 1, 2000);
    t.value(3, 2, "user", "ana [2s]");
    t.created(4, 3, context_kind::with_timeout, "", ".WithCancel");
    QCOMPARE(t.picture.go_string(2), head + "2s])");
    t.picture.set_now(1500ms);
    QCOMPARE(t.picture.go_string(2), head + "500ms])");
    QCOMPARE(t.picture.go_string(4), head + "500ms]).WithValue(user, ana [2s]).WithCancel");
    t.picture.set_now(2500ms);
    QCOMPARE(t.picture.go_string(2), head + "-500ms])");
}

void tst_state::goStringOfADeepChainCanBeCut() {
    story t;
    t.root();
    for (lab::id_t id = 2; id <= 9; ++id) t.created(id, id - 1, context_kind::with_cancel);
    QCOMPARE(t.picture.go_string(9, 2), std::string("....WithCancel.WithCancel"));
    QCOMPARE(t.picture.go_string(3, 3), std::string("context.Background.WithCancel.WithCancel"));
}

void tst_state::unknownIdsAreSkipped() {
    story t;
    t.root();
    for (int k = 0; k <= static_cast<int>(event_kind::note); ++k) {
        if (event_kind(k) == event_kind::lab_started || event_kind(k) == event_kind::context_created)
            continue;
        t.add({.kind = event_kind(k), .context = 77, .parent = 78, .by = 79, .path = {77}});
    }
    QCOMPARE(t.picture.contexts().size(), std::size_t(1));
    QVERIFY(t.picture.workers().empty());
    t.created(5, 44, context_kind::with_cancel, "orphan");
    t.created(5, 1, context_kind::with_cancel, "taken");
    QCOMPARE(t.context(5).name, std::string("orphan"));
    QCOMPARE(t.picture.go_string(5), std::string(".WithCancel"));
}

void tst_state::aHugeTreeIsFoldedInLinearTime() {
    constexpr lab::id_t wide = 100'000;
    lab::state s;
    std::uint64_t seq = 0;
    const auto apply = [&](lab::event e) {
        e.seq = ++seq;
        s.apply(e);
    };
    apply({.kind = event_kind::context_created, .context = 1});
    apply({.kind = event_kind::context_created,
           .ctx_kind = context_kind::with_cancel,
           .context = 2,
           .parent = 1});
    for (lab::id_t id = 3; id < wide; ++id) { // half of them in one chain of values
        const bool deep = id % 2 == 0;
        apply({.kind = event_kind::context_created,
               .ctx_kind = deep ? context_kind::with_value : context_kind::with_cancel,
               .context = id,
               .parent = deep ? id - 2 : 2});
    }
    apply({.kind = event_kind::context_done, .context = 2, .by = 2, .err = "context canceled"});
    for (lab::id_t id = 3; id < wide; id += 2) {
        apply({.kind = event_kind::context_done, .context = id, .by = 2, .err = "context canceled"});
    }
    QCOMPARE(s.counts().active, std::size_t(1));
    QCOMPARE(s.counts().canceled, std::size_t(wide - 2));
}

QTEST_APPLESS_MAIN(tst_state)
#include "tst_state.moc"
