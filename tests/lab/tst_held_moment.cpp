// SPDX-License-Identifier: MIT
#include "lab/held_moment.h"
#include "lab/laboratory.h"

#include <QTest>

#include <algorithm>
#include <optional>
#include <set>

using namespace std::chrono_literals;
using lab::event_kind;
using lab::step_size;

namespace {

/// Kinds that the library's own hooks record: what a held thread's next step is looked for among.
bool is_step(const lab::event& e) {
    switch (e.kind) {
    case event_kind::context_created:
    case event_kind::cancel_called:
    case event_kind::deadline_expired:
    case event_kind::child_visited:
    case event_kind::context_done:
    case event_kind::waiters_woken:
    case event_kind::found_done:
    case event_kind::wave_finished:
    case event_kind::context_detached:
    case event_kind::timer_stopped:
    case event_kind::after_func_run:
    case event_kind::value_asked:
    case event_kind::value_looked_up:
    case event_kind::worker_noticed:
    case event_kind::worker_exited:
        return true;
    default:
        return false;
    }
}

/// A laboratory that is stepped from one held moment to the next.
struct stepped {
    explicit stepped(std::shared_ptr<const lab::scenario> s)
        : it({.seed = s ? s->seed : 1, .running = false, .as_fast_as_possible = true, .with = s}) {}

    /// False: nothing is held any more.
    bool step(step_size size = step_size::hook) {
        it.call(lab::change_clock{.action = lab::clock_action::step, .size = size});
        if (!it.wait_step(10s)) qFatal("a step does not end");
        return it.held();
    }
    lab::event at() const { return it.log().read(it.held_threads().front().seq - 1).front(); }
    lab::held_moment moment() const {
        const lab::held_thread t = it.held_threads().front();
        return lab::held_at(at(), it.snapshot(), t.worker);
    }
    lab::id_t make(lab::new_context c) {
        const lab::reply r = it.call(c);
        if (!r.ok()) qFatal("%s", r.error.c_str());
        return r.id;
    }

    lab::laboratory it;
};

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

} // namespace

class tst_held_moment : public QObject {
    Q_OBJECT
  private slots:
    void whatIsAnnouncedComes_data();
    void whatIsAnnouncedComes();
    void itIsSaidInTwoSentences();
    void itPointsAtTheWorkersCode();
    void aLateCancelSaysThatNothingChanges();
};

void tst_held_moment::whatIsAnnouncedComes_data() {
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<qint64>("seed");
    for (const lab::scenario& s : lab::shipped_scenarios()) {
        if (s.needs_sockets()) continue;
        for (const qint64 seed : {1, 7, 42})
            QTest::addRow("%s, seed %lld", s.name.c_str(), seed) << text(s.name) << seed;
    }
}

void tst_held_moment::whatIsAnnouncedComes() {
    QFETCH(QString, scenario);
    QFETCH(qint64, seed);
    auto s = std::make_shared<lab::scenario>(lab::find_scenario(scenario.toStdString()));
    s->seed = seed;
    stepped b(s);
    int announced = 0;
    std::optional<lab::held_moment> before;
    while (b.step()) {
        const lab::held_moment m = b.moment();
        QVERIFY(!m.happened.empty() && m.next.starts_with("Next, "));
        QCOMPARE(b.it.log().last_seq(), m.seq); // nothing else moves
        if (before && !before->expected.empty()) {
            ++announced;
            const std::vector<lab::event> since = b.it.log().read(before->seq);
            const auto came = std::ranges::find_if(since, is_step);
            QVERIFY(came != since.end());
            const bool right = std::ranges::any_of(
                before->expected, [&](const lab::next_event& n) { return n.matches(*came); });
            QVERIFY2(right, qPrintable(text(before->happened) + " | " + text(before->next) +
                                       " | came: " + text(m.happened)));
        }
        before = m;
        if (b.it.now() > 60s) break; // a poller that nobody ends
    }
    QVERIFY(before);
    QVERIFY(announced > 3);
}

void tst_held_moment::itIsSaidInTwoSentences() {
    stepped b(nullptr);
    const lab::id_t top = b.make({.kind = lab::context_kind::with_cancel, .name = "top"});
    b.make({.parent = top, .kind = lab::context_kind::with_timeout, .name = "a", .timeout = 5s});
    b.make({.parent = top, .kind = lab::context_kind::after_func, .name = "f"});
    b.it.call(lab::new_worker{.context = top, .kind = "operation", .duration = 1s});
    std::set<event_kind> seen;
    while (b.step()) {
        const lab::held_moment m = b.moment();
        seen.insert(b.at().kind);
        if (b.at().kind == event_kind::cancel_called) {
            QCOMPARE(text(m.happened),
                     QString("The cancel function of top is called by operation 1: context canceled"));
            QVERIFY(text(m.next).startsWith(
                "Next, Err and cause of top are set and its Done is closed, in one step"));
        }
        if (b.at().kind == event_kind::context_done && m.context == top)
            QVERIFY(text(m.next).startsWith("Next, the cancellation goes to one of 2 children of top"));
        if (b.at().kind == event_kind::wave_finished)
            QCOMPARE(text(m.next), QString("Next, the call returns to whoever made it"));
    }
    for (const event_kind k : {event_kind::cancel_called, event_kind::context_done, event_kind::child_visited,
                               event_kind::context_detached, event_kind::timer_stopped,
                               event_kind::after_func_run, event_kind::wave_finished})
        QVERIFY2(seen.contains(k), std::string(to_string(k)).c_str());
}

void tst_held_moment::itPointsAtTheWorkersCode() {
    stepped b(nullptr);
    const lab::id_t top = b.make({.kind = lab::context_kind::with_cancel, .name = "top"});
    const lab::id_t worker = b.it.call(lab::new_worker{.context = top, .kind = "wait"}).id;
    b.step(step_size::timer); // it begins to wait
    b.it.post(lab::cancel_context{.context = top});
    QTRY_VERIFY(b.it.held() || b.it.snapshot().context(top)->done);
    b.step(step_size::reaction);
    const lab::held_moment m = b.moment();
    QCOMPARE(b.at().kind, event_kind::worker_noticed);
    QCOMPARE(m.worker, worker);
    QCOMPARE(text(m.code), QString("<-ctx.Done()"));
}

void tst_held_moment::aLateCancelSaysThatNothingChanges() {
    stepped b(nullptr);
    const lab::id_t top = b.make({.kind = lab::context_kind::with_cancel, .name = "top"});
    b.it.call(lab::cancel_context{.context = top});
    b.step();
    b.it.post(lab::cancel_context{.context = top});
    QTRY_VERIFY(b.it.held());
    QCOMPARE(text(b.moment().next),
             QString("Next, it is found that top is done already, so nothing changes there"));
    QVERIFY(b.step());
    QCOMPARE(b.at().kind, event_kind::found_done);
    QCOMPARE(text(b.moment().next), QString("Next, the call returns"));
}

QTEST_GUILESS_MAIN(tst_held_moment)
#include "tst_held_moment.moc"
