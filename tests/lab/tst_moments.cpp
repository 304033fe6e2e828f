// SPDX-License-Identifier: MIT
#include "lab/laboratory.h"
#include "lab/moments.h"
#include "lab/random_log.h"
#include "lab/scenario.h"

#include <QTest>

#include <atomic>
#include <random>
#include <thread>

using namespace std::chrono_literals;

namespace {

/// The shipped scenario's log, from its first event.
std::vector<lab::event> log_of(const std::string& name) {
    lab::laboratory it({.running = false, .as_fast_as_possible = true});
    const lab::reply started =
        it.call(lab::reset_lab{std::make_shared<lab::scenario>(lab::find_scenario(name))});
    if (!started.ok()) qFatal("%s", started.error.c_str());
    it.call(lab::change_clock{.action = lab::clock_action::finish, .by = 1h});
    return it.log().read(0);
}

/// The picture after each event, from none.
std::vector<lab::state> folded(const std::vector<lab::event>& log) {
    std::vector<lab::state> all(1);
    for (const lab::event& e : log) {
        all.push_back(all.back());
        all.back().apply(e);
    }
    return all;
}

lab::state fold_until(const std::vector<lab::event>& log, std::size_t seq) {
    lab::state s;
    for (std::size_t i = 0; i < seq; ++i) s.apply(log[i]);
    return s;
}

} // namespace

class tst_moments : public QObject {
    Q_OBJECT
  private slots:
    void copiesOfAPictureDoNotTouchEachOther();
    void everyMomentOfAShippedScenarioIsItsFold_data();
    void everyMomentOfAShippedScenarioIsItsFold();
    void everyMomentOfARandomLogIsItsFold_data();
    void everyMomentOfARandomLogIsItsFold();
    void aLogNotReadYetHasItsMomentsToo();
    void beyondTheEndIsTheEnd();
    void aMomentStaysAsItWasWhileTheLogGrows();
    void checkpointsThatCostTooMuchAreThinned();
    void aLongLogOfManyThings();
    void readersLookWhileTheLogGrows();
};

void tst_moments::copiesOfAPictureDoNotTouchEachOther() {
    const std::vector<lab::event> log = random_log({.events = 2000, .contexts = 200, .sweep_every = 301});
    const std::vector<lab::state> all = folded(log);
    for (std::size_t seq = 0; seq <= log.size(); seq += 37) {
        QVERIFY(all[seq] == fold_until(log, seq));
        QVERIFY(seq == 0 || !(all[seq] == all[seq - 1]));
    }
}

