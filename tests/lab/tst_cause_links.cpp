// SPDX-License-Identifier: MIT
#include "lab/cause_links.h"
#include "lab/story.h"
#include "lab/subject_index.h"

#include <QTest>

using lab::context_kind;
using lab::event_kind;
using seqs = std::vector<std::uint64_t>;

namespace {

/// A story whose links and index grow with it.
struct linked_story : story {
    lab::cause_links links() const {
        lab::cause_links l;
        for (const lab::event& e : events) l.add(e);
        return l;
    }
    lab::subject_index index() const {
        lab::subject_index i;
        for (const lab::event& e : events) i.add(e);
        return i;
    }
};

/// From an event to its first cause.
seqs chain(const lab::cause_links& links, std::uint64_t seq) {
    seqs all{seq};
    while (const auto cause = links.cause_of(all.back())) all.push_back(*cause);
    return all;
}

} // namespace

class tst_cause_links : public QObject {
    Q_OBJECT
  private slots:
    void fromAWorkersExitBackToTheCall();
    void aValueShowsTheEndAboveIt();
    void aDeadlineEndsItsContext();
    void onlyTheFirstCallCounts();
    void aWorkerMayLookBeforeTheEndIsTold();
    void aChildBornDoneWasEndedByItsParent();
    void anAbortedRequestGoesBackToItsContext();
    void anOrderlyEndOfARequestCancelsItsContext();
    void aWorkerThatFinishedHasNoCause();
    void aNewLifeHasNoCausesInTheOldOne();
    void nextAndPreviousWalkTheEventsOfAThing();
    void nextAndPreviousStayInTheirLife();
    void aSweepIsTheLastEventOfAContext();
};

void tst_cause_links::fromAWorkersExitBackToTheCall() {
    linked_story t;
    t.root();                                                              // 1, 2
    t.created(2, 1, context_kind::with_cancel);                            // 3
    t.created(3, 2, context_kind::with_cancel);                            // 4
    t.worker(event_kind::worker_started, 1, 3);                            // 5
    t.about(event_kind::cancel_called, 2);                                 // 6
    t.done(2, 2);                                                          // 7
    t.add({.kind = event_kind::child_visited, .context = 3, .parent = 2}); // 8
    t.done(3, 2);                                                          // 9
    t.about(event_kind::wave_finished, 2);                                 // 10
    t.worker(event_kind::worker_noticed, 1, 3);                            // 11
    t.worker(event_kind::worker_exited, 1, 3, "canceled");                 // 12
    const lab::cause_links links = t.links();
    QCOMPARE(chain(links, 12), (seqs{12, 11, 9, 7, 6}));
    QCOMPARE(links.effects_of(6), seqs{7});
    QCOMPARE(links.effects_of(7), (seqs{8, 9, 10}));
    QCOMPARE(links.effects_of(9), seqs{11});
    QVERIFY(links.effects_of(12).empty());
    QVERIFY(!links.cause_of(5) && !links.cause_of(6));
    QVERIFY(!links.cause_of(99) && links.effects_of(99).empty());
}

void tst_cause_links::aValueShowsTheEndAboveIt() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.value(3, 2, "key", "value");
    t.worker(event_kind::worker_started, 1, 3);
    const std::uint64_t call = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t done = t.done(2, 2).seq;
    const std::uint64_t noticed = t.worker(event_kind::worker_noticed, 1, 3).seq;
    QCOMPARE(chain(t.links(), noticed), (seqs{noticed, done, call}));
}

void tst_cause_links::aDeadlineEndsItsContext() {
    linked_story t;
    t.root();
    t.timed(2, 1, 2000);
    const std::uint64_t expired = t.about(event_kind::deadline_expired, 2).seq;
    const std::uint64_t done = t.done(2, 2, "context deadline exceeded").seq;
    const std::uint64_t leaked = t.worker(event_kind::worker_leaked, 1, 2).seq;
    QCOMPARE(chain(t.links(), leaked), (seqs{leaked, done, expired}));
}

void tst_cause_links::onlyTheFirstCallCounts() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    const std::uint64_t first = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t second = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t done = t.done(2, 2).seq;
    const std::uint64_t late = t.about(event_kind::cancel_called, 2).seq;
    QCOMPARE(chain(t.links(), done), (seqs{done, first}));
    QVERIFY(t.links().effects_of(second).empty() && t.links().effects_of(late).empty());
}

void tst_cause_links::aWorkerMayLookBeforeTheEndIsTold() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.worker(event_kind::worker_started, 1, 2);
    const std::uint64_t call = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t noticed = t.worker(event_kind::worker_noticed, 1, 2).seq;
    t.done(2, 2);
    QCOMPARE(chain(t.links(), noticed), (seqs{noticed, call}));
}

