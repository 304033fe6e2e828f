// SPDX-License-Identifier: MIT
#include "branches.h"
#include "branchespanel.h"
#include "branchverbs.h"
#include "canvas/treecanvas.h"
#include "comparedialog.h"
#include "mainwindow.h"
#include "scenarios.h"

#include "lab/replay.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <memory>

using namespace std::chrono_literals;
using Sort = Selection::Sort;

namespace {

lab::command child(const char* name, lab::id_t parent = lab::root_id) {
    return lab::new_context{.parent = parent, .kind = lab::context_kind::with_cancel, .name = name};
}

lab::command advance(std::chrono::nanoseconds by) {
    return lab::change_clock{.action = lab::clock_action::advance, .by = by};
}

} // namespace

/// A window in which somebody goes back and does something else.
class tst_Branches : public QObject {
    Q_OBJECT
  private slots:
    void init() { open({.running = false}); }
    void cleanup() { close(); }

    void aForkBeforeTheCancelGoesAnotherWayAndIsCompared();
    void theFutureThatWasLeftIsReturnedTo();
    void undoAndRedoTakeActionsBack();
    void whatCannotBeDoneSaysWhy();
    void aRunOnTheRealClockSaysWhyItCannotBeForked();
    void aRunThatCannotBeForkedIsRebuiltAndThenForked();
    void aHeldMomentCanBeForked();
    void aForkOfAForkIsARowBelowIt();
    void aResetIsARunOfItsOwn();
    void equalRunsAreCalledTheSame();
    void aLongRunIsForkedWithoutBlockingTheWindow();
    void aRecordingIsForkedAndGoesLive();
    void aFailedForkIsToldAndNothingIsLost();

