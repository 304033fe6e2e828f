// SPDX-License-Identifier: MIT
#include "lives.h"

#include "lab/undo.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;

namespace {

/// A laboratory in which somebody takes things back, in place.
struct bench {
    lab::laboratory it{{.running = false, .as_fast_as_possible = true}};
    lab::undo_stack actions{"you"};

    lab::id_t make(const char* name, const char* who = "you") {
        return it.call(lab::new_context{.kind = context_kind::with_cancel, .name = name}, who).id;
    }
    void advance(std::chrono::nanoseconds by) {
        it.call(lab::change_clock{.action = clock_action::advance, .by = by}, "you");
    }
    bool go(const std::shared_ptr<const lab::rerun>& plan) {
        return plan && it.call(lab::reset_lab{.from = plan}).ok();
    }
    bool undo() { return go(actions.undo(it.inputs(), lives::events(it))); }
    bool redo() { return go(actions.redo(it.inputs())); }
    bool can_undo() const { return actions.can_undo(it.inputs()); }
    bool can_redo() const { return actions.can_redo(it.inputs()); }
    QString names() const {
        std::string all;
        const lab::state picture = it.snapshot();
        for (const lab::context_info& c : picture.contexts())
            if (c.id != lab::root_id) all += c.name + (c.done ? "! " : " ");
        return QString::fromStdString(all);
    }
};

} // namespace

class tst_undo : public QObject {
    Q_OBJECT
  private slots:
    void theLastActionIsTakenBackAndDoneAgain();
    void theClockGoesBackWithTheAction();
    void aNewInputForgetsWhatWasUndone();
    void othersActionsAreNotOnes();
    void aPacedMomentComesBackAtItsTime();
    void anActionThatIsHeldInTheMiddleIsTakenBack();
};

void tst_undo::theLastActionIsTakenBackAndDoneAgain() {
    bench b;
    QVERIFY(!b.can_undo() && !b.undo());
    const lab::id_t one = b.make("one");
    b.make("two");
    b.it.call(lab::cancel_context{.context = one}, "you");
    QCOMPARE(b.names(), QString("one! two "));
    const auto before = lives::lines(lives::events(b.it));
    QVERIFY(b.undo());
    QCOMPARE(b.names(), QString("one two "));
    QVERIFY(b.undo());
    QCOMPARE(b.names(), QString("one "));
    QVERIFY(b.undo());
    QCOMPARE(b.names(), QString(""));
    QVERIFY(!b.undo());
    QVERIFY(b.redo() && b.redo());
    QCOMPARE(b.names(), QString("one two "));
    QVERIFY(b.redo());
    QCOMPARE(lives::lines(lives::events(b.it)), before);
    QVERIFY(!b.can_redo() && !b.redo());
}

void tst_undo::theClockGoesBackWithTheAction() {
    bench b;
    b.advance(10ms);
    b.make("one");
    b.advance(20ms);
    QVERIFY(b.undo());
    QCOMPARE(b.it.now(), lab::lab_time(10ms));
    QVERIFY(b.redo());
    QCOMPARE(b.it.now(), lab::lab_time(30ms));
}

void tst_undo::aNewInputForgetsWhatWasUndone() {
    bench b;
    b.make("one");
    b.make("two");
    QVERIFY(b.undo() && b.can_redo());
    b.make("three");
    QVERIFY(!b.can_redo() && !b.redo());
    QCOMPARE(b.names(), QString("one three "));
    QVERIFY(b.undo());
    QCOMPARE(b.names(), QString("one "));
    QVERIFY(b.redo());
    QCOMPARE(b.names(), QString("one three "));
    QVERIFY(!b.can_redo());
}

void tst_undo::othersActionsAreNotOnes() {
    bench b;
    b.make("mine");
    b.make("theirs", "api");
    b.it.call(lab::cancel_context{.context = 99}, "you"); // refused: it changed nothing
    QVERIFY(b.undo());
    QCOMPARE(b.names(), QString(""));
    QVERIFY(!b.can_undo());
}

void tst_undo::aPacedMomentComesBackAtItsTime() {
    lab::laboratory l({.speed = 16});
    const std::uint64_t began = l.log().last_seq();
    while (l.now() < 50ms) l.log().wait_after(began, 1ms);
    l.call(lab::new_context{.kind = context_kind::with_cancel}, "you");
    l.call(lab::change_clock{.action = clock_action::pause}, "you");
    const lab::life life = l.inputs();
    lab::undo_stack actions;
    const auto plan = actions.undo(life, lives::events(l));
    QVERIFY(plan);
    const lab::fork f = lab::replay(plan);
    QVERIFY2(f.lab, f.error.c_str());
    QCOMPARE(f.lab->now(), life.inputs[0].at);
    QVERIFY(f.lab->now() >= 50ms);
}

void tst_undo::anActionThatIsHeldInTheMiddleIsTakenBack() {
    bench b;
    const lab::id_t one = b.make("one");
    b.it.call(lab::change_clock{.action = clock_action::step, .size = lab::step_size::hook}, "you");
    b.it.post(lab::cancel_context{.context = one}, {}, "you");
    QTRY_VERIFY(b.it.held());
    b.make("meanwhile");
    QVERIFY(b.undo());
    QVERIFY(b.it.held()); // only what was made meanwhile
    QCOMPARE(b.it.snapshot().contexts().size(), std::size_t(2));
    QVERIFY(b.undo());
    QVERIFY(!b.it.held());
    QCOMPARE(b.names(), QString("one "));
    QVERIFY(b.it.snapshot().clock().stepping);
}

QTEST_APPLESS_MAIN(tst_undo)
#include "tst_undo.moc"
