// SPDX-License-Identifier: MIT
#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "ctx/ctx.h"
#endif
#include "clockverbs.h"
#include "held.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLineEdit>

using namespace std::chrono_literals;

namespace {

QDialog* openDialog() {
    return qobject_cast<QDialog*>(QApplication::activeModalWidget());
}

} // namespace

class tst_ClockVerbs : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_bench = std::make_unique<HeldBench>();
        m_window = std::make_unique<QWidget>();
        m_window->show();
        m_verbs = new ClockVerbs(m_bench->session, m_window.get());
        m_bench->session.drain();
    }

    void cleanup() {
        m_window.reset();
        m_bench.reset();
    }

    void theClockIsMovedByATypedAmount() {
        const lab::id_t id = m_bench->make({.kind = lab::context_kind::with_timeout, .timeout = 1500ms});
        m_verbs->advance()->trigger();
        QTRY_VERIFY(openDialog());
        auto* by = openDialog()->findChild<QLineEdit*>("by");
        QVERIFY(by);
        by->setText("2 seconds");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QVERIFY(openDialog()); // what is wrong is said in it
        by->setText("1.4s");
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_VERIFY(!openDialog());
        QCOMPARE(m_bench->lab.now(), lab::lab_time(1400ms));
        QVERIFY(!m_bench->session.state().context(id)->done);
        m_verbs->advance()->trigger();
        QTRY_VERIFY(openDialog());
        QCOMPARE(openDialog()->findChild<QLineEdit*>("by")->text(), "1.4s"); // as it was last time
        QTest::keyClick(openDialog(), Qt::Key_Return);
        QTRY_VERIFY(m_bench->session.state().context(id)->done);
        QTRY_COMPARE(m_bench->session.state().now(), lab::lab_time(2800ms));
    }

    void theClockJumpsToTheNextTimer() {
        const lab::id_t id = m_bench->make({.kind = lab::context_kind::with_timeout, .timeout = 1h});
        m_verbs->stepSizes()[static_cast<int>(lab::step_size::timer)]->trigger();
        QTRY_VERIFY(m_bench->session.state().context(id)->done);
        QCOMPARE(m_bench->session.state().now(), lab::lab_time(1h));
    }

    void onTheRealClockWhatCannotBeDoneSaysWhy() {
        QVERIFY(m_verbs->advance()->isEnabled() && m_verbs->faster()->isEnabled());
        m_verbs->realMode()->trigger();
        QTRY_VERIFY(m_bench->session.state().clock().mode == lab::clock_mode::real_time);
        for (const QAction* off : {m_verbs->advance(), m_verbs->faster(), m_verbs->slower()}) {
            QTRY_VERIFY2(!off->isEnabled(), qPrintable(off->text()));
            QVERIFY2(off->toolTip().contains("real clock"), qPrintable(off->toolTip()));
        }
        QVERIFY(m_verbs->whyOneSpeed().contains("real clock"));
        for (const QAction* on : {m_verbs->runPause(), m_verbs->step(), m_verbs->hold()})
            QVERIFY2(on->isEnabled(), qPrintable(on->text()));
    }

    void theRealClockIsPausedAndGoesOn() {
        m_verbs->realMode()->trigger();
        QTRY_VERIFY(m_bench->session.state().clock().mode == lab::clock_mode::real_time);
        QVERIFY(!m_bench->session.state().clock().running); // as it was before
        m_verbs->runPause()->trigger();
        QTRY_VERIFY(m_bench->session.state().clock().running);
        m_verbs->runPause()->trigger();
        QTRY_VERIFY(!m_bench->session.state().clock().running);
        const lab::lab_time at = m_bench->lab.now();
        QTest::qWait(5);
        QCOMPARE(m_bench->lab.now(), at);
        m_verbs->runPause()->trigger();
        QTRY_VERIFY(m_bench->lab.now() > at);
    }

    void nothingIsAdvancedWhileAThreadIsHeld() {
        const lab::id_t top = m_bench->make({.kind = lab::context_kind::with_cancel});
        QVERIFY(!m_verbs->letGo()->isEnabled());
        QVERIFY(m_verbs->letGo()->toolTip().contains("Nobody is held"));
        m_bench->holdCancelOf(top);
        QTRY_VERIFY(!m_verbs->advance()->isEnabled());
        QVERIFY2(m_verbs->advance()->toolTip().contains("held inside the library"),
                 qPrintable(m_verbs->advance()->toolTip()));
        QTRY_VERIFY(m_verbs->letGo()->isEnabled());
        m_verbs->letGo()->trigger();
        QTRY_VERIFY(m_verbs->advance()->isEnabled());
        QVERIFY(m_bench->session.state().context(top)->done);
    }

    void holdStopsWhoeverActsNext() {
        m_verbs->hold()->trigger();
        QTRY_VERIFY(m_bench->session.state().clock().stepping);
        const ctx::cancelable made = ctx::with_cancel(m_bench->lab.root());
        std::jthread acts(made.cancel);
        QTRY_VERIFY(m_bench->lab.held());
        QVERIFY(!made.context.err());
        m_verbs->letGo()->trigger();
        QTRY_VERIFY(made.context.err());
    }

    void inThePastEveryVerbSaysWhy() {
        m_bench->make({.kind = lab::context_kind::with_cancel});
        m_bench->session.showMoment(1);
        for (const QAction* off : {m_verbs->runPause(), m_verbs->step(), m_verbs->hold(), m_verbs->advance(),
                                   m_verbs->faster(), m_verbs->realMode()}) {
            QVERIFY2(!off->isEnabled(), qPrintable(off->text()));
            QVERIFY2(off->toolTip().contains("past"), qPrintable(off->toolTip()));
        }
        m_bench->session.showLive();
        QVERIFY(m_verbs->advance()->isEnabled());
    }

  private:
    std::unique_ptr<HeldBench> m_bench;
    std::unique_ptr<QWidget> m_window;
    ClockVerbs* m_verbs = nullptr;
};

QTEST_MAIN(tst_ClockVerbs)
#include "tst_clockverbs.moc"
