// SPDX-License-Identifier: MIT
#include "lab/held_moment.h"
#include "lab/laboratory.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
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

/// Steps by hooks to the end: what a moment announces is what then comes. How many announced something.
int check_announcements(stepped& b) {
    int announced = 0;
    const auto fail = [](const std::string& why) { QTest::qFail(why.c_str(), __FILE__, __LINE__); };
    std::optional<lab::held_moment> before;
    while (b.step()) {
        const lab::held_moment m = b.moment();
        if (m.happened.empty() || !m.next.starts_with("Next, ")) fail("nothing is said: " + m.next);
        if (b.it.log().last_seq() != m.seq) fail("something else moves");
        if (before && !before->expected.empty()) {
            ++announced;
            const std::vector<lab::event> since = b.it.log().read(before->seq);
            const auto came = std::ranges::find_if(since, is_step);
            const bool right =
                came != since.end() && std::ranges::any_of(before->expected, [&](const lab::next_event& n) {
                    return n.matches(*came);
                });
            if (!right) fail(before->happened + " | " + before->next + " | came: " + m.happened);
        }
        before = m;
        if (b.it.now() > 60s) break; // a poller that nobody ends
    }
    return announced;
}

} // namespace

class tst_held_moment : public QObject {
    Q_OBJECT
  private slots:
    void whatIsAnnouncedComes_data();
    void whatIsAnnouncedComes();
    void whatIsAnnouncedComesInAnyTree_data();
    void whatIsAnnouncedComesInAnyTree();
    void itIsSaidInTwoSentences();
    void itPointsAtTheWorkersCode();
    void itPointsAtAWorkerThatIsWoken_data();
    void itPointsAtAWorkerThatIsWoken();
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
    const int announced = check_announcements(b);
    if (!QTest::currentTestFailed()) QVERIFY(announced > 3);
}

void tst_held_moment::whatIsAnnouncedComesInAnyTree_data() {
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 20; ++seed) QTest::addRow("seed %u", seed) << seed;
}

void tst_held_moment::whatIsAnnouncedComesInAnyTree() {
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    stepped b(nullptr);
    std::vector<lab::id_t> parents{lab::root_id}, cancellable;
    for (int i = 0; i < 25; ++i) {
        lab::new_context c{.parent = parents[below(parents.size())],
                           .timeout = 100ms * static_cast<int>(1 + below(30)),
                           .key = "k",
                           .value = "v"};
        constexpr lab::context_kind kinds[]{
            lab::context_kind::with_cancel,    lab::context_kind::with_cancel_cause,
            lab::context_kind::with_timeout,   lab::context_kind::with_value,
            lab::context_kind::without_cancel, lab::context_kind::after_func,
            lab::context_kind::with_timeout,   lab::context_kind::with_deadline};
        c.kind = kinds[below(std::size(kinds))];
        const bool made_cancel = owns_done(c.kind) && c.kind != lab::context_kind::after_func;
        if (c.kind == lab::context_kind::after_func && !cancellable.empty())
            c.cancels = cancellable[below(cancellable.size())];
        const lab::id_t id = b.make(c);
        if (c.kind != lab::context_kind::after_func) parents.push_back(id);
        if (made_cancel) cancellable.push_back(id);
    }
    for (int i = 0; i < 12; ++i) {
        const bool fails = below(2) == 0;
        b.it.call(lab::new_worker{.context = parents[below(parents.size())],
                                  .kind = fails ? "operation" : "wait",
                                  .duration = 100ms * static_cast<int>(1 + below(20))});
    }
    const int announced = check_announcements(b);
    if (!QTest::currentTestFailed()) QVERIFY(announced > 10);
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

void tst_held_moment::itPointsAtAWorkerThatIsWoken_data() {
    QTest::addColumn<QString>("place");
    QTest::newRow("it waits for the context's Done") << "top";
    QTest::newRow("it has the same Done through a value") << "value";
    QTest::newRow("its Done is that of a child") << "child";
    QTest::newRow("nobody waits") << "";
}

void tst_held_moment::itPointsAtAWorkerThatIsWoken() {
    QFETCH(QString, place);
    stepped b(nullptr);
    const lab::id_t top = b.make({.kind = lab::context_kind::with_timeout, .name = "top", .timeout = 1min});
    std::map<QString, lab::id_t> places{{"top", top}};
    places["value"] =
        b.make({.parent = top, .kind = lab::context_kind::with_value, .key = "k", .value = "v"});
    places["child"] = b.make({.parent = top, .kind = lab::context_kind::with_cancel});
    b.it.call(lab::new_worker{.context = top, .kind = "stubborn", .duration = 1h});
    const lab::id_t waits =
        place.isEmpty() ? 0 : b.it.call(lab::new_worker{.context = places.at(place), .kind = "wait"}).id;
    while (b.step() && b.at().kind != event_kind::context_done) {
    }
    QVERIFY(b.it.held());
    lab::event done = b.at();
    QCOMPARE(done.context, top);
    if (place == "top" || place == "value") QVERIFY(done.value > 0);
    done.value = 1; // somebody waits, be it no worker
    const lab::held_moment m = lab::held_at(done, b.it.snapshot());
    QCOMPARE(text(m.next), QString("Next, those who wait for the Done of top are woken"));
    QCOMPARE(m.worker, place == "child" ? 0 : waits);
    QCOMPARE(text(m.code), QString(m.worker == 0 ? "" : "<-ctx.Done()"));
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
