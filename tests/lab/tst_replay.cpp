// SPDX-License-Identifier: MIT
#include "lives.h"
#include "somebody.h"

#include "lab/replay.h"

#include <QTest>

#include <random>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;
using lab::context_state;
using lab::event_kind;
using lab::step_size;

namespace {

/// A life that is over, or stands still: what a fork needs.
struct lived {
    lab::life life;
    std::vector<lab::event> events;

    explicit lived(const lab::laboratory& l) : life(l.inputs()), events(lives::events(l)) {}
    std::uint64_t last() const { return life.first_seq - 1 + events.size(); }
    std::uint64_t seq_of(event_kind k, std::size_t nth = 0) const {
        for (const lab::event& e : events)
            if (e.kind == k && nth-- == 0) return e.seq;
        qFatal("no such event");
        return 0;
    }
};

lab::fork fork(const lived& l, std::uint64_t up_to) {
    return lab::replay(lab::fork_at(l.life, l.events, up_to), {.as_fast_as_possible = true});
}

/// What became of everybody, with the times.
std::vector<std::string> fates(const lab::laboratory& l) {
    std::vector<std::string> all;
    const lab::state s = l.snapshot();
    for (const lab::context_info& c : s.contexts())
        all.push_back(c.name + ' ' + c.err + ' ' + c.cause + ' ' +
                      std::to_string(c.done.value_or(lab::lab_time(-1)).count()));
    for (const lab::worker_info& w : s.workers())
        all.push_back(w.name + ' ' + w.reason + ' ' +
                      std::to_string(w.exited.value_or(lab::lab_time(-1)).count()));
    return all;
}

void run_to_the_end(lab::laboratory& l) {
    l.call(lab::change_clock{.action = clock_action::set_speed, .speed = 16});
    l.call(lab::change_clock{.action = clock_action::run});
    if (!l.wait_idle(60s)) qFatal("it did not come to rest");
}

/// A tree of three, one below the other, cancelled from the top.
lived chain_cancelled() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    lab::id_t parent = lab::root_id;
    for (int i = 0; i < 3; ++i)
        parent = l.call(lab::new_context{.parent = parent, .kind = context_kind::with_cancel}).id;
    l.call(lab::new_worker{.context = parent, .kind = "wait"});
    l.call(lab::change_clock{.action = clock_action::advance, .by = 5ms});
    l.call(lab::cancel_context{.context = 2});
    l.call(lab::change_clock{.action = clock_action::advance, .by = 5ms});
    return lived(l);
}

} // namespace

class tst_replay : public QObject {
    Q_OBJECT
  private slots:
    void everyEventOfAScenarioCanBeForked_data();
    void everyEventOfAScenarioCanBeForked();
    void aForkGoesOnAsTheOriginalDid_data();
    void aForkGoesOnAsTheOriginalDid();
    void aForkInsideAPropagationIsHeldThere();
    void aForkCanGoAnotherWay();
    void inputsThatCameWhileHeldComeAtTheSameHook();
    void anAdvanceCanBeForkedInTheMiddle();
    void whateverSomebodyDoesCanBeExecutedAgain_data();
    void whateverSomebodyDoesCanBeExecutedAgain();
    void aForkOfAForkCanBeExecutedAgain();
    void aReplayInPlaceIsTheNextLife();
    void aDifferentLogIsNoticed();
    void aDifferentInputIsNoticed();
    void aLaboratoryThatClosesAnswersWhoWaits();
};

void tst_replay::everyEventOfAScenarioCanBeForked_data() {
    QTest::addColumn<QString>("name");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (!s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_replay::everyEventOfAScenarioCanBeForked() {
    QFETCH(QString, name);
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario(name.toStdString()));
    lab::laboratory l({.as_fast_as_possible = true, .with = s});
    QVERIFY(l.wait_idle(20s));
    const lived original(l);
    QCOMPARE(lab::check_replay(original.life, original.events), std::string());
    for (std::uint64_t seq = 1; seq <= original.last(); ++seq) {
        const lab::fork f = fork(original, seq);
        QVERIFY2(f.lab, f.error.c_str());
        const std::vector<lab::event> events = lives::events(*f.lab);
        QVERIFY(events.size() >= seq);
        std::vector<lab::event> same = original.events;
        same.resize(seq);
        QCOMPARE(lives::difference(events, same), std::string());
        QVERIFY(!f.lab->snapshot().clock().running);
    }
}

void tst_replay::aForkGoesOnAsTheOriginalDid_data() {
    everyEventOfAScenarioCanBeForked_data();
}

void tst_replay::aForkGoesOnAsTheOriginalDid() {
    QFETCH(QString, name);
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario(name.toStdString()));
    lab::laboratory l({.as_fast_as_possible = true, .with = s});
    QVERIFY(l.wait_idle(20s));
    const lived original(l);
    for (std::uint64_t seq = 1; seq <= original.last(); ++seq) {
        const lab::fork f = fork(original, seq);
        QVERIFY2(f.lab, f.error.c_str());
        run_to_the_end(*f.lab);
        QCOMPARE(fates(*f.lab), fates(l));
        const lived branch(*f.lab);
        QCOMPARE(lab::check_replay(branch.life, branch.events), std::string());
    }
}

