// SPDX-License-Identifier: MIT
#include "lab/event_json.h"
#include "lab/laboratory.h"

#include "ctx/cancel.h"
#include "ctx/timer.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;
using lab::context_state;
using lab::step_size;
using lab::worker_state;

namespace {

/// A laboratory that stands still until it is told to move, on virtual time.
struct bench {
    lab::laboratory it;
    explicit bench(lab::options o = {.seed = 7, .running = false, .as_fast_as_possible = true}) : it(std::move(o)) {}

    lab::id_t make(lab::new_context c) {
        const lab::reply r = it.call(std::move(c));
        if (!r.ok()) qFatal("%s", r.error.c_str());
        return r.id;
    }
    lab::id_t start(lab::new_worker w) {
        const lab::reply r = it.call(std::move(w));
        if (!r.ok()) qFatal("%s", r.error.c_str());
        return r.id;
    }
    void advance(std::chrono::nanoseconds by) { it.call(lab::change_clock{.action = clock_action::advance, .by = by}); }
    void finish(std::chrono::nanoseconds limit) {
        it.call(lab::change_clock{.action = clock_action::finish, .by = limit});
    }
    lab::reply cancel(lab::id_t id, std::optional<std::string> cause = {}) {
        return it.call(lab::cancel_context{.context = id, .cause = std::move(cause)});
    }
    lab::context_info context(lab::id_t id) const { return *it.snapshot().context(id); }
    lab::worker_info worker(lab::id_t id) const { return *it.snapshot().worker(id); }
    bool has(lab::event_kind k) const {
        for (const lab::event& e : it.log().read(0))
            if (e.kind == k) return true;
        return false;
    }
};

lab::id_t timeout(bench& b, lab::id_t parent, std::chrono::nanoseconds t) {
    return b.make({.parent = parent, .kind = context_kind::with_timeout, .timeout = t});
}

/// Waits for an event that `is` accepts, as long as the test may take.
template <class F>
bool eventually(const lab::laboratory& l, F is) {
    std::uint64_t seen = 0;
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
        for (const lab::event& e : l.log().read(seen)) {
            seen = e.seq;
            if (is(e)) return true;
        }
        l.log().wait_after(seen, 1s);
    }
    return false;
}

std::string bytes(const lab::laboratory& l) {
    std::string all;
    for (const lab::event& e : l.log().read(0)) all += to_json(e).dump() + '\n';
    return all;
}

} // namespace

class tst_laboratory : public QObject {
    Q_OBJECT
  private slots:
    void beginsWithBackgroundAsContextOne();
    void aTimeoutExpiresAtItsTimeAndTakesItsChildrenAlong();
    void cancelWithACauseReachesTheWholeSubtree();
    void valuesAreFoundThroughThePath();
    void aPollerExitsAndAStubbornWorkerLeaks();
    void aCpuWorkerNoticesAtItsNextCheckAndIsNotLeaked();
    void anOperationThatFailsCancelsItsSibling();
    void aFanOutEndsWithTheFirstError();
    void aPipelinePassesEverythingOn();
    void producerAndConsumerMeetOnANamedChannel();
    void anAfterFuncCancelsAnotherContext();
    void theSameSeedGivesTheSameBytes_data();
    void theSameSeedGivesTheSameBytes();
    void badCommandsAreRefusedAndChangeNothing_data();
    void badCommandsAreRefusedAndChangeNothing();
    void aSweepRemovesWhatIsDone();
    void aResetEndsEverythingAndBeginsAnew();
    void aPausedClockHoldsAThreadAndRunningLetsItGo();
    void stepsByNodeHoldTheCancelInsideTheLibrary();
    void aResetFreesAHeldThread();
    void theClockKeepsToItsSpeed();
    void thousandsOfContextsAreCancelledInOneWave();
    void commandsFromManyThreadsAreAllAnswered();
};