  private:
    void open(lab::options o) {
        m_laboratory = std::make_unique<lab::laboratory>(o);
        m_session = std::make_unique<SessionModel>(*m_laboratory);
        m_window = std::make_unique<MainWindow>(*m_session, MainWindow::Memory::Forget);
        m_window->resize(1400, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_session->drain();
    }
    void close() {
        m_window.reset();
        m_session.reset();
        m_laboratory.reset();
    }

    /// As somebody at the window does.
    void act(lab::command c) {
        bool done = false;
        m_session->post(std::move(c), [&](const lab::reply& r) {
            QVERIFY2(r.ok(), r.error.c_str());
            done = true;
        });
        QTRY_VERIFY(done);
    }
    /// A request with a worker; then time passes, and it is cancelled.
    void cancelARequest() {
        act(child("request"));
        act(lab::new_worker{.context = 2, .kind = "wait", .name = "polite"});
        act(advance(1s));
        act(lab::cancel_context{.context = 2});
        act(advance(1s));
    }
    void trigger(QAction* action) {
        QTRY_VERIFY2(action->isEnabled(), qPrintable(action->toolTip()));
        const int runs = branches().count();
        action->trigger();
        QTRY_COMPARE(branches().count(), runs + 1);
        QTRY_VERIFY(m_session->live());
        QTRY_VERIFY(!m_laboratory->snapshot().clock().running);
    }
    std::uint64_t issued(const std::string& text) const {
        const History& log = m_session->history();
        for (std::uint64_t seq = 1; seq <= log.lastSeq(); ++seq)
            if (log.event(seq).kind == lab::event_kind::command_issued && log.event(seq).text == text)
                return seq;
        qFatal("nobody asked for %s", text.c_str());
    }
    QString names() const {
        QStringList all;
        for (const lab::context_info& c : m_session->state().contexts())
            if (c.id != lab::root_id) all += QString::fromStdString(c.name) + (c.done ? "!" : "");
        return all.join(' ');
    }
    Branches& branches() const { return m_window->branches(); }
    BranchVerbs& verbs() const { return m_window->branchVerbs(); }
    BranchesPanel& panel() const { return m_window->branchesPanel(); }
    void selectRun(int run) const {
        QAbstractItemModel* model = panel().view()->model();
        panel().view()->setCurrentIndex(static_cast<BranchesModel*>(model)->indexOf(run));
        QCOMPARE(panel().selected(), run);
    }
    CompareDialog* compareSelected() const {
        panel().compareSelected();
        return panel().findChild<CompareDialog*>();
    }

    std::unique_ptr<lab::laboratory> m_laboratory;
    std::unique_ptr<SessionModel> m_session;
    std::unique_ptr<MainWindow> m_window;
};

void tst_Branches::aForkBeforeTheCancelGoesAnotherWayAndIsCompared() {
    const QAbstractItemModelTester tester(panel().view()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    cancelARequest();
    QCOMPARE(names(), QString("request!"));
    const std::uint64_t before = issued("cancel 2") - 1;
    m_session->showMoment(before);
    QCOMPARE(names(), QString("request"));
    m_window->activateWindow();
    m_window->tree()->setFocus();
    QTRY_VERIFY(m_window->tree()->hasFocus());
    QTRY_VERIFY(verbs().fork()->isEnabled());
    QTest::keyClick(m_window->tree(), Qt::Key_B);
    QTRY_COMPARE(branches().count(), 2);
    QTRY_VERIFY(m_session->live());
    QTRY_COMPARE(m_session->state().clock().running, false);
    QCOMPARE(names(), QString("request"));
    QCOMPARE(m_session->state().now(), lab::lab_time(1s));
    act(lab::new_worker{.context = 2, .kind = "stubborn", .name = "deaf", .duration = 5s});
    act(lab::cancel_context{.context = 2});
    act(advance(1s));

    QCOMPARE(branches().count(), 2);
    QCOMPARE(branches().origin(1).parent, 0);
    QCOMPARE(branches().beginning(1), QString("fork of run 1 at event %1").arg(before));
    QCOMPARE(branches().live(), 1);
    // The old future is where it was.
    QCOMPARE(branches().end(0).context(2)->err, std::string("context canceled"));
    QCOMPARE(branches().end(0).workers().size(), std::size_t(1));

    selectRun(0);
    QCOMPARE(panel().partner(), 1);
    const CompareDialog* dialog = compareSelected();
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->done());
    QCOMPARE(dialog->firstDifference(lab::side::left), QString("you: cancel request"));
    QCOMPARE(dialog->firstDifference(lab::side::right),
             QString("you: worker of kind stubborn for request, called deaf"));
    const lab::comparison& c = dialog->model().comparison();
    // The deaf worker, and the request that it outlives; that ends at the same time in both.
    QCOMPARE(c.differing(), std::size_t(2));
    QCOMPARE(c.things.back().name, std::string("deaf"));
}

void tst_Branches::theFutureThatWasLeftIsReturnedTo() {
    cancelARequest();
    const lab::state end = m_session->state();
    m_session->showMoment(issued("cancel 2") - 1);
    trigger(verbs().fork());
    act(child("other"));
    QCOMPARE(names(), QString("request other"));

    selectRun(0);
    panel().showSelected();
    QVERIFY(!m_session->live());
    QCOMPARE(names(), QString("request!"));
    panel().returnToSelected();
    QTRY_COMPARE(branches().count(), 3);
    QTRY_VERIFY(m_session->live());
    QTRY_COMPARE(names(), QString("request!"));
    QTRY_COMPARE(m_session->state().now(), end.now());
    QCOMPARE(branches().beginning(2), QString("return to run 1"));
    act(child("more")); // it goes on
    QCOMPARE(names(), QString("request! more"));
    // And the future of the fork is still there, too.
    QVERIFY(branches().end(1).context(3));
}

void tst_Branches::undoAndRedoTakeActionsBack() {
    act(child("one"));
    act(child("two"));
    act(lab::cancel_context{.context = 2});
    QTRY_COMPARE(verbs().undo()->text(), QString("Undo “cancel one”"));
    m_window->activateWindow();
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(branches().count(), 2);
    QTRY_COMPARE(names(), QString("one two"));
    QTRY_COMPARE(verbs().redo()->text(), QString("Redo “cancel one”"));
    QCOMPARE(branches().beginning(1), QString("run 1 without “cancel one”"));
    trigger(verbs().undo());
    QTRY_COMPARE(names(), QString("one"));
    trigger(verbs().redo());
    QTRY_COMPARE(names(), QString("one two"));
    trigger(verbs().redo());
    QTRY_COMPARE(names(), QString("one! two"));
    QTRY_VERIFY(!verbs().redo()->isEnabled());
    trigger(verbs().undo());
    act(child("three"));
    QTRY_VERIFY(!verbs().redo()->isEnabled()); // a new action forgets what was undone
    QCOMPARE(verbs().redo()->toolTip(), QString("Nothing was undone"));
    QCOMPARE(names(), QString("one two three"));
    QCOMPARE(branches().count(), 6);
}

void tst_Branches::whatCannotBeDoneSaysWhy() {
    QVERIFY(!verbs().undo()->isEnabled());
    QCOMPARE(verbs().undo()->toolTip(), QString("You have done nothing in this run yet"));
    QVERIFY(!verbs().fork()->isEnabled());
    QVERIFY(verbs().fork()->toolTip().startsWith("Go to a moment of the past first"));
    act(child("one"));
    QTRY_VERIFY(verbs().undo()->isEnabled());
    m_session->showMoment(1);
    QVERIFY(verbs().fork()->isEnabled());
    QVERIFY(!verbs().undo()->isEnabled());
    QCOMPARE(verbs().undo()->toolTip(), m_session->whyNotNow());
}

void tst_Branches::aRunOnTheRealClockSaysWhyItCannotBeForked() {
    close();
    open({.mode = lab::clock_mode::real_time});
    act(child("one"));
    m_session->showMoment(2);
    QTRY_VERIFY(verbs().fork()->toolTip().startsWith("This run cannot be forked: it ran on the real clock."));
    QVERIFY(!verbs().fork()->isEnabled());
    QVERIFY(verbs().standIn()->isVisible());
    QVERIFY(verbs().standIn()->isEnabled());
    m_session->showLive();
    QTRY_COMPARE(verbs().undo()->toolTip(), QString("Nothing can be taken back: it ran on the real clock"));
    QVERIFY(!verbs().undo()->isEnabled());
    // Also after it is over.
    act(lab::reset_lab{});
    m_session->showMoment(2);
    QVERIFY(!verbs().fork()->isEnabled());
    selectRun(0);
    QCOMPARE(branches().whyNotAgain(0), QString("it ran on the real clock"));
}

void tst_Branches::aRunThatCannotBeForkedIsRebuiltAndThenForked() {
    close();
    open({.mode = lab::clock_mode::real_time});
    act(child("request"));
    act(lab::new_worker{.context = 2, .kind = "wait", .name = "polite"});
    act(lab::cancel_context{.context = 2});
    m_session->showMoment(issued("cancel 2") - 1);
    const lab::lab_time moment = m_session->state().now();
    trigger(verbs().standIn());
    QTRY_COMPARE(names(), QString("request"));
    QTRY_COMPARE(m_session->state().now(), moment);
    QCOMPARE(m_session->state().clock().mode, lab::clock_mode::virtual_time);
    QVERIFY(branches().beginning(1).startsWith("run 1 at event "));
    QVERIFY(branches().beginning(1).endsWith(", without its network"));
    QTRY_VERIFY(!verbs().standIn()->isVisible());
    // This run can be executed again: another future from just before the cancel.
    act(lab::cancel_context{.context = 2});
    QTRY_COMPARE(names(), QString("request!"));
    const std::uint64_t before = m_session->shownLife().first;
    std::uint64_t cancel = before;
    while (m_session->history().event(cancel).text != "cancel 2") ++cancel;
    m_session->showMoment(cancel - 1);
    trigger(verbs().fork());
    QTRY_COMPARE(names(), QString("request"));
    QVERIFY(branches().beginning(2).startsWith("fork of run 2 at event "));
    // There a worker ignores done, and the two futures are compared.
    act(lab::new_worker{.context = 2, .kind = "stubborn", .name = "deaf", .duration = 5s});
    act(lab::cancel_context{.context = 2});
    act(advance(1s));
    selectRun(1);
    QCOMPARE(panel().partner(), 2);
    const CompareDialog* dialog = compareSelected();
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->done());
    QCOMPARE(dialog->firstDifference(lab::side::left), QString("you: cancel request"));
    QCOMPARE(dialog->firstDifference(lab::side::right),
             QString("you: worker of kind stubborn for request, called deaf"));
    QCOMPARE(dialog->model().comparison().things.back().name, std::string("deaf"));
}

