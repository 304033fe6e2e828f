// SPDX-License-Identifier: MIT
#include "ctx/ctx.h"
#include "lab/laboratory.h"

#include <QTest>

#include <algorithm>
#include <thread>

using namespace std::chrono_literals;
using lab::event_kind;
using lab::step_size;

namespace {

struct bench {
    lab::laboratory it{{.seed = 1, .running = false}};

    bool step(step_size size) {
        it.call(lab::change_clock{.action = lab::clock_action::step, .size = size});
        if (!it.wait_step(10s)) qFatal("a step does not end");
        return it.held();
    }
    lab::id_t make(lab::new_context c) { return it.call(c).id; }
    lab::event at(std::size_t i = 0) const { return it.log().read(it.held_threads().at(i).seq - 1).front(); }
    /// The events of one kind, in order.
    std::vector<lab::event> all(event_kind k) const {
        std::vector<lab::event> found = it.log().read(0);
        std::erase_if(found, [k](const lab::event& e) { return e.kind != k; });
        return found;
    }
    /// Waits until `n` threads are held.
    bool held(std::size_t n) const {
        return QTest::qWaitFor([&] { return it.held_threads().size() == n; }, 10'000);
    }
};

/// What a thread of the HTTP half does.
struct branch {
    explicit branch(bench& b) : made(ctx::with_cancel(b.it.root())), child(ctx::with_cancel(made.context)) {}
    ctx::cancelable made, child;
    lab::id_t id() const { return ctx::id_of(made.context); }
};

} // namespace

class tst_stepping : public QObject {
    Q_OBJECT
  private slots:
    void eachSizeStopsWhereItSays_data();
    void eachSizeStopsWhereItSays();
    void aTimerStepGoesToTheNextDeadline();
    void aSecondThreadWaitsForItsTurn();
    void aThreadIsHeldWhateverTheSize_data();
    void aThreadIsHeldWhateverTheSize();
    void aThreadThatWaitsForAnotherLetsItGo();
    void theLaboratoryCanBeSteppedWhileItWaitsForAHeldThread();
    void aHandlerThatIsWokenWaitsForItsTurn();
    void commandsAreDoneWhileAThreadIsHeld();
    void runningOnLetsEverybodyGo();
};

void tst_stepping::eachSizeStopsWhereItSays_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<QList<int>>("stops");
    const auto row = [](step_size s, const std::vector<event_kind>& kinds) {
        QList<int> stops;
        for (const event_kind k : kinds) stops.append(static_cast<int>(k));
        QTest::newRow(std::string(to_string(s)).c_str()) << static_cast<int>(s) << stops;
    };
    using k = event_kind;
    row(step_size::hook,
        {k::cancel_called, k::context_done, k::waiters_woken, k::child_visited, k::context_detached,
         k::context_done, k::timer_stopped, k::wave_finished, k::worker_noticed, k::worker_exited});
    row(step_size::node, {k::context_done, k::context_done});
    row(step_size::wave, {k::wave_finished});
    row(step_size::reaction, {k::worker_noticed, k::worker_exited});
}

void tst_stepping::eachSizeStopsWhereItSays() {
    QFETCH(int, size);
    QFETCH(QList<int>, stops);
    bench b;
    const auto with = static_cast<step_size>(size);
    const lab::id_t top = b.make({.kind = lab::context_kind::with_cancel});
    b.it.call(lab::new_worker{.context = top, .kind = "wait"});
    b.step(step_size::timer); // the worker waits now
    b.make({.parent = top, .kind = lab::context_kind::with_timeout, .timeout = 5s});
    // The cancel itself comes from a worker of the laboratory, so that it is a step's and not a command's.
    b.it.call(lab::new_worker{.context = top, .kind = "operation", .duration = 1s});
    QList<int> seen;
    while (b.step(with)) {
        if (b.at().worker == 2 && b.at().kind == event_kind::worker_exited) continue; // the operation itself
        seen.append(static_cast<int>(b.at().kind));
    }
    QCOMPARE(seen, stops);
}

void tst_stepping::aTimerStepGoesToTheNextDeadline() {
    bench b;
    b.make({.kind = lab::context_kind::with_timeout, .timeout = 2s});
    b.make({.kind = lab::context_kind::with_timeout, .timeout = 5s});
    QVERIFY(!b.step(step_size::timer));
    QCOMPARE(b.it.now(), lab::lab_time(2s));
    QCOMPARE(b.all(event_kind::deadline_expired).size(), std::size_t(1));
    QVERIFY(!b.step(step_size::timer));
    QCOMPARE(b.it.now(), lab::lab_time(5s));
}

void tst_stepping::aSecondThreadWaitsForItsTurn() {
    bench b;
    branch first(b), second(b);
    b.step(step_size::node);
    std::jthread one(first.made.cancel);
    QVERIFY(b.held(1));
    std::jthread two(second.made.cancel);
    QVERIFY(b.held(2));
    QCOMPARE(b.at(0).context, first.id());
    QCOMPARE(b.at(1).context, second.id());
    // The first goes to its end; the second stands still meanwhile.
    for (const lab::id_t next : {first.id(), ctx::id_of(first.child.context)}) {
        QVERIFY(b.step(step_size::node));
        QCOMPARE(b.at(0).kind, event_kind::context_done);
        QCOMPARE(b.at(0).context, next);
        QCOMPARE(b.at(1).kind, event_kind::cancel_called);
        QVERIFY(!second.made.context.err());
    }
    QVERIFY(b.step(step_size::node));
    QCOMPARE(b.at().context, second.id());
    QCOMPARE(b.at().kind, event_kind::context_done);
    one.join(); // its cancel has returned
    b.it.call(lab::change_clock{.action = lab::clock_action::pause});
}

