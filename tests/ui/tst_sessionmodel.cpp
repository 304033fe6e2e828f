// SPDX-License-Identifier: MIT
#include "sessionmodel.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace std::chrono_literals;

namespace {

const lab::options paused{.running = false, .as_fast_as_possible = true};

lab::new_context child(std::string name) {
    return {.parent = lab::root_id, .kind = lab::context_kind::with_cancel, .name = std::move(name)};
}

} // namespace

class tst_SessionModel : public QObject {
    Q_OBJECT

  private slots:
    void aReplyComesOnThisThreadAfterItsEvents() {
        lab::laboratory laboratory(paused);
        SessionModel model(laboratory);
        bool replied = false;
        model.post(child("request"), [&](const lab::reply& reply) {
            replied = true;
            QCOMPARE(QThread::currentThread(), qApp->thread());
            QVERIFY(reply.ok());
            QVERIFY(model.state().context(reply.id));
            QCOMPARE(model.state().context(reply.id)->name, std::string("request"));
        });
        QVERIFY(!replied);
        QTRY_VERIFY(replied);
    }

    void aRefusalThatNobodyWaitsForIsTold() {
        lab::laboratory laboratory(paused);
        SessionModel model(laboratory);
        QSignalSpy refused(&model, &SessionModel::refused);
        model.post(lab::cancel_context{.context = 4711, .cause = {}});
        QTRY_COMPARE(refused.size(), 1);
        QVERIFY(!refused.at(0).at(0).toString().isEmpty());
    }

    void aReplyAfterTheModelIsGoneIsDropped() {
        lab::laboratory laboratory(paused);
        bool replied = false;
        {
            SessionModel model(laboratory);
            model.post(child("late"), [&](const lab::reply&) { replied = true; });
        }
        QVERIFY(laboratory.wait_idle(5s));
        QCoreApplication::processEvents();
        QVERIFY(!replied);
    }

    void everyEventHasItsSentence() {
        lab::laboratory laboratory(paused);
        SessionModel model(laboratory);
        QVERIFY(laboratory.call(child("request")).ok());
        model.drain();
        const History& log = model.history();
        QCOMPARE(log.lastSeq(), laboratory.log().last_seq());
        for (std::uint64_t seq = 1; seq <= log.lastSeq(); ++seq) {
            QCOMPARE(log.event(seq).seq, seq);
            QVERIFY(!log.sentence(seq).empty());
        }
    }

    void aFrameReadsOnlyAsMuchAsItHasTimeFor() {
        lab::laboratory laboratory(paused);
        constexpr int many = 100'000;
        for (int i = 0; i < many; ++i) laboratory.record({.kind = lab::event_kind::note, .text = "a line"});
        SessionModel model(laboratory);
        QSignalSpy changed(&model, &SessionModel::changed);
        QVERIFY(changed.wait());
        QVERIFY(model.state().seq() < laboratory.log().last_seq());
        QTRY_COMPARE_WITH_TIMEOUT(model.state().seq(), laboratory.log().last_seq(), 60'000);
        QVERIFY(changed.size() > 1);
    }

    void aResetForgetsEverything() {
        lab::laboratory laboratory(paused);
        SessionModel model(laboratory);
        const lab::id_t id = laboratory.call(child("request")).id;
        model.drain();
        model.select({Selection::Sort::Context, id});
        QSignalSpy restarted(&model, &SessionModel::restarted);
        QVERIFY(laboratory.call(lab::reset_lab{}).ok());
        model.drain();
        QCOMPARE(restarted.size(), 1);
        QCOMPARE(model.history().event(model.shownLife().first).kind, lab::event_kind::lab_started);
        QCOMPARE(model.shownLife().last, model.history().lastSeq());
        QCOMPARE(model.state().contexts().size(), std::size_t(1));
        QCOMPARE(model.selection(), Selection{});
    }

    void aSweptContextIsNoLongerSelected() {
        lab::laboratory laboratory(paused);
        SessionModel model(laboratory);
        const lab::id_t id = laboratory.call(child("request")).id;
        model.drain();
        model.select({Selection::Sort::Context, id});
        QVERIFY(laboratory.call(lab::cancel_context{.context = id, .cause = {}}).ok());
        model.drain();
        QCOMPARE(model.selection().id, id);
        QVERIFY(laboratory.call(lab::sweep{}).ok());
        model.drain();
        QCOMPARE(model.selection(), Selection{});
    }

    void timeTicksOnlyWhileTheClockRuns() {
        lab::laboratory laboratory({.running = false});
        SessionModel model(laboratory);
        model.drain();
        QSignalSpy ticked(&model, &SessionModel::ticked);
        QSignalSpy changed(&model, &SessionModel::changed);
        QVERIFY(!ticked.wait(100));
        QVERIFY(laboratory.call(lab::change_clock{.action = lab::clock_action::run}).ok());
        QVERIFY(ticked.wait());
        const lab::lab_time then = model.state().now();
        QTRY_VERIFY(model.state().now() > then);
        QVERIFY(laboratory.call(lab::change_clock{.action = lab::clock_action::pause}).ok());
        model.drain();
        ticked.clear();
        QVERIFY(!ticked.wait(100));
    }
};

QTEST_GUILESS_MAIN(tst_SessionModel)
#include "tst_sessionmodel.moc"
