// SPDX-License-Identifier: MIT
#include "story.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::context_kind;
using lab::event_kind;
using lab::worker_state;

class tst_state_workers : public QObject {
    Q_OBJECT
  private slots:
    void workersPassThroughTheirStates();
    void aLeakedWorkerIsLeakedUntilItLooks();
    void aSweepTakesContextsAndTheirWorkersAway();
    void requestsAndClientsFindEachOther();
};

void tst_state_workers::workersPassThroughTheirStates() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.add({.kind = event_kind::worker_started,
           .context = 2,
           .worker = 1,
           .name = "w",
           .text = "wait",
           .data = "<-ctx.Done()"});
    QCOMPARE(t.context(2).live_workers, std::size_t(1));
    t.at_ms(1);
    t.worker(event_kind::worker_waiting, 1, 0, "Done");
    QVERIFY(t.worker(1).state == worker_state::waiting);
    t.at_ms(9);
    t.done(2, 2);
    t.worker(event_kind::worker_noticed, 1, 2);
    QVERIFY(t.worker(1).noticed == lab::lab_time(9ms));
    t.at_ms(10);
    t.worker(event_kind::worker_exited, 1, 2, "context canceled");

    const lab::worker_info& w = t.worker(1);
    QVERIFY(w.state == worker_state::exited);
    QCOMPARE(w.kind, std::string("wait"));
    QCOMPARE(w.code, std::string("<-ctx.Done()"));
    QCOMPARE(w.reason, std::string("context canceled"));
    QCOMPARE(w.spans.size(), std::size_t(3));
    QCOMPARE(w.spans[1].what, std::string("Done"));
    QVERIFY(w.spans[2].from == lab::lab_time(9ms));
    QCOMPARE(t.context(2).live_workers, std::size_t(0));
    QCOMPARE(t.context(2).workers, (lab::shared_list<lab::id_t>{1}));
    QCOMPARE(t.picture.counts().live_workers, std::size_t(0));

    t.worker(event_kind::worker_exited, 1, 2, "again");
    QCOMPARE(t.worker(1).reason, std::string("context canceled"));
}

void tst_state_workers::aLeakedWorkerIsLeakedUntilItLooks() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.worker(event_kind::worker_started, 1, 2, "stubborn");
    t.worker(event_kind::worker_waiting, 1, 0, "a sleep of 2s");
    t.done(2, 2);
    t.worker(event_kind::worker_leaked, 1, 2);
    t.worker(event_kind::worker_leaked, 1, 2);
    QCOMPARE(t.picture.counts().leaked, std::size_t(1));
    t.worker(event_kind::worker_running, 1, 0);
    QVERIFY(t.worker(1).state == worker_state::leaked);
    t.worker(event_kind::worker_noticed, 1, 2);
    QVERIFY(t.worker(1).state == worker_state::running);
    QCOMPARE(t.picture.counts().leaked, std::size_t(0));
    t.worker(event_kind::worker_leaked, 1, 2);
    t.worker(event_kind::worker_exited, 1, 2, "finished");
    QCOMPARE(t.picture.counts().leaked, std::size_t(0));
    QCOMPARE(t.picture.counts().live_workers, std::size_t(0));
}

void tst_state_workers::aSweepTakesContextsAndTheirWorkersAway() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel);
    t.created(3, 2, context_kind::with_cancel);
    t.created(4, 1, context_kind::with_cancel, "kept");
    t.worker(event_kind::worker_started, 1, 3, "wait");
    t.worker(event_kind::worker_started, 2, 4, "wait");
    t.done(2, 2);
    t.done(3, 2);
    t.worker(event_kind::worker_exited, 1, 3, "context canceled");
    const std::uint64_t shape = t.picture.shape_version();
    t.add({.kind = event_kind::swept, .path = {2, 3, 99}});
    QVERIFY(!t.picture.context(2));
    QVERIFY(!t.picture.context(3));
    QVERIFY(!t.picture.worker(1));
    QCOMPARE(t.context(4).name, std::string("kept"));
    QCOMPARE(t.worker(2).context, lab::id_t(4));
    QCOMPARE(t.context(1).children, (lab::shared_list<lab::id_t>{4}));
    QCOMPARE(t.picture.counts().canceled, std::size_t(0));
    QCOMPARE(t.picture.counts().active, std::size_t(2));
    QVERIFY(t.picture.shape_version() > shape);
}

void tst_state_workers::requestsAndClientsFindEachOther() {
    story t;
    t.root();
    t.created(2, 1, context_kind::with_cancel, "GET /process");
    t.add({.kind = event_kind::client_sent,
           .client = 4,
           .name = "GET",
           .text = "http://127.0.0.1:8000/process"});
    t.add({.kind = event_kind::request_started,
           .context = 2,
           .by = 4,
           .request = 9,
           .name = "GET",
           .text = "/process",
           .data = "127.0.0.1:5"});
    QCOMPARE(t.picture.counts().active_requests, std::size_t(1));
    QCOMPARE(t.picture.client(4)->request, lab::id_t(9));
    QCOMPARE(t.picture.request(9)->client, lab::id_t(4));
    t.at_ms(500);
    t.add({.kind = event_kind::client_ended,
           .cli_state = lab::client_state::aborted,
           .client = 4,
           .text = "aborted"});
    t.add({.kind = event_kind::request_ended,
           .req_state = lab::request_state::client_gone,
           .context = 2,
           .request = 9,
           .text = "nobody was answered"});
    QVERIFY(t.picture.request(9)->state == lab::request_state::client_gone);
    QVERIFY(t.picture.request(9)->ended == lab::lab_time(500ms));
    QCOMPARE(t.picture.request(9)->fate, std::string("nobody was answered"));
    QVERIFY(t.picture.client(4)->state == lab::client_state::aborted);
    QCOMPARE(t.picture.counts().active_requests, std::size_t(0));
    t.add({.kind = event_kind::request_ended, .request = 9, .value = 200});
    QCOMPARE(t.picture.request(9)->status, 0);
}

QTEST_APPLESS_MAIN(tst_state_workers)
#include "tst_state_workers.moc"