void tst_stepping::aThreadIsHeldWhateverTheSize_data() {
    QTest::addColumn<int>("size");
    for (int i = 0; i <= static_cast<int>(step_size::timer); ++i)
        QTest::newRow(std::string(to_string(static_cast<step_size>(i))).c_str()) << i;
}

void tst_stepping::aThreadIsHeldWhateverTheSize() {
    QFETCH(int, size);
    bench b;
    branch one(b);
    b.step(static_cast<step_size>(size));
    std::jthread acting(one.made.cancel);
    QVERIFY(b.held(1));
    QCOMPARE(b.at().kind, event_kind::cancel_called);
    QVERIFY(!b.it.held_threads().front().laboratory);
    QVERIFY(!one.made.context.err());
    while (b.step(static_cast<step_size>(size))) {
    }
    acting.join();
    QVERIFY(one.child.context.err());
}

void tst_stepping::aThreadThatWaitsForAnotherLetsItGo() {
    bench b;
    branch tree(b);
    b.step(step_size::hook);
    std::jthread one(tree.made.cancel);
    QVERIFY(b.held(1));
    QVERIFY(b.step(step_size::hook)); // its root is done, its child is not
    QCOMPARE(b.at().kind, event_kind::context_done);
    std::jthread two(tree.made.cancel); // must wait for the first to have been everywhere
    QVERIFY(b.held(2));
    while (b.step(step_size::hook)) {
    }
    one.join();
    two.join();
    const auto met = b.all(event_kind::found_done);
    QCOMPARE(met.size(), std::size_t(1));
    QVERIFY(tree.child.context.err());
}

void tst_stepping::theLaboratoryCanBeSteppedWhileItWaitsForAHeldThread() {
    bench b;
    auto made = ctx::with_cancel_cause(b.it.root());
    const ctx::context child = ctx::with_cancel(made.context).context;
    const lab::id_t id = b.it.adopt(made.context, [c = made.cancel](const std::string&) { c({}); });
    b.step(step_size::hook);
    std::jthread one([&] { made.cancel({}); });
    QVERIFY(b.held(1));
    QVERIFY(b.step(step_size::hook));
    std::promise<void> answered;
    b.it.post(lab::cancel_context{.context = id}, [&](const lab::reply&) { answered.set_value(); });
    QVERIFY(b.held(2));
    QVERIFY(b.it.held_threads().back().laboratory);
    while (b.step(step_size::hook)) {
    }
    answered.get_future().wait();
    QVERIFY(child.err());
}

void tst_stepping::aHandlerThatIsWokenWaitsForItsTurn() {
    bench b;
    branch request(b);
    std::atomic<bool> answered = false, waiting = false;
    std::jthread handler([&] {
        lab::laboratory::worker_scope worker(b.it, request.made.context, "handler", "process",
                                             "<-ctx.Done()");
        worker.waiting("select on Done");
        waiting = true;
        request.made.context.done().receive();
        worker.noticed();
        answered = true;
        worker.exit("canceled");
    });
    // It waits on Done as soon as the propagation has somebody to wake.
    QVERIFY(QTest::qWaitFor([&] { return waiting.load(); }, 10'000));
    b.step(step_size::hook);
    std::jthread cancels(request.made.cancel);
    QVERIFY(b.held(1));
    QVERIFY(b.step(step_size::hook));
    QCOMPARE(b.at().kind, event_kind::context_done);
    QVERIFY(!answered); // Done is closed, but nobody has been told
    while (b.at().kind != event_kind::wave_finished) {
        QVERIFY(b.step(step_size::hook));
        QVERIFY(!answered);
    }
    QVERIFY(b.held(2)); // the handler stands where it has noticed
    QCOMPARE(b.at(1).kind, event_kind::worker_noticed);
    QCOMPARE(b.it.held_threads()[1].worker, b.at(1).worker);
    QVERIFY(b.step(step_size::hook));
    QCOMPARE(b.at().kind, event_kind::worker_noticed);
    QVERIFY(!answered);
    b.step(step_size::hook);
    QVERIFY(QTest::qWaitFor([&] { return answered.load(); }, 10'000));
    b.it.call(lab::change_clock{.action = lab::clock_action::pause});
}

void tst_stepping::commandsAreDoneWhileAThreadIsHeld() {
    bench b;
    branch one(b);
    b.step(step_size::node);
    std::jthread acting(one.made.cancel);
    QVERIFY(b.held(1));
    QVERIFY(b.step(step_size::node));
    const lab::reply made =
        b.it.call(lab::new_context{.kind = lab::context_kind::with_value, .key = "k", .value = "v"});
    QVERIFY(made.ok());
    const lab::reply found = b.it.call(lab::look_up_value{.context = made.id, .key = "k"});
    QVERIFY(found.found);
    QVERIFY(b.it.call(lab::new_worker{.context = made.id, .kind = "wait"}).ok());
    QVERIFY(b.held(1));
    QVERIFY(!one.child.context.err());
    b.it.call(lab::change_clock{.action = lab::clock_action::pause});
}

void tst_stepping::runningOnLetsEverybodyGo() {
    bench b;
    branch first(b), second(b);
    b.step(step_size::hook);
    {
        std::jthread one(first.made.cancel), two(second.made.cancel);
        QVERIFY(b.held(2));
        b.it.call(lab::change_clock{.action = lab::clock_action::run});
    }
    QVERIFY(!b.it.held());
    QVERIFY(first.child.context.err() && second.child.context.err());
    QCOMPARE(b.all(event_kind::wave_finished).size(), std::size_t(2));
}

QTEST_GUILESS_MAIN(tst_stepping)
#include "tst_stepping.moc"
