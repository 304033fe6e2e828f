// SPDX-License-Identifier: MIT
#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "ctx/ctx.h"
#endif
#include "canvas/treecanvas.h"
#include "clockverbs.h"
#include "codebox.h"
#include "codeline.h"
#include "held.h"
#include "heldmoments.h"
#include "heldstrip.h"
#include "inspector.h"
#include "mainwindow.h"

#include <QAction>
#include <QPushButton>

using namespace std::chrono_literals;
using lab::context_kind;
using lab::step_size;

class tst_HeldStrip : public QObject {
    Q_OBJECT

  private slots:
    void itSaysWhatHasHappenedAndWhatComesNext() {
        HeldBench b;
        QWidget window;
        ClockVerbs clock(b.session, &window);
        HeldMoments held(b.session);
        HeldStrip strip(b.session, held, clock, &window);
        QVERIFY(strip.isHidden());
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        const lab::id_t child = b.make({.parent = top, .kind = context_kind::with_cancel, .name = "child"});
        b.holdCancelOf(top);
        QTRY_VERIFY(!strip.isHidden());
        QTRY_VERIFY2(strip.happened().contains("top"), qPrintable(strip.happened()));
        QVERIFY2(strip.next().startsWith("Next, Err and cause of top are set"), qPrintable(strip.next()));
        QCOMPARE(strip.actor(), "your command");
        QVERIFY(held.nextContexts().empty());
        b.step();
        QTRY_VERIFY2(strip.next().contains("goes to child"), qPrintable(strip.next()));
        QCOMPARE(held.all().front().moment.context, top);
        QCOMPARE(held.nextContexts(), std::vector{child});
        b.step(step_size::wave);
        QTRY_VERIFY2(strip.next().contains("returns"), qPrintable(strip.next()));
        b.step();
        QTRY_COMPARE(strip.happened(), "Nobody is inside the library.");
        b.letGo();
        QTRY_VERIFY(strip.isHidden());
    }

    void itNamesTheTimerAndTheWorkerThatAct() {
        HeldBench b;
        HeldMoments held(b.session);
        const lab::id_t top = b.make({.kind = context_kind::with_timeout, .name = "limit", .timeout = 1s});
        b.lab.call(lab::new_worker{.context = top, .kind = "wait", .name = "waiter"}, "you");
        b.step(step_size::timer);
        QTRY_VERIFY(held.stepping());
        b.step(step_size::timer);
        const lab::id_t other = b.make({.kind = context_kind::with_timeout, .name = "second", .timeout = 1s});
        b.lab.call(lab::new_worker{.context = other, .kind = "wait", .name = "late"}, "you");
        b.step(step_size::node);
        QTRY_VERIFY(!held.all().empty());
        QTRY_COMPARE(held.all().front().actor, "the timer of second");
        b.step(step_size::reaction);
        QTRY_VERIFY(!held.all().empty() && held.all().front().actorIs.sort == Selection::Sort::Worker);
        QVERIFY2(held.all().front().actor.startsWith("late"), qPrintable(held.all().front().actor));
        b.letGo();
    }

    void itNamesTheCallAndNotWhoWasFirst() {
        HeldBench b;
        HeldMoments held(b.session);
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        b.lab.call(lab::cancel_context{.context = top}, "api");
        b.session.drain();
        b.holdCancelOf(top); // in vain: it is done
        QTRY_VERIFY(!held.all().empty());
        QCOMPARE(held.all().front().actor, "your command");
        b.letGo();
        const lab::id_t other = b.make({.kind = context_kind::with_cancel, .name = "other"});
        b.lab.call(lab::change_clock{.action = lab::clock_action::hold}, "you");
        b.lab.post(lab::cancel_context{.context = other}, {}, "api");
        QTRY_VERIFY(!held.all().empty());
        QTRY_COMPARE(held.all().front().actor, "a command (api)");
        b.step();
        QTRY_COMPARE(held.all().front().at.kind, lab::event_kind::context_done);
        QCOMPARE(held.all().front().actor, "a command (api)");
        b.letGo();
    }

    void itSaysWhoGoesNext() {
        HeldBench b;
        QWidget window;
        ClockVerbs clock(b.session, &window);
        HeldMoments held(b.session);
        HeldStrip strip(b.session, held, clock, &window);
        ctx::cancelable first = ctx::with_cancel(b.lab.root()), second = ctx::with_cancel(b.lab.root());
        b.lab.call(lab::change_clock{.action = lab::clock_action::hold}, "you");
        std::jthread one(first.cancel);
        QTRY_COMPARE(b.lab.held_threads().size(), std::size_t(1));
        std::jthread two(second.cancel);
        QTRY_COMPARE(held.all().size(), std::size_t(2));
        QTRY_VERIFY2(strip.queue().startsWith("After it, in this order:"), qPrintable(strip.queue()));
        QCOMPARE(held.all()[0].at.context, ctx::id_of(first.context));
        QCOMPARE(held.all()[1].at.context, ctx::id_of(second.context));
        QCOMPARE(held.all()[1].actor, "a thread of the server");
        b.letGo();
    }