void tst_laboratory::beginsWithBackgroundAsContextOne() {
    const bench b;
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.contexts().size(), std::size_t(1));
    QCOMPARE(s.contexts()[0].id, lab::root_id);
    QCOMPARE(s.go_string(1), std::string("context.Background"));
    QCOMPARE(s.seed(), std::int64_t(7));
}

void tst_laboratory::aTimeoutExpiresAtItsTimeAndTakesItsChildrenAlong() {
    bench b;
    const lab::id_t t = timeout(b, 1, 2s);
    const lab::id_t child = b.make({.parent = t, .kind = context_kind::with_cancel});
    b.advance(1999ms);
    QCOMPARE(b.context(t).state, context_state::active);
    b.advance(1ms);
    QCOMPARE(b.context(t).state, context_state::deadline_exceeded);
    QCOMPARE(b.context(child).err, std::string("context deadline exceeded"));
    QCOMPARE(b.context(child).done_by, t);
    QCOMPARE(*b.context(t).done, lab::lab_time(2s));
}

void tst_laboratory::cancelWithACauseReachesTheWholeSubtree() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel_cause, .name = "top"});
    const lab::id_t value = b.make({.parent = top, .kind = context_kind::with_value, .key = "user", .value = "ann"});
    const lab::id_t leaf = b.make({.parent = value, .kind = context_kind::with_cancel});
    const lab::id_t apart = b.make({.parent = top, .kind = context_kind::without_cancel});
    const lab::reply r = b.cancel(top, "disk full");
    QCOMPARE(r.err, std::string("context canceled"));
    QCOMPARE(r.cause, std::string("disk full"));
    for (const lab::id_t id : {top, value, leaf}) QCOMPARE(b.context(id).cause, std::string("disk full"));
    QCOMPARE(b.context(apart).state, context_state::active);
}

void tst_laboratory::valuesAreFoundThroughThePath() {
    bench b;
    const lab::id_t outer = b.make({.kind = context_kind::with_value, .key = "user", .value = "ann"});
    const lab::id_t mid = b.make({.parent = outer, .kind = context_kind::with_cancel});
    const lab::reply found = b.it.call(lab::look_up_value{.context = mid, .key = "user"});
    QVERIFY(found.found);
    QCOMPARE(found.value, std::string("ann"));
    QCOMPARE(found.path, (std::vector<lab::id_t>{mid, outer}));
    const lab::reply missing = b.it.call(lab::look_up_value{.context = mid, .key = "nobody"});
    QVERIFY(missing.ok() && !missing.found);
    QCOMPARE(missing.path, (std::vector<lab::id_t>{mid, outer, 1}));
}

void tst_laboratory::aPollerExitsAndAStubbornWorkerLeaks() {
    bench b;
    const lab::id_t c = timeout(b, 1, 2s);
    const lab::id_t poller = b.start({.context = c, .kind = "poller", .every = 100ms});
    const lab::id_t stubborn = b.start({.context = c, .kind = "stubborn", .duration = 5s});
    b.advance(1s);
    QCOMPARE(b.worker(poller).state, worker_state::waiting);
    b.cancel(c);
    b.advance(0s);
    QCOMPARE(b.worker(poller).state, worker_state::exited);
    QCOMPARE(b.worker(poller).reason, std::string("context canceled"));
    QCOMPARE(*b.worker(poller).exited, lab::lab_time(1s));
    QCOMPARE(b.worker(stubborn).state, worker_state::leaked);
    QCOMPARE(b.it.snapshot().counts().leaked, std::size_t(1));
    b.advance(10s);
    QCOMPARE(b.worker(stubborn).state, worker_state::exited);
    QCOMPARE(*b.worker(stubborn).exited, lab::lab_time(5s));
    QCOMPARE(b.it.snapshot().counts().leaked, std::size_t(0));
}

