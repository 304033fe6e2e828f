// SPDX-License-Identifier: MIT
#include "ctx/ctx.h"
#include "lab/blame.h"
#include "lab/laboratory.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::context_kind;
using lab::culprit;

namespace {

struct bench {
    lab::laboratory it{{.seed = 1, .running = false, .as_fast_as_possible = true}};

    lab::id_t make(lab::new_context c) { return it.call(c).id; }
    void play(std::chrono::nanoseconds by) {
        it.call(lab::change_clock{.action = lab::clock_action::advance, .by = by});
    }
    std::optional<lab::blame> blame(lab::id_t context) const {
        const std::vector<lab::event> log = it.log().read(0);
        return lab::blame_for(log, it.snapshot(), context);
    }
    QString words(lab::id_t context) const {
        QString text;
        for (const std::string& line : sentences(*blame(context), it.snapshot()))
            text += QString::fromStdString(line) + '\n';
        return text;
    }
};

} // namespace

class tst_blame : public QObject {
    Q_OBJECT
  private slots:
    void aPersonsCommandIsNamedWithTheWayDown();
    void aWorkerThatFailedIsNamed();
    void aDeadlineIsNamed();
    void anAfterFuncIsNamed();
    void whoWasBornDoneBlamesItsParent();
    void reactionsAreCountedFromTheEnd();
    void aClientThatLeftIsNamed();
    void whoIsAliveBlamesNobody();
};

void tst_blame::aPersonsCommandIsNamedWithTheWayDown() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel_cause, .name = "top"});
    const lab::id_t value =
        b.make({.parent = top, .kind = context_kind::with_value, .key = "k", .value = "v"});
    const lab::id_t child = b.make({.parent = value, .kind = context_kind::with_cancel, .name = "child"});
    b.make({.parent = top, .kind = context_kind::with_cancel, .name = "other"});
    b.play(1s);
    b.it.call(lab::cancel_context{.context = top, .cause = "enough"}, "you");
    const auto found = b.blame(child);
    QVERIFY(found);
    QCOMPARE(found->by, culprit::person);
    QCOMPARE(QString::fromStdString(found->who), QString("you"));
    QCOMPARE(QString::fromStdString(found->cause), QString("enough"));
    QCOMPARE(found->path.size(), std::size_t(2));
    QCOMPARE(found->path[0].context, top);
    QCOMPARE(found->path[1].context, child);
    QVERIFY(found->call_seq < found->path[0].seq && found->path[0].seq < found->path[1].seq);
    QCOMPARE(b.words(child),
             QString("The cancel function of top was called by a command (you) at +1.000 s: child "
                     "ended with context canceled (cause: enough)\n"
                     "The way: top after 0s, then child after 0s\n"));
    QCOMPARE(b.blame(value)->path.size(), std::size_t(1)); // it shows its parent's Done
}

void tst_blame::aWorkerThatFailedIsNamed() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel_cause, .name = "top"});
    const lab::id_t worker =
        b.it.call(
                lab::new_worker{.context = top, .kind = "operation", .duration = 100ms, .fail = "disk full"})
            .id;
    b.play(1s);
    QCOMPARE(b.blame(top)->by, culprit::worker);
    QCOMPARE(b.blame(top)->worker, worker);
    QVERIFY(b.words(top).startsWith("The cancel function of top was called by operation 1 at +0.100 s"));
}

void tst_blame::aDeadlineIsNamed() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_timeout, .name = "top", .timeout = 2s});
    const lab::id_t child = b.make({.parent = top, .kind = context_kind::with_cancel, .name = "child"});
    b.play(3s);
    QCOMPARE(b.blame(child)->by, culprit::timer);
    QVERIFY(b.words(child).startsWith(
        "The deadline of top passed at +2.000 s: child ended with context deadline "));
    const lab::id_t late = b.make({.kind = context_kind::with_timeout, .name = "late", .timeout = -1s});
    QCOMPARE(b.blame(late)->by, culprit::timer);
    QVERIFY(b.words(late).startsWith("The deadline of late had passed when it was made"));
}

void tst_blame::anAfterFuncIsNamed() {
    bench b;
    const lab::id_t first = b.make({.kind = context_kind::with_cancel, .name = "first"});
    const lab::id_t second = b.make({.kind = context_kind::with_cancel, .name = "second"});
    const lab::id_t f =
        b.make({.parent = first, .kind = context_kind::after_func, .name = "f", .cancels = second});
    b.it.call(lab::cancel_context{.context = first});
    b.play(1s);
    QCOMPARE(b.blame(second)->by, culprit::after_func);
    QCOMPARE(b.blame(second)->registration, f);
    QCOMPARE(b.blame(f)->path.size(), std::size_t(2));
    QCOMPARE(b.blame(f)->by, culprit::person);
}

void tst_blame::whoWasBornDoneBlamesItsParent() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
    b.it.call(lab::cancel_context{.context = top}, "api");
    b.play(1s);
    const lab::id_t late = b.make({.parent = top, .kind = context_kind::with_cancel, .name = "late"});
    const auto found = b.blame(late);
    QCOMPARE(found->by, culprit::person);
    QCOMPARE(found->path.size(), std::size_t(2));
    QVERIFY(found->path[1].at_birth);
    QCOMPARE(found->path[1].took, lab::lab_time(1s));
}

void tst_blame::reactionsAreCountedFromTheEnd() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
    b.it.call(lab::new_worker{.context = top, .kind = "wait"});
    b.it.call(lab::new_worker{.context = top, .kind = "stubborn", .duration = 3s});
    b.it.call(lab::new_worker{.context = top, .kind = "cpu", .duration = 10s, .check_every = 400ms});
    b.play(1s);
    b.it.call(lab::cancel_context{.context = top});
    b.play(10s);
    const auto found = b.blame(top);
    QCOMPARE(found->reactions.size(), std::size_t(3));
    QCOMPARE(found->reactions[0].to_notice, lab::lab_time(0));
    QVERIFY(!found->reactions[1].to_notice);
    QCOMPARE(found->reactions[1].to_exit, lab::lab_time(2s));
    QCOMPARE(found->reactions[2].to_notice, lab::lab_time(200ms));
    const QString words = b.words(top);
    QVERIFY(words.contains("stubborn 2 never looked, and exited after 2s"));
    QVERIFY(words.contains("cpu 3 noticed after 200ms and exited after 200ms"));
}

void tst_blame::aClientThatLeftIsNamed() {
    bench b;
    auto made = ctx::with_cancel_cause(b.it.root());
    const lab::id_t id = ctx::id_of(made.context);
    b.it.record(
        {.kind = lab::event_kind::request_started, .context = id, .request = 5, .name = "GET", .text = "/"});
    made.cancel({});
    QCOMPARE(b.blame(id)->by, culprit::request);
    b.it.record({.kind = lab::event_kind::request_ended,
                 .req_state = lab::request_state::client_gone,
                 .context = id,
                 .request = 5});
    QCOMPARE(b.blame(id)->by, culprit::client);
    QVERIFY(b.words(id).startsWith("The client of request 5 left"));
}

void tst_blame::whoIsAliveBlamesNobody() {
    bench b;
    QVERIFY(!b.blame(b.make({.kind = context_kind::with_cancel})));
    QVERIFY(!b.blame(lab::root_id));
    QVERIFY(!b.blame(999));
}

QTEST_GUILESS_MAIN(tst_blame)
#include "tst_blame.moc"
