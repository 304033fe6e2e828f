// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::clock_mode;
using lab::event_kind;
using lab::step_size;

namespace {

struct bench {
    lab::laboratory it;

    explicit bench(clock_mode mode) : it({.seed = 1, .mode = mode}) {}

    lab::reply clock(clock_action action) { return it.call(lab::change_clock{.action = action}); }
    bool step(step_size size) {
        it.call(lab::change_clock{.action = clock_action::step, .size = size});
        if (!it.wait_step(10s)) qFatal("a step does not end");
        return it.held();
    }
    std::vector<lab::event> all(event_kind k) const {
        std::vector<lab::event> found = it.log().read(0);
        std::erase_if(found, [k](const lab::event& e) { return e.kind != k; });
        return found;
    }
    /// Waits until the picture is as it should be.
    bool becomes(const std::function<bool(const lab::state&)>& good) const {
        const auto until = std::chrono::steady_clock::now() + 10s;
        for (;;) {
            const lab::state s = it.snapshot();
            if (good(s)) return true;
            const auto left = until - std::chrono::steady_clock::now();
            if (left.count() <= 0 || !it.log().wait_after(s.seq(), left)) return false;
        }
    }
    /// The clock stops as soon as the laboratory's thread sees that the step is over.
    bool standsStill() const {
        return QTest::qWaitFor(
            [&] {
                const lab::lab_time now = it.now();
                QTest::qWait(2);
                return it.now() == now;
            },
            10'000);
    }
    /// Time enough on the wall clock for anything that is not held still.
    void wallTimePasses() const { QTest::qWait(60); }
};

void modes() {
    QTest::addColumn<clock_mode>("mode");
    QTest::newRow("virtual") << clock_mode::virtual_time;
    QTest::newRow("real") << clock_mode::real_time;
}

} // namespace

Q_DECLARE_METATYPE(lab::clock_mode)

class tst_pausing : public QObject {
    Q_OBJECT
  private slots:
    void aPauseHoldsDeadlines_data() { modes(); }
    void aPauseHoldsDeadlines();
    void aPauseHoldsTickers_data() { modes(); }
    void aPauseHoldsTickers();
    void whatIsPausedCanBeChanged_data() { modes(); }
    void whatIsPausedCanBeChanged();
    void theRealClockIsHeldAtEachHook();
    void aStepOfTheRealClockWaitsForTheNextTimer();
    void betweenStepsTheRealClockStandsStill();
    void theRealClockDoesNotJump_data();
    void theRealClockDoesNotJump();
};

void tst_pausing::aPauseHoldsDeadlines() {
    QFETCH(clock_mode, mode);
    bench b(mode);
    const lab::id_t id =
        b.it.call(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 40ms}).id;
    QVERIFY(b.clock(clock_action::pause).ok());
    QVERIFY(!b.it.snapshot().clock().running);
    const lab::lab_time at = b.it.now();
    b.wallTimePasses();
    QCOMPARE(b.it.now(), at);
    QVERIFY(!b.it.snapshot().context(id)->done);
    QVERIFY(b.clock(clock_action::run).ok());
    QVERIFY(b.becomes([&](const lab::state& s) { return s.context(id)->done.has_value(); }));
    const lab::state s = b.it.snapshot();
    QVERIFY(*s.context(id)->done >= *s.context(id)->deadline);
    QCOMPARE(s.context(id)->err, std::string("context deadline exceeded"));
}

void tst_pausing::aPauseHoldsTickers() {
    QFETCH(clock_mode, mode);
    bench b(mode);
    const lab::id_t worker = b.it.call(lab::new_worker{.kind = "poller", .every = 5ms}).id;
    const auto polls = [&](const lab::state& s) { return s.worker(worker)->spans.size(); };
    QVERIFY(b.becomes([&](const lab::state& s) { return s.worker(worker) && polls(s) > 2; }));
    QVERIFY(b.clock(clock_action::pause).ok());
    const std::size_t before = polls(b.it.snapshot());
    const lab::lab_time at = b.it.now();
    b.wallTimePasses();
    QCOMPARE(polls(b.it.snapshot()), before);
    QVERIFY(b.clock(clock_action::run).ok());
    QVERIFY(b.becomes([&](const lab::state& s) { return polls(s) > before; }));
    // On the virtual clock the next tick comes when it was due: the pause has cost none of them.
    const std::vector<lab::event> runs = b.all(event_kind::worker_running);
    const auto next = std::find_if(runs.begin(), runs.end(), [&](const lab::event& e) { return e.at > at; });
    QVERIFY(next != runs.end());
    if (mode == clock_mode::virtual_time) QCOMPARE((next->at - runs[0].at) % 5ms, lab::lab_time(0));
}