void tst_laboratory::aCpuWorkerNoticesAtItsNextCheckAndIsNotLeaked() {
    bench b;
    const lab::id_t c = b.make({.kind = context_kind::with_cancel});
    const lab::id_t w = b.start({.context = c, .kind = "cpu", .duration = 1s, .check_every = 40ms});
    b.advance(50ms);
    b.cancel(c);
    b.advance(100ms);
    QCOMPARE(*b.worker(w).noticed, lab::lab_time(80ms));
    QVERIFY(!b.worker(w).leaked);
    QCOMPARE(b.worker(w).state, worker_state::exited);
}

void tst_laboratory::anOperationThatFailsCancelsItsSibling() {
    bench b;
    const lab::id_t c = b.make({.kind = context_kind::with_cancel_cause});
    const lab::id_t value = b.make({.parent = c, .kind = context_kind::with_value, .key = "k", .value = "v"});
    const lab::id_t one = b.start({.context = value, .kind = "operation", .duration = 100ms, .fail = "failed"});
    const lab::id_t two = b.start({.context = c, .kind = "work", .duration = 500ms});
    b.finish(10s);
    QCOMPARE(b.worker(one).reason, std::string("failed: failed"));
    QCOMPARE(b.worker(two).reason, std::string("context canceled"));
    QCOMPARE(b.context(c).cause, std::string("failed"));
    QCOMPARE(b.it.now(), lab::lab_time(100ms));
}

void tst_laboratory::aFanOutEndsWithTheFirstError() {
    bench b;
    const lab::id_t c = b.make({.kind = context_kind::with_cancel});
    b.start({.context = c, .kind = "fanout", .name = "all", .duration = 1s, .fail_after = 100ms, .n = 8, .fail_index = 3});
    b.finish(10s);
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.workers().size(), std::size_t(9));
    QCOMPARE(s.workers()[0].reason, std::string("failed: all 3 failed"));
    int stopped = 0;
    for (const lab::worker_info& w : s.workers()) stopped += w.reason == "context canceled";
    QCOMPARE(stopped, 7);
    QCOMPARE(s.contexts().back().cause, std::string("all 3 failed"));
    QCOMPARE(s.context(c)->state, context_state::active);
}

void tst_laboratory::aPipelinePassesEverythingOn() {
    bench b;
    const lab::id_t c = b.make({.kind = context_kind::with_cancel});
    b.start({.context = c, .kind = "pipeline", .count = 20, .stages = 4});
    b.finish(10s);
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.workers().size(), std::size_t(4));
    for (const lab::worker_info& w : s.workers()) QCOMPARE(w.reason, std::string("passed 20 on"));
}

void tst_laboratory::producerAndConsumerMeetOnANamedChannel() {
    bench b;
    const lab::id_t c = b.make({.kind = context_kind::with_cancel});
    const lab::id_t p = b.start({.context = c, .kind = "producer", .every = 10ms, .channel = "jobs", .count = 5});
    const lab::id_t r = b.start({.context = c, .kind = "consumer", .channel = "jobs", .count = 6});
    b.finish(10s);
    QCOMPARE(b.worker(p).reason, std::string("sent 5"));
    QCOMPARE(b.worker(r).state, worker_state::waiting);
    b.cancel(c);
    b.advance(0s);
    QCOMPARE(b.worker(r).reason, std::string("context canceled"));
}

void tst_laboratory::anAfterFuncCancelsAnotherContext() {
    bench b;
    const lab::id_t a = b.make({.kind = context_kind::with_cancel});
    const lab::id_t other = b.make({.kind = context_kind::with_cancel});
    const lab::id_t f = b.make({.parent = a, .kind = context_kind::after_func, .cancels = other});
    const lab::id_t stopped = b.make({.parent = a, .kind = context_kind::after_func});
    QVERIFY(b.cancel(stopped).ok());
    b.cancel(a);
    QCOMPARE(b.context(other).state, context_state::active); // its callback is a goroutine: it runs when time goes on
    b.advance(0s);
    QCOMPARE(b.context(other).state, context_state::canceled);
    QVERIFY(b.context(f).fired);
    QVERIFY(!b.context(stopped).fired);
}

