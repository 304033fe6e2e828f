// SPDX-License-Identifier: MIT
#include "lab/input_error.h"
#include "lab/seeds.h"

#include <QTest>

#include <set>

using namespace std::chrono_literals;

namespace {

/// Two operations fail at the same moment: whose error becomes the cause, Go does not say.
lab::scenario race() {
    return lab::parse_scenario(R"({
      "name": "race", "title": "Two fail at once", "description": "d", "seed": 1,
      "commands": [
        {"at_ms": 0, "do": "context", "id": "job", "parent": "root", "kind": "with_cancel_cause"},
        {"at_ms": 0, "do": "worker", "id": "disk", "context": "job", "kind": "operation", "for": "10ms", "fail": "disk full"},
        {"at_ms": 0, "do": "worker", "id": "net", "context": "job", "kind": "operation", "for": "10ms", "fail": "net down"},
        {"at_ms": 0, "do": "worker", "id": "idle", "context": "job", "kind": "wait"}
      ]})",
                               "race.json");
}

bool says(const lab::outcome& o, const std::string& fate) {
    return std::find(o.fates.begin(), o.fates.end(), fate) != o.fates.end();
}

} // namespace

class tst_seeds : public QObject {
    Q_OBJECT
  private slots:
    void whatIsNotDefinedShowsAsOutcomes();
    void everyOutcomeComesBackWithItsSeed();
    void anOrderThatIsNotDefinedDoesNotMakeAnotherOutcome();
    void itStopsWhenAskedAndTellsHowFarItIs();
    void whatGoesOnForEverIsCounted();
    void socketsAreRefused();
};

void tst_seeds::whatIsNotDefinedShowsAsOutcomes() {
    const lab::seed_report r = lab::try_seeds(race(), 60);
    QCOMPARE(r.tried, std::size_t(60));
    QCOMPARE(r.endless, std::size_t(0));
    QCOMPARE(r.outcomes.size(), std::size_t(2));
    QVERIFY(r.outcomes[0].count >= r.outcomes[1].count);
    QCOMPARE(r.outcomes[0].count + r.outcomes[1].count, std::size_t(60));
    std::set<std::string> causes;
    for (const lab::outcome& o : r.outcomes)
        for (const char* const cause : {"disk full", "net down"})
            if (says(o, std::string("context job: context canceled, cause ") + cause)) causes.insert(cause);
    QCOMPARE(causes.size(), std::size_t(2));
    for (const lab::outcome& o : r.outcomes) QVERIFY(says(o, "worker idle: context canceled, noticed"));
}

void tst_seeds::everyOutcomeComesBackWithItsSeed() {
    for (const lab::outcome& o : lab::try_seeds(race(), 40, {.first = 100}).outcomes) {
        QVERIFY(o.seed >= 100);
        const lab::seed_report again = lab::try_seeds(race(), 1, {.first = o.seed});
        QCOMPARE(again.outcomes.front().fates, o.fates);
        for (const lab::exit_order& e : o.orders)
            QCOMPARE(lab::try_seeds(race(), 1, {.first = e.seed}).outcomes.front().orders.front().workers,
                     e.workers);
    }
}

void tst_seeds::anOrderThatIsNotDefinedDoesNotMakeAnotherOutcome() {
    const lab::scenario s = lab::parse_scenario(R"({
      "name": "order", "title": "Two leave at once", "description": "d", "seed": 1,
      "commands": [
        {"at_ms": 0, "do": "context", "id": "job", "parent": "root", "kind": "with_timeout", "timeout": "10ms"},
        {"at_ms": 0, "do": "worker", "id": "a", "context": "job", "kind": "wait"},
        {"at_ms": 0, "do": "worker", "id": "b", "context": "job", "kind": "wait"}
      ]})",
                                                "order.json");
    const lab::seed_report r = lab::try_seeds(s, 40);
    QCOMPARE(r.outcomes.size(), std::size_t(1));
    QCOMPARE(r.outcomes[0].orders.size(), std::size_t(2));
    QCOMPARE(r.outcomes[0].orders[0].count + r.outcomes[0].orders[1].count, std::size_t(40));
}

void tst_seeds::itStopsWhenAskedAndTellsHowFarItIs() {
    std::stop_source stop;
    std::size_t seen = 0;
    const lab::seed_report r =
        lab::try_seeds(race(), 1000, {.stop = stop.get_token(), .progress = [&](std::size_t tried) {
                                          seen = tried;
                                          if (tried == 7) stop.request_stop();
                                      }});
    QCOMPARE(r.tried, std::size_t(7));
    QCOMPARE(seen, std::size_t(7));
}

void tst_seeds::whatGoesOnForEverIsCounted() {
    const lab::scenario s = lab::parse_scenario(R"({
      "name": "poll", "title": "A poller", "description": "d", "seed": 1,
      "commands": [{"at_ms": 0, "do": "worker", "id": "p", "context": "root", "kind": "poller", "every": "1s"}]})",
                                                "poll.json");
    const lab::seed_report r = lab::try_seeds(s, 3, {.longest = 10s});
    QCOMPARE(r.endless, std::size_t(3));
    QVERIFY(says(r.outcomes.front(), "worker p: still at work"));
}

void tst_seeds::socketsAreRefused() {
    try {
        lab::try_seeds(lab::find_scenario("search"), 1);
        QFAIL("it was not refused");
    } catch (const lab::input_error& e) {
        QVERIFY(QString(e.what()).contains("search: sends requests"));
    }
}

QTEST_APPLESS_MAIN(tst_seeds)
#include "tst_seeds.moc"