void tst_cause_links::aChildBornDoneWasEndedByItsParent() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    const std::uint64_t call = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t done = t.done(2, 2).seq;
    const std::uint64_t born = t.created(3, 2, context_kind::with_cancel, {}, ".WithCancel", true).seq;
    QCOMPARE(chain(t.links(), born), (seqs{born, done, call}));
    t.created(4, 2, context_kind::without_cancel);
    const std::uint64_t below = t.created(5, 4, context_kind::with_cancel).seq;
    QVERIFY(!t.links().cause_of(below));
}

void tst_cause_links::anAbortedRequestGoesBackToItsContext() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.add({.kind = event_kind::request_started, .context = 2, .request = 1});
    t.timed(3, 2, 300);
    t.worker(event_kind::worker_started, 1, 3);
    const std::uint64_t expired = t.about(event_kind::deadline_expired, 3).seq;
    const std::uint64_t done = t.done(3, 3, "context deadline exceeded").seq;
    const std::uint64_t noticed = t.worker(event_kind::worker_noticed, 1, 3).seq;
    const std::uint64_t exited = t.worker(event_kind::worker_exited, 1, 3).seq;
    const std::uint64_t ended = t.add({.kind = event_kind::request_ended,
                                       .req_state = lab::request_state::timed_out,
                                       .context = 2,
                                       .request = 1,
                                       .value = 504})
                                    .seq;
    QCOMPARE(chain(t.links(), ended), (seqs{ended, exited, noticed, done, expired}));
}

void tst_cause_links::anOrderlyEndOfARequestCancelsItsContext() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.add({.kind = event_kind::request_started, .context = 2, .request = 1});
    const std::uint64_t ended = t.add({.kind = event_kind::request_ended,
                                       .req_state = lab::request_state::finished,
                                       .context = 2,
                                       .request = 1,
                                       .value = 200})
                                    .seq;
    const std::uint64_t call = t.about(event_kind::cancel_called, 2).seq;
    const std::uint64_t done = t.done(2, 2).seq;
    QCOMPARE(chain(t.links(), done), (seqs{done, call, ended}));
}

void tst_cause_links::aWorkerThatFinishedHasNoCause() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.worker(event_kind::worker_started, 1, 2);
    const std::uint64_t exited = t.worker(event_kind::worker_exited, 1, 2, "finished").seq;
    QVERIFY(!t.links().cause_of(exited));
}

void tst_cause_links::aNewLifeHasNoCausesInTheOldOne() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.about(event_kind::cancel_called, 2);
    t.done(2, 2);
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    const std::uint64_t noticed = t.worker(event_kind::worker_noticed, 1, 2).seq;
    QVERIFY(!t.links().cause_of(noticed));
}

void tst_cause_links::nextAndPreviousWalkTheEventsOfAThing() {
    linked_story t;
    t.root();                                                                 // 1, 2
    t.created(2, 1, context_kind::with_cancel);                               // 3
    t.worker(event_kind::worker_started, 7, 2);                               // 4
    t.add({.kind = event_kind::request_started, .context = 1, .request = 2}); // 5
    t.worker(event_kind::worker_waiting, 7, 0, "Done");                       // 6
    t.done(2, 2);                                                             // 7
    const lab::subject_index index = t.index();
    const auto walk = [&](lab::subject of) {
        seqs there, back;
        for (auto s = index.next(of, 0); s; s = index.next(of, *s)) there.push_back(*s);
        for (auto s = index.previous(of, 100); s; s = index.previous(of, *s)) back.insert(back.begin(), *s);
        return there == back ? there : seqs{};
    };
    using enum lab::subject::sort;
    QCOMPARE(walk({context, 2}), (seqs{3, 4, 7}));
    QCOMPARE(walk({worker, 7}), (seqs{4, 6}));
    QCOMPARE(walk({request, 2}), seqs{5});
    QVERIFY(walk({client, 2}).empty() && walk({worker, 2}).empty());
    QCOMPARE(index.next({context, 2}, 4), std::optional<std::uint64_t>(7));
    QCOMPARE(index.previous({context, 2}, 4), std::optional<std::uint64_t>(3));
}

void tst_cause_links::nextAndPreviousStayInTheirLife() {
    linked_story t;
    t.root();                                   // 1, 2
    t.created(2, 1, context_kind::with_cancel); // 3
    t.done(2, 2);                               // 4
    t.root();                                   // 5, 6
    t.created(2, 1, context_kind::with_cancel); // 7
    const lab::subject_index index = t.index();
    const lab::subject two{lab::subject::sort::context, 2};
    QVERIFY(!index.next(two, 4));
    QCOMPARE(index.next(two, 5), std::optional<std::uint64_t>(7));
    QVERIFY(!index.previous(two, 7));
    QCOMPARE(index.previous(two, 4), std::optional<std::uint64_t>(3));
}

void tst_cause_links::aSweepIsTheLastEventOfAContext() {
    linked_story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    const std::uint64_t sweep = t.add({.kind = event_kind::swept, .path = {2}}).seq;
    QCOMPARE(t.index().next({lab::subject::sort::context, 2}, 3), std::optional(sweep));
}

QTEST_APPLESS_MAIN(tst_cause_links)
#include "tst_cause_links.moc"