    void whileItIsHeldOtherContextsAreLookedAtAndDerived() {
        HeldBench b;
        MainWindow window(b.session, MainWindow::Memory::Forget);
        window.resize(1200, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        const lab::id_t child = b.make({.parent = top, .kind = context_kind::with_cancel, .name = "child"});
        const lab::id_t other = b.make({.kind = context_kind::with_cancel, .name = "other"});
        b.holdCancelOf(top);
        b.step(); // top is done, its child is not
        auto* strip = window.findChild<HeldStrip*>();
        QVERIFY(strip);
        QTRY_VERIFY(strip->isVisible());
        b.session.select({Selection::Sort::Context, other});
        lab::reply made;
        b.session.post(
            lab::new_context{.parent = other, .kind = context_kind::with_value, .key = "k", .value = "v"},
            [&](const lab::reply& r) { made = r; });
        QTRY_VERIFY(made.id != 0);
        QTRY_VERIFY(b.session.state().context(made.id));
        QVERIFY(b.lab.held());
        QCOMPARE(b.session.state().context(child)->state, lab::context_state::active);
        QCOMPARE(b.session.state().context(top)->state, lab::context_state::canceled);
        QVERIFY(!window.grab().isNull()); // it is painted with its marks
        b.letGo();
        QTRY_COMPARE(b.session.state().context(child)->state, lab::context_state::canceled);
        QTRY_VERIFY(!strip->isVisible());
    }

    void theStripStepsAndLetsGo() {
        HeldBench b;
        QWidget window;
        ClockVerbs clock(b.session, &window);
        HeldMoments held(b.session);
        HeldStrip strip(b.session, held, clock, &window);
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        b.holdCancelOf(top);
        const auto press = [&](const char* text) {
            for (QPushButton* button : strip.findChildren<QPushButton*>())
                if (button->text() == QLatin1String(text)) return button->click();
            QFAIL(text);
        };
        press("hook");
        QTRY_VERIFY(!held.all().empty() && held.all().front().at.kind == lab::event_kind::context_done);
        press("Let go on");
        QTRY_VERIFY(!b.lab.held());
        QTRY_VERIFY(b.session.state().clock().running);
        QTRY_VERIFY(strip.isHidden());
    }

    void theLineOfCodeIsFound_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("event");
        QTest::addColumn<bool>("itsOwn");
        QTest::addColumn<QString>("line");
        using k = lab::event_kind;
        const auto row = [](const char* name, const char* kind, k event, bool its, const char* line) {
            QTest::newRow(name) << kind << int(event) << its << line;
        };
        row("a poller is woken in its select", "poller", k::waiters_woken, false, "case <-ctx.Done():");
        row("a poller notices there", "poller", k::worker_noticed, true, "case <-ctx.Done():");
        row("a poller returns", "poller", k::worker_exited, true, "return ctx.Err()");
        row("an operation calls cancel", "operation", k::cancel_called, true, "cancel(err)");
        row("cpu asks Err", "cpu", k::context_done, false, "if ctx.Err() != nil {");
        row("a stubborn one sleeps", "stubborn", k::context_done, false,
            "time.Sleep(work) // ctx is never asked");
    }

    void theLineOfCodeIsFound() {
        QFETCH(QString, kind);
        QFETCH(int, event);
        QFETCH(bool, itsOwn);
        QFETCH(QString, line);
        const lab::worker_kind* known = lab::find_worker_kind(kind.toStdString());
        QVERIFY(known);
        const QString code = QString::fromStdString(known->go_code);
        const lab::event at{.kind = static_cast<lab::event_kind>(event), .worker = itsOwn ? 3u : 0u};
        const int found = codeLineAt(code, at, 3);
        QVERIFY(found >= 0);
        QCOMPARE(code.split('\n')[found].trimmed(), line);
    }

    void theWorkerPageShowsTheLine() {
        HeldBench b;
        HeldMoments held(b.session);
        Inspector inspector(b.session, {});
        inspector.setHeld(&held);
        const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "top"});
        const lab::id_t worker = b.make({}); // a context, to make the numbers differ
        QVERIFY(worker != 0);
        const lab::id_t poller =
            b.lab.call(lab::new_worker{.context = top, .kind = "poller", .every = 1s}, "you").id;
        b.step(step_size::timer);
        b.session.select({Selection::Sort::Worker, poller});
        b.holdCancelOf(top);
        const auto lit = [&] {
            for (const CodeBox* box : inspector.findChildren<CodeBox*>())
                if (box->currentLine() >= 0) return box->code().split('\n')[box->currentLine()].trimmed();
            return QString();
        };
        QTRY_COMPARE(lit(), "case <-ctx.Done():");
        b.letGo();
        QTRY_COMPARE(lit(), QString());
    }
};

QTEST_MAIN(tst_HeldStrip)
#include "tst_heldstrip.moc"