void tst_moments::everyMomentOfAShippedScenarioIsItsFold_data() {
    QTest::addColumn<QString>("name");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (!s.needs_sockets()) QTest::newRow(s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_moments::everyMomentOfAShippedScenarioIsItsFold() {
    QFETCH(QString, name);
    const std::vector<lab::event> log = log_of(name.toStdString());
    QVERIFY(log.size() > 5);
    const std::vector<lab::state> expected = folded(log);
    lab::moments past(log, {.spacing = 7});
    while (past.advance(5)) {
    }
    QCOMPARE(past.seq(), std::uint64_t(log.size()));
    for (std::size_t seq = log.size() + 1; seq-- > 0;) QVERIFY(past.at(seq) == expected[seq]);
}

void tst_moments::everyMomentOfARandomLogIsItsFold_data() {
    QTest::addColumn<int>("sweepEvery");
    QTest::addColumn<int>("resetEvery");
    QTest::newRow("one life") << 0 << 0;
    QTest::newRow("with sweeps") << 97 << 0;
    QTest::newRow("with resets") << 0 << 311;
    QTest::newRow("with both") << 53 << 401;
}

void tst_moments::everyMomentOfARandomLogIsItsFold() {
    QFETCH(int, sweepEvery);
    QFETCH(int, resetEvery);
    const std::vector<lab::event> log = random_log({.events = 1200,
                                                    .contexts = 150,
                                                    .seed = 5,
                                                    .sweep_every = static_cast<std::size_t>(sweepEvery),
                                                    .reset_every = static_cast<std::size_t>(resetEvery)});
    const std::vector<lab::state> expected = folded(log);
    lab::moments past(log, {.spacing = 64});
    past.advance();
    QVERIFY(past.costs().checkpoints >= log.size() / 64 / 2);
    std::mt19937 random(3);
    for (int i = 0; i < 600; ++i) {
        const std::size_t seq = random() % (log.size() + 1);
        QVERIFY(past.at(seq) == expected[seq]);
        if (seq > 0) QVERIFY(past.at(seq - 1) == expected[seq - 1]);
    }
    QVERIFY(past.head() == expected.back());
}

void tst_moments::aLogNotReadYetHasItsMomentsToo() {
    const std::vector<lab::event> log = random_log({.events = 3000, .contexts = 100});
    const std::vector<lab::state> expected = folded(log);
    lab::moments past(log, {.spacing = 100});
    QVERIFY(past.advance(1000));
    QCOMPARE(past.seq(), std::uint64_t(1000));
    for (const std::size_t seq : {2999, 1000, 999, 1001, 2500, 2400, 0, 3000})
        QVERIFY(past.at(seq) == expected[seq]);
    QCOMPARE(past.seq(), std::uint64_t(1000));
}

void tst_moments::beyondTheEndIsTheEnd() {
    lab::event_log log;
    lab::moments past(log);
    QVERIFY(!past.advance());
    QCOMPARE(past.at(7).seq(), std::uint64_t(0));
    for (const lab::event& e : random_log({.events = 300, .contexts = 10})) log.append(e);
    QCOMPARE(past.at(1'000'000).seq(), std::uint64_t(300));
    while (past.advance()) {
    }
    QCOMPARE(past.at(1'000'000).seq(), std::uint64_t(300));
}

void tst_moments::aMomentStaysAsItWasWhileTheLogGrows() {
    const std::vector<lab::event> all = random_log({.events = 2000, .contexts = 200, .sweep_every = 301});
    const std::vector<lab::state> expected = folded(all);
    lab::event_log log;
    lab::moments past(log, {.spacing = 50});
    std::vector<lab::state> kept;
    for (const lab::event& e : all) {
        log.append(e);
        past.advance();
        if (e.seq % 40 == 0) kept.push_back(past.at(e.seq - 20)), kept.push_back(past.head());
    }
    for (const lab::state& s : kept) QVERIFY(s == expected[s.seq()]);
}

void tst_moments::checkpointsThatCostTooMuchAreThinned() {
    const std::vector<lab::event> log = random_log({.events = 20'000, .contexts = 200});
    lab::moments roomy(log, {.spacing = 50});
    roomy.advance();
    QCOMPARE(roomy.costs().spacing, std::size_t(50));
    lab::moments tight(log, {.spacing = 50, .bytes = 1'000'000});
    tight.advance();
    QVERIFY(roomy.costs().bytes > 2 * tight.costs().bytes);
    QVERIFY(tight.costs().bytes <= 1'000'000 + 2 * tight.head().bytes_beside({}));
    QVERIFY(tight.costs().spacing >= 100);
    QVERIFY(tight.costs().checkpoints * tight.costs().spacing > log.size() / 3);
    for (std::size_t seq = 13; seq < log.size(); seq += 997) QVERIFY(tight.at(seq) == roomy.at(seq));
}

void tst_moments::aLongLogOfManyThings() {
    const std::vector<lab::event> log =
        random_log({.events = 100'000, .contexts = 10'000, .sweep_every = 9001});
    lab::moments past(log);
    while (past.advance()) {
    }
    lab::state s;
    for (const lab::event& e : log) {
        s.apply(e);
        if (e.seq % 19'997 == 0) QVERIFY(past.at(e.seq) == s);
    }
    QVERIFY(past.head() == s);
}

void tst_moments::readersLookWhileTheLogGrows() {
    const std::vector<lab::event> all = random_log({.events = 20'000, .contexts = 500, .sweep_every = 2003});
    lab::event_log log;
    lab::moments past(log, {.spacing = 128});
    std::atomic<int> wrong = 0, ready = 0;
    std::vector<std::thread> readers;
    for (unsigned seed = 1; seed <= 2; ++seed)
        readers.emplace_back([&, seed] {
            std::mt19937 random(seed);
            ++ready;
            for (std::uint64_t end = 0; end < all.size(); end = log.last_seq()) {
                const std::uint64_t seq = random() % (end + 1);
                if (past.at(seq).seq() != seq) ++wrong;
            }
        });
    while (ready < 2) std::this_thread::yield();
    for (const lab::event& e : all) {
        log.append(e);
        past.advance();
    }
    for (std::thread& t : readers) t.join();
    QCOMPARE(wrong.load(), 0);
    lab::state s;
    for (const lab::event& e : all) s.apply(e);
    QVERIFY(past.at(all.size()) == s);
}

QTEST_APPLESS_MAIN(tst_moments)
#include "tst_moments.moc"