/// Held inside a propagation: the fork is held at the same place.
void tst_Branches::aHeldMomentCanBeForked() {
    act(child("top"));
    act(child("below", 2));
    act(lab::change_clock{.action = lab::clock_action::step, .size = lab::step_size::hook});
    m_session->post(lab::cancel_context{.context = 2});
    QTRY_VERIFY(m_session->held());
    QTRY_VERIFY(verbs().fork()->isEnabled());
    const std::string at = m_session->history().sentence(m_session->shownSeq());
    verbs().fork()->trigger();
    QTRY_COMPARE(branches().count(), 2);
    QTRY_VERIFY(m_session->held());
    const auto has = [&] {
        const History& log = m_session->history();
        for (std::uint64_t seq = branches().life(1).first; seq <= branches().life(1).last; ++seq)
            if (log.sentence(seq) == at) return true;
        return false;
    };
    QTRY_VERIFY(has());
    QCOMPARE(names(), m_session->state().context(2)->done ? QString("top! below") : QString("top below"));
    act(lab::change_clock{.action = lab::clock_action::run});
    QTRY_COMPARE(names(), QString("top! below!"));
}

void tst_Branches::aForkOfAForkIsARowBelowIt() {
    cancelARequest();
    m_session->showMoment(issued("cancel 2") - 1);
    trigger(verbs().fork());
    act(child("other"));
    m_session->showMoment(m_session->shownSeq() - 2);
    trigger(verbs().fork());
    const QAbstractItemModel* model = panel().view()->model();
    QCOMPARE(model->rowCount(), 1);
    const QModelIndex first = model->index(0, 0), second = model->index(0, 0, first);
    QCOMPARE(model->rowCount(first), 1);
    QCOMPARE(model->rowCount(second), 1);
    QCOMPARE(model->index(0, 0, second).data().toString(), QString("Run 3 · live"));
    QCOMPARE(second.data().toString(), QString("Run 2"));
    m_session->showMoment(branches().life(1).last);
    QCOMPARE(second.data().toString(), QString("Run 2 · shown"));
}