void tst_replay::aForkInsideAPropagationIsHeldThere() {
    const lived original = chain_cancelled();
    const std::uint64_t top_done = original.seq_of(event_kind::context_done);
    const lab::fork f = fork(original, top_done);
    QVERIFY2(f.lab, f.error.c_str());
    QVERIFY(f.lab->held());
    const lab::state s = f.lab->snapshot();
    QVERIFY(s.clock().stepping);
    QCOMPARE(s.context(2)->state, context_state::canceled);
    QCOMPARE(s.context(3)->state, context_state::active);
    const auto steps = f.lab->call(lab::change_clock{.action = clock_action::step, .size = step_size::node});
    QVERIFY(steps.ok());
    QTRY_COMPARE(f.lab->snapshot().context(3)->state, context_state::canceled);
    QCOMPARE(f.lab->snapshot().context(4)->state, context_state::active);
}

void tst_replay::aForkCanGoAnotherWay() {
    const lived original = chain_cancelled();
    const std::uint64_t cancel = original.life.inputs[5].seq;
    QCOMPARE(original.events[cancel - 1].text, std::string("cancel 2"));
    const lab::fork f = fork(original, cancel - 1);
    QVERIFY2(f.lab, f.error.c_str());
    QVERIFY(!f.lab->held());
    f.lab->call(lab::new_worker{.context = 4, .kind = "stubborn", .duration = 1s});
    f.lab->call(lab::cancel_context{.context = 3});
    f.lab->call(lab::change_clock{.action = clock_action::finish, .by = 10s});
    const lab::state s = f.lab->snapshot();
    QCOMPARE(s.context(2)->state, context_state::active);
    QVERIFY(s.worker(2)->leaked);
    QCOMPARE(f.lab->log().read(cancel - 1, 1).front().seq, cancel); // numbered as the original
}

void tst_replay::inputsThatCameWhileHeldComeAtTheSameHook() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    const lab::id_t top = l.call(lab::new_context{.kind = context_kind::with_cancel}).id;
    for (int i = 0; i < 3; ++i) l.call(lab::new_context{.parent = top, .kind = context_kind::with_cancel});
    l.call(lab::change_clock{.action = clock_action::step, .size = step_size::hook});
    l.post(lab::cancel_context{.context = top});
    for (int i = 0; i < 4; ++i) {
        QTRY_VERIFY(l.held());
        l.call(lab::new_context{.parent = top, .kind = context_kind::with_cancel});
        l.call(lab::change_clock{.action = clock_action::step, .size = step_size::hook});
    }
    lives::stand_still(l, true);
    const lived original(l);
    QVERIFY(l.held());
    QCOMPARE(lab::check_replay(original.life, original.events), std::string());
    const lab::fork f = fork(original, original.last());
    QVERIFY2(f.lab, f.error.c_str());
    QVERIFY(f.lab->held());
    QCOMPARE(lives::lines(lives::events(*f.lab)), lives::lines(original.events));
    run_to_the_end(*f.lab);
    run_to_the_end(l);
    QCOMPARE(fates(*f.lab), fates(l));
}

void tst_replay::anAdvanceCanBeForkedInTheMiddle() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    const lab::id_t c = l.call(lab::new_context{.kind = context_kind::with_timeout, .timeout = 50ms}).id;
    l.call(lab::new_worker{.context = c, .kind = "poller", .every = 10ms});
    l.call(lab::change_clock{.action = clock_action::advance, .by = 1s});
    const lived original(l);
    for (std::uint64_t seq = 1; seq <= original.last(); ++seq) {
        const lab::fork f = fork(original, seq);
        QVERIFY2(f.lab, f.error.c_str());
        if (!f.lab->held()) QCOMPARE(f.lab->now(), original.events[seq - 1].at); // the advance is broken off
        f.lab->call(lab::change_clock{.action = clock_action::pause});
        f.lab->call(lab::new_worker{.context = lab::root_id, .kind = "work", .duration = 5ms});
        f.lab->call(lab::change_clock{.action = clock_action::finish, .by = 10s});
        const lived branch(*f.lab);
        QCOMPARE(lab::check_replay(branch.life, branch.events), std::string());
    }
}