void tst_laboratory::theSameSeedGivesTheSameBytes_data() {
    QTest::addColumn<QString>("name");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (!s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_laboratory::theSameSeedGivesTheSameBytes() {
    QFETCH(QString, name);
    const auto run = [&](std::int64_t seed) {
        auto s = std::make_shared<lab::scenario>(lab::find_scenario(name.toStdString()));
        s->seed = seed;
        bench b({.seed = seed, .running = false, .as_fast_as_possible = true, .with = s});
        b.finish(1h);
        return bytes(b.it);
    };
    const std::string once = run(42);
    QVERIFY(once.size() > 1000);
    QCOMPARE(run(42), once);
}

void tst_laboratory::badCommandsAreRefusedAndChangeNothing_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("which");
    QTest::newRow("unknown parent") << 404 << "parent: there is no context 99" << 0;
    QTest::newRow("unknown context") << 404 << "context: there is no context 99" << 1;
    QTest::newRow("background has no cancel") << 409 << "it has no cancel function" << 2;
    QTest::newRow("cause on a kind without") << 409 << "takes no cause" << 3;
    QTest::newRow("value without key") << 400 << "key: expected a text" << 4;
    QTest::newRow("timeout without duration") << 400 << "timeout: expected a duration" << 5;
    QTest::newRow("unknown worker kind") << 400 << "kind: \"teapot\"" << 6;
    QTest::newRow("worker for nothing") << 404 << "context: there is no context 99" << 7;
    QTest::newRow("derive a background") << 400 << "kind: background cannot be derived" << 8;
    QTest::newRow("speed out of range") << 400 << "speed: expected a number" << 9;
    QTest::newRow("no HTTP half") << 409 << "without its HTTP half" << 10;
    QTest::newRow("time backwards") << 400 << "by: time does not go backwards" << 11;
    QTest::newRow("speed not a number") << 400 << "speed: expected a number" << 12;
}

void tst_laboratory::badCommandsAreRefusedAndChangeNothing() {
    QFETCH(int, status);
    QFETCH(QString, error);
    QFETCH(int, which);
    bench b;
    const lab::id_t plain = b.make({.kind = context_kind::with_cancel});
    const std::vector<lab::command> commands{
        lab::new_context{.parent = 99},
        lab::cancel_context{.context = 99},
        lab::cancel_context{.context = 1},
        lab::cancel_context{.context = plain, .cause = "why"},
        lab::new_context{.kind = context_kind::with_value},
        lab::new_context{.kind = context_kind::with_timeout},
        lab::new_worker{.kind = "teapot"},
        lab::new_worker{.context = 99},
        lab::new_context{.kind = context_kind::background},
        lab::change_clock{.action = clock_action::set_speed, .speed = 1000},
        lab::send_request{.path = "/process"},
        lab::change_clock{.action = clock_action::advance, .by = -1s},
        lab::change_clock{.action = clock_action::set_speed, .speed = std::numeric_limits<double>::quiet_NaN()},
    };
    const lab::reply r = b.it.call(commands[static_cast<std::size_t>(which)]);
    QCOMPARE(r.status, status);
    QVERIFY2(QString::fromStdString(r.error).contains(error), r.error.c_str());
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.contexts().size(), std::size_t(2));
    QVERIFY(s.workers().empty());
    QCOMPARE(s.context(plain)->state, context_state::active);
    QVERIFY(b.has(lab::event_kind::command_refused));
}