void tst_pausing::whatIsPausedCanBeChanged() {
    QFETCH(clock_mode, mode);
    bench b(mode);
    QVERIFY(b.clock(clock_action::pause).ok());
    const lab::id_t id = b.it.call(lab::new_context{.kind = lab::context_kind::with_cancel}).id;
    QVERIFY(b.it.call(lab::cancel_context{.context = id}).ok());
    QCOMPARE(b.it.snapshot().context(id)->err, std::string("context canceled"));
}

void tst_pausing::theRealClockIsHeldAtEachHook() {
    bench b(clock_mode::real_time);
    QVERIFY(b.clock(clock_action::pause).ok());
    const lab::id_t slow =
        b.it.call(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 5ms}).id;
    b.it.call(lab::new_context{.parent = slow, .kind = lab::context_kind::with_cancel});
    QVERIFY(b.clock(clock_action::hold).ok());
    std::vector<event_kind> stops;
    while (b.step(step_size::hook)) {
        const lab::event at = b.it.log().read(b.it.held_threads().front().seq - 1).front();
        stops.push_back(at.kind);
        QVERIFY(b.standsStill());
    }
    const std::vector<event_kind> expected{event_kind::deadline_expired, event_kind::context_done,
                                           event_kind::child_visited,    event_kind::context_detached,
                                           event_kind::context_done,     event_kind::wave_finished};
    QCOMPARE(stops, expected);
}

void tst_pausing::aStepOfTheRealClockWaitsForTheNextTimer() {
    bench b(clock_mode::real_time);
    QVERIFY(b.clock(clock_action::pause).ok());
    const lab::id_t first =
        b.it.call(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 20ms}).id;
    b.it.call(lab::new_context{.kind = lab::context_kind::with_timeout, .timeout = 1h});
    const auto before = std::chrono::steady_clock::now();
    QVERIFY(!b.step(step_size::timer));
    QVERIFY(std::chrono::steady_clock::now() - before >= 15ms); // it was waited for
    const lab::state s = b.it.snapshot();
    QVERIFY(s.context(first)->done.has_value());
    QCOMPARE(b.all(event_kind::deadline_expired).size(), std::size_t(1));
    QVERIFY(b.standsStill());
}

void tst_pausing::betweenStepsTheRealClockStandsStill() {
    bench b(clock_mode::real_time);
    QVERIFY(!b.step(step_size::hook)); // nothing can happen: the step is over
    QVERIFY(b.standsStill());
    const lab::lab_time now = b.it.now();
    QVERIFY(b.clock(clock_action::run).ok());
    QVERIFY(QTest::qWaitFor([&] { return b.it.now() > now; }, 10'000));
}

void tst_pausing::theRealClockDoesNotJump_data() {
    QTest::addColumn<int>("action");
    QTest::newRow("advance") << static_cast<int>(clock_action::advance);
    QTest::newRow("finish") << static_cast<int>(clock_action::finish);
    QTest::newRow("set_speed") << static_cast<int>(clock_action::set_speed);
}

void tst_pausing::theRealClockDoesNotJump() {
    QFETCH(int, action);
    bench b(clock_mode::real_time);
    const lab::reply r = b.clock(static_cast<clock_action>(action));
    QCOMPARE(r.status, 409);
    QVERIFY2(r.error.find("real clock") != std::string::npos, r.error.c_str());
}

QTEST_GUILESS_MAIN(tst_pausing)
#include "tst_pausing.moc"