void tst_replay::whateverSomebodyDoesCanBeExecutedAgain_data() {
    QTest::addColumn<int>("seed");
    QTest::addColumn<bool>("running");
    QTest::addColumn<bool>("held");
    for (int seed = 1; seed <= 24; ++seed)
        QTest::addRow("%d", seed) << seed << (seed % 3 != 0) << (seed % 2 == 0);
}

void tst_replay::whateverSomebodyDoesCanBeExecutedAgain() {
    QFETCH(int, seed);
    QFETCH(bool, running);
    QFETCH(bool, held);
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario(seed % 2 ? "leak" : "deadline-tree"));
    lab::laboratory l({.seed = seed, .running = running, .speed = 16, .with = s});
    lives::somebody person(l, static_cast<std::uint64_t>(seed));
    for (int i = 0; i < 60; ++i) person.act();
    lives::stand_still(l, held);
    const lived original(l);
    QCOMPARE(original.life.recorded_only, std::string());
    const std::string error = lab::check_replay(original.life, original.events);
    QVERIFY2(error.empty(), error.c_str());
    for (std::uint64_t seq = 1; seq <= original.last(); seq += 1 + original.last() / 20) {
        const lab::fork f = fork(original, seq);
        QVERIFY2(f.lab, f.error.c_str());
        QVERIFY(lives::events(*f.lab).size() >= seq);
    }
    const lab::fork end = fork(original, original.last());
    QVERIFY2(end.lab, end.error.c_str());
    if (held) QCOMPARE(end.lab->held(), l.held()); // let go, a thread may leave its hook without an event
    run_to_the_end(*end.lab);
    run_to_the_end(l);
    QCOMPARE(fates(*end.lab), fates(l));
}

void tst_replay::aForkOfAForkCanBeExecutedAgain() {
    std::mt19937_64 random(5);
    lived now = chain_cancelled();
    for (int generation = 0; generation < 12; ++generation) {
        const std::uint64_t at = 1 + random() % now.last();
        const lab::fork f = fork(now, at);
        QVERIFY2(f.lab, f.error.c_str());
        lives::somebody person(*f.lab, random());
        for (int i = 0; i < 12; ++i) person.act();
        lives::stand_still(*f.lab, random() % 2);
        now = lived(*f.lab);
        const std::string error = lab::check_replay(now.life, now.events);
        QVERIFY2(error.empty(), error.c_str());
    }
}

void tst_replay::aReplayInPlaceIsTheNextLife() {
    const lived original = chain_cancelled();
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    l.call(lab::new_context{});
    const std::uint64_t before = l.log().last_seq();
    const std::uint64_t at = original.seq_of(event_kind::wave_finished);
    const auto r = l.call(lab::reset_lab{.from = lab::fork_at(original.life, original.events, at)});
    QVERIFY2(r.ok(), r.error.c_str());
    QCOMPARE(r.id, at);
    QCOMPARE(l.inputs().first_seq, before + 1);
    const lived here(l);
    std::vector<lab::event> prefix = here.events;
    prefix.resize(at);
    QCOMPARE(lives::difference(prefix, original.events), std::string());
    QCOMPARE(lab::check_replay(here.life, here.events), std::string());
}

void tst_replay::aDifferentLogIsNoticed() {
    const lived original = chain_cancelled();
    for (std::size_t i = 0; i < original.events.size(); ++i) {
        lived other = original;
        other.events[i].at += 1ns;
        const std::string error = lab::check_replay(other.life, other.events);
        QVERIFY2(QString::fromStdString(error).startsWith(QString("event %1 is the first").arg(i + 1)),
                 error.c_str());
    }
    lived longer = original;
    longer.events.push_back(longer.events.back());
    QVERIFY(!lab::check_replay(longer.life, longer.events).empty());
}

void tst_replay::aDifferentInputIsNoticed() {
    const lived original = chain_cancelled();
    for (std::size_t i = 0; i < original.life.inputs.size(); ++i) {
        lived other = original;
        other.life.inputs.erase(other.life.inputs.begin() + static_cast<std::ptrdiff_t>(i));
        QVERIFY(!lab::check_replay(other.life, other.events).empty());
        other = original;
        other.life.inputs[i].held = true;
        QVERIFY(!lab::check_replay(other.life, other.events).empty());
    }
}

void tst_replay::aLaboratoryThatClosesAnswersWhoWaits() {
    const lived original = chain_cancelled();
    for (int i = 0; i < 20; ++i) {
        std::atomic<int> answers = 0;
        {
            lab::laboratory l({.as_fast_as_possible = true});
            l.post(lab::reset_lab{.from = lab::fork_at(original.life, original.events, 20)},
                   [&](const lab::reply&) { ++answers; });
        }
        QCOMPARE(answers.load(), 1);
    }
}

QTEST_APPLESS_MAIN(tst_replay)
#include "tst_replay.moc"