void tst_laboratory::aSweepRemovesWhatIsDone() {
    bench b;
    const lab::id_t dead = b.make({.kind = context_kind::with_cancel});
    const lab::id_t below = b.make({.parent = dead, .kind = context_kind::with_cancel});
    const lab::id_t held = b.make({.kind = context_kind::with_cancel});
    b.start({.context = held, .kind = "stubborn", .duration = 1h});
    b.cancel(dead);
    b.cancel(held);
    b.advance(0s);
    { const ctx::context forgotten = ctx::without_cancel(b.it.root()); }
    QCOMPARE(b.it.snapshot().counts().active, std::size_t(1)); // nobody refers to it: it does not count
    b.it.call(lab::sweep{});
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.contexts().size(), std::size_t(2));
    QCOMPARE(s.counts().active, std::size_t(1));
    QVERIFY(!s.context(dead) && !s.context(below));
    QVERIFY(s.context(held));
    QCOMPARE(b.cancel(dead).status, 404);
}

void tst_laboratory::aResetEndsEverythingAndBeginsAnew() {
    bench b;
    const ctx::context outside = [&] {
        const lab::laboratory::naming n("outside");
        return ctx::with_cancel(b.it.root()).context;
    }();
    auto mine = ctx::with_cancel_cause(b.it.root());
    b.it.adopt(mine.context, [c = mine.cancel](const std::string& why) { c(ctx::error(why)); });
    const lab::id_t old = timeout(b, 1, 1h);
    b.start({.context = old, .kind = "poller"});
    b.start({.context = old, .kind = "stubborn"});
    std::atomic<int> restarts = 0;
    b.it.on_restart([&] { ++restarts; });
    const std::uint64_t before = b.it.log().last_seq();
    QVERIFY(b.it.call(lab::reset_lab{}).ok());
    QCOMPARE(restarts.load(), 1);
    QCOMPARE(mine.context.err(), ctx::canceled);
    QCOMPARE(QString::fromStdString(ctx::cause(mine.context).text()), QString("the laboratory was reset"));
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.contexts().size(), std::size_t(1));
    QVERIFY(s.workers().empty());
    QCOMPARE(s.now(), lab::lab_time(0));
    std::uint64_t seq = before;
    for (const lab::event& e : b.it.log().read(before)) QCOMPARE(e.seq, ++seq);
    QCOMPARE(b.it.root() == outside, false);
}

void tst_laboratory::aPausedClockHoldsAThreadAndRunningLetsItGo() {
    bench b({.seed = 1, .running = false});
    std::atomic<bool> waiting = false;
    std::atomic<bool> woken = false;
    std::thread handler([&] {
        const auto due = ctx::after(20ms, ctx::clock_of(b.it.root()));
        waiting = true;
        waiting.notify_one();
        due.receive();
        woken = true;
    });
    waiting.wait(false);
    QVERIFY(!woken);
    QCOMPARE(b.it.now(), lab::lab_time(0));
    b.it.call(lab::change_clock{.action = clock_action::run});
    handler.join();
    QVERIFY(woken);
    QVERIFY(b.it.now() >= 20ms);
    b.it.call(lab::change_clock{.action = clock_action::pause});
    const lab::lab_time at = b.it.now();
    QCOMPARE(b.it.now(), at);
}