void tst_Branches::aResetIsARunOfItsOwn() {
    m_window->scenarios().openShipped(5);
    QTRY_COMPARE(branches().count(), 2);
    QCOMPARE(branches().origin(1).parent, -1);
    QVERIFY2(branches().beginning(1).contains(", seed "), qPrintable(branches().beginning(1)));
    const std::string scenario = m_session->state().scenario();
    QVERIFY(!scenario.empty());
    m_session->showMoment(1);
    trigger(verbs().runAgain()); // the empty laboratory
    QTRY_COMPARE(m_session->state().scenario(), std::string());
    // What is reset then is what runs then.
    m_window->scenarios().restart();
    QTRY_COMPARE(branches().count(), 4);
    QCOMPARE(m_session->state().scenario(), std::string());
}

void tst_Branches::equalRunsAreCalledTheSame() {
    act(child("one"));
    m_session->showMoment(m_session->shownSeq());
    trigger(verbs().fork());
    selectRun(0);
    const CompareDialog* dialog = compareSelected();
    QVERIFY(dialog && dialog->done());
    QVERIFY(dialog->model().comparison().same());
    QCOMPARE(dialog->model().rowCount(), 0);
}

void tst_Branches::aLongRunIsForkedWithoutBlockingTheWindow() {
    act(child("top"));
    for (int i = 0; i < 40; ++i) act(lab::new_worker{.context = 2, .kind = "poller", .every = 1ms});
    act(advance(1s));
    QVERIFY2(m_session->history().lastSeq() > 20'000,
             qPrintable(QString::number(m_session->history().lastSeq())));
    m_session->showMoment(m_session->history().lastSeq() - 10);
    const QString names_then = names();
    QTRY_VERIFY(verbs().fork()->isEnabled());
    verbs().fork()->trigger();
    QVERIFY(!verbs().fork()->isEnabled()); // under way
    QCOMPARE(branches().count(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(branches().count(), 2, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_session->live(), 20'000);
    QTRY_COMPARE(names(), names_then);
}

/// Its inputs are the recording's, its log is the laboratory's.
void tst_Branches::aRecordingIsForkedAndGoesLive() {
    lab::laboratory other({.running = false, .as_fast_as_possible = true});
    other.call(child("recorded"), "you");
    other.call(lab::cancel_context{.context = 2}, "you");
    auto log = std::make_unique<lab::event_log>();
    for (lab::event e : other.log().read(0)) log->append(std::move(e));
    auto history = std::make_shared<History>(std::unique_ptr<const lab::event_log>(std::move(log)));
    while (history->advance()) {
    }
    act(child("mine"));

    m_session->openRecording(history, "talk.ctxlab");
    QCOMPARE(branches().count(), 1);
    QVERIFY(!verbs().fork()->isEnabled());
    QVERIFY2(verbs().fork()->toolTip().contains("does not tell"), qPrintable(verbs().fork()->toolTip()));
    m_session->showLive();
    QCOMPARE(names(), QString("mine"));

    branches().setRecordedLives(std::make_shared<Lives>(other));
    m_session->openRecording(history, "talk.ctxlab");
    m_session->showMoment(issued("cancel 2") - 1);
    QVERIFY2(verbs().fork()->isEnabled(), qPrintable(verbs().fork()->toolTip()));
    verbs().fork()->trigger();
    QTRY_VERIFY(m_session->live() && !m_session->recorded());
    QCOMPARE(branches().count(), 2);
    QTRY_COMPARE(names(), QString("recorded"));
    QVERIFY2(branches().beginning(1).startsWith("fork of talk.ctxlab at event "),
             qPrintable(branches().beginning(1)));
    QCOMPARE(branches().end(0).context(2)->name, std::string("mine"));
}

/// The log of a recording that somebody has changed does not come out again.
void tst_Branches::aFailedForkIsToldAndNothingIsLost() {
    lab::laboratory other({.running = false, .as_fast_as_possible = true});
    other.call(child("recorded"), "you");
    auto log = std::make_unique<lab::event_log>();
    for (lab::event e : other.log().read(0)) {
        if (e.kind == lab::event_kind::context_created && e.name == "recorded") e.name = "forged";
        log->append(std::move(e));
    }
    auto history = std::make_shared<History>(std::unique_ptr<const lab::event_log>(std::move(log)));
    while (history->advance()) {
    }
    act(child("mine"));
    branches().setRecordedLives(std::make_shared<Lives>(other));
    m_session->openRecording(history, "forged.ctxlab");
    const QSignalSpy refused(m_session.get(), &SessionModel::refused);
    QTRY_VERIFY(verbs().fork()->isEnabled());
    verbs().fork()->trigger();
    QTRY_COMPARE(refused.size(), 1);
    QVERIFY(refused[0][0].toString().contains("is the first that differs"));
    QTRY_VERIFY(verbs().fork()->isEnabled()); // it can be tried elsewhere
    m_session->showLive();
    QCOMPARE(branches().end(0).context(2)->name, std::string("mine"));
}

QTEST_MAIN(tst_Branches)
#include "tst_branches.moc"