void tst_laboratory::stepsByNodeHoldTheCancelInsideTheLibrary() {
    bench b({.seed = 1, .running = false});
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    const lab::id_t a = b.make({.parent = top, .kind = context_kind::with_cancel});
    const lab::id_t leaf = b.make({.parent = a, .kind = context_kind::with_cancel});
    const lab::change_clock step{.action = clock_action::step, .size = step_size::node};
    QVERIFY(b.it.call(step).ok()); // enters step mode: nothing to do yet
    std::atomic<bool> returned = false;
    b.it.post(lab::cancel_context{.context = top}, [&](const lab::reply&) {
        returned = true;
        returned.notify_one();
    });
    const auto done = [](lab::id_t id) {
        return [id](const lab::event& e) { return e.kind == lab::event_kind::context_done && e.context == id; };
    };
    QVERIFY(eventually(b.it, done(top)));
    QTRY_VERIFY(b.it.held());
    QCOMPARE(b.context(a).state, context_state::active);
    QVERIFY(!returned);
    // Elsewhere life goes on while the cancel is held.
    const lab::id_t meanwhile = b.make({.kind = context_kind::with_cancel});
    QCOMPARE(b.context(meanwhile).state, context_state::active);
    const lab::id_t late = b.make({.parent = top, .kind = context_kind::with_cancel});
    QCOMPARE(b.context(late).state, context_state::canceled);

    QVERIFY(b.it.call(step).ok());
    QVERIFY(eventually(b.it, done(a)));
    QTRY_VERIFY(b.it.held());
    QCOMPARE(b.context(leaf).state, context_state::active);
    QVERIFY(b.it.call(step).ok());
    QVERIFY(eventually(b.it, done(leaf)));
    QVERIFY(!returned);
    b.it.call(lab::change_clock{.action = clock_action::run});
    returned.wait(false);
    QVERIFY(!b.it.held());
}

void tst_laboratory::aResetFreesAHeldThread() {
    bench b({.seed = 1, .running = false});
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    b.it.call(lab::change_clock{.action = clock_action::step, .size = step_size::hook});
    b.it.post(lab::cancel_context{.context = top}, {});
    QTRY_VERIFY(b.it.held());
    QVERIFY(b.it.call(lab::reset_lab{}).ok());
    QVERIFY(!b.it.held());
    QCOMPARE(b.it.snapshot().contexts().size(), std::size_t(1));
}

void tst_laboratory::theClockKeepsToItsSpeed() {
    bench b({.seed = 1, .running = false});
    timeout(b, 1, 160ms);
    b.it.call(lab::change_clock{.action = clock_action::set_speed, .speed = 16});
    const auto began = std::chrono::steady_clock::now();
    b.it.call(lab::change_clock{.action = clock_action::run});
    QVERIFY(eventually(b.it, [](const lab::event& e) { return e.kind == lab::event_kind::deadline_expired; }));
    const auto wall = std::chrono::steady_clock::now() - began;
    QVERIFY(wall >= 10ms); // never early: 160 ms at 16 times the speed
}

void tst_laboratory::thousandsOfContextsAreCancelledInOneWave() {
    bench b;
    const lab::id_t top = b.make({.kind = context_kind::with_cancel});
    lab::id_t parent = top;
    for (int i = 0; i < 5000; ++i) {
        const lab::id_t made = b.make({.parent = i % 3 == 0 ? parent : top, .kind = context_kind::with_cancel});
        if (i % 3 == 0) parent = made;
    }
    b.cancel(top);
    const lab::state s = b.it.snapshot();
    QCOMPARE(s.counts().canceled, std::size_t(5001));
    QVERIFY(s.wave().finished);
    QCOMPARE(s.wave().reached, std::size_t(5001));
}

void tst_laboratory::commandsFromManyThreadsAreAllAnswered() {
    bench b({.seed = 1});
    std::vector<std::thread> people;
    std::atomic<int> answered = 0;
    for (int p = 0; p < 4; ++p)
        people.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                const lab::reply made = b.it.call(lab::new_context{.kind = context_kind::with_timeout, .timeout = 1ms});
                b.it.call(lab::new_worker{.context = made.id, .kind = "wait"});
                if (b.it.call(lab::cancel_context{.context = made.id}).ok()) ++answered;
            }
        });
    for (std::thread& t : people) t.join();
    QCOMPARE(answered.load(), 200);
    QVERIFY(b.it.wait_idle(20s));
    QCOMPARE(b.it.snapshot().counts().active, std::size_t(1));
    QCOMPARE(b.it.snapshot().counts().live_workers, std::size_t(0));
}

QTEST_APPLESS_MAIN(tst_laboratory)
#include "tst_laboratory.moc"
