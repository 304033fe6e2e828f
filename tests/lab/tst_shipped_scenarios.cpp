// SPDX-License-Identifier: MIT
#include "lab/event_json.h"
#include "lab/laboratory.h"
#include "lab/narration.h"
#include "lab/scenario.h"
#include "lab/seeds.h"
#include "lab/state_json.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using lab::context_state;
using lab::event_kind;
using lab::worker_state;

namespace {

/// A shipped scenario, run to its end on virtual time.
struct run {
    std::vector<lab::event> events;
    lab::state picture;

    explicit run(const char* name) {
        lab::laboratory it({.running = false, .as_fast_as_possible = true});
        const std::uint64_t before = it.log().last_seq();
        const auto s = std::make_shared<const lab::scenario>(lab::find_scenario(name));
        const lab::reply started = it.call(lab::reset_lab{s});
        if (!started.ok()) qFatal("%s", started.error.c_str());
        it.call(lab::change_clock{.action = lab::clock_action::finish, .by = 1h});
        events = it.log().read(before);
        const auto first = std::find_if(events.begin(), events.end(), [](const lab::event& e) {
            return e.kind == event_kind::lab_started;
        });
        events.erase(events.begin(), first);
        for (const lab::event& e : events) picture.apply(e);
    }

    const lab::context_info& context(const std::string& name) const {
        const auto& all = picture.contexts();
        const auto it = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == name; });
        if (it == all.end()) qFatal("no context %s", name.c_str());
        return *it;
    }

    const lab::worker_info& worker(const std::string& name) const {
        const auto& all = picture.workers();
        const auto it = std::find_if(all.begin(), all.end(), [&](const auto& w) { return w.name == name; });
        if (it == all.end()) qFatal("no worker %s", name.c_str());
        return *it;
    }

    std::vector<std::string> values_found() const {
        std::vector<std::string> found;
        for (const lab::event& e : events) {
            if (e.kind == event_kind::value_looked_up) found.push_back(e.on ? e.data : "-");
        }
        return found;
    }
};

bool at_ms(const std::optional<lab::lab_time>& t, std::int64_t ms) {
    return t == lab::lab_time(ms * 1ms);
}

} // namespace

class tst_shipped_scenarios : public QObject {
    Q_OBJECT
  private slots:
    void theirLogsSurviveTheFile_data() { names(); }
    void theirLogsSurviveTheFile();
    void theyGiveTheSameLogEachTime_data() { names(); }
    void theyGiveTheSameLogEachTime();
    void nothingIsRefusedAndNobodyStays_data() { names(); }
    void nothingIsRefusedAndNobodyStays();
    void theFirstOperationStopsTheSecond();
    void eitherErrorWins();
    void theFirstFailureStopsTheGroup();
    void theStubbornWorkerIsLeakedUntilItEnds();
    void theShortestDeadlineWins();
    void theNearestValueWins();

  private:
    static void names();
};

void tst_shipped_scenarios::names() {
    QTest::addColumn<QByteArray>("name");
    for (const lab::scenario& s : lab::shipped_scenarios()) {
        if (!s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QByteArray::fromStdString(s.name);
    }
}

void tst_shipped_scenarios::theirLogsSurviveTheFile() {
    QFETCH(QByteArray, name);
    const run r(name.constData());
    for (const lab::event& e : r.events) {
        const std::string line = lab::to_line(e);
        QVERIFY2(lab::event_from_json(nlohmann::json::parse(line)) == e, line.c_str());
    }
}

void tst_shipped_scenarios::theyGiveTheSameLogEachTime() {
    QFETCH(QByteArray, name);
    const run first(name.constData()), second(name.constData());
    QCOMPARE(first.events.size(), second.events.size());
    for (std::size_t i = 0; i < first.events.size(); ++i) {
        QCOMPARE(lab::to_line(first.events[i]), lab::to_line(second.events[i]));
    }
}

void tst_shipped_scenarios::nothingIsRefusedAndNobodyStays() {
    QFETCH(QByteArray, name);
    const run r(name.constData());
    for (const lab::event& e : r.events) {
        QVERIFY2(e.kind != event_kind::command_refused, e.text.c_str());
    }
    QCOMPARE(r.picture.counts().live_workers, std::size_t(0));
    QCOMPARE(r.picture.counts().leaked, std::size_t(0));
}

void tst_shipped_scenarios::theFirstOperationStopsTheSecond() {
    const run r("operation-fails");
    const lab::context_info& c = r.context("operations");
    QVERIFY(at_ms(c.done, 100));
    QCOMPARE(c.err, std::string("context canceled"));
    QCOMPARE(c.cause, std::string("operation1 failed"));
    QVERIFY(at_ms(r.worker("operation2").exited, 100));
    QVERIFY(at_ms(r.worker("operation2").noticed, 100));
}

void tst_shipped_scenarios::eitherErrorWins() {
    const lab::seed_report r = lab::try_seeds(lab::find_scenario("which-error"), 40);
    QCOMPARE(r.outcomes.size(), std::size_t(2));
    std::set<std::string> fates;
    for (const lab::outcome& o : r.outcomes) fates.insert(o.fates.begin(), o.fates.end());
    QVERIFY(fates.contains("context job: context canceled, cause disk full"));
    QVERIFY(fates.contains("context job: context canceled, cause network down"));
    QVERIFY(fates.contains("worker disk: context canceled, noticed"));
    QVERIFY(fates.contains("worker network: context canceled, noticed"));
}

void tst_shipped_scenarios::theFirstFailureStopsTheGroup() {
    const run r("fan-out");
    QVERIFY(at_ms(r.worker("backends").exited, 300));
    QVERIFY(r.picture.workers().size() >= 7);
    for (const lab::worker_info& w : r.picture.workers()) QVERIFY2(at_ms(w.exited, 300), w.name.c_str());
    QVERIFY(at_ms(r.context("page").done, 1500));
}

void tst_shipped_scenarios::theStubbornWorkerIsLeakedUntilItEnds() {
    const run r("leak");
    QVERIFY(at_ms(r.worker("polite").exited, 500));
    QVERIFY(at_ms(r.worker("computing").exited, 600));
    QVERIFY(!r.worker("polite").leaked);
    QVERIFY(at_ms(r.worker("stubborn").leaked, 500));
    QVERIFY(at_ms(r.worker("stubborn").exited, 2000));
}

void tst_shipped_scenarios::theShortestDeadlineWins() {
    const run r("deadline-tree");
    QVERIFY(at_ms(r.context("database").done, 500));
    QCOMPARE(r.context("database").cause, std::string("database too slow"));
    QVERIFY(!r.context("backend").own_deadline);
    QCOMPARE(r.context("backend").deadline_owner, r.context("request").id);
    QVERIFY(at_ms(r.context("backend").done, 2000));
    QVERIFY(r.context("backend").state == context_state::deadline_exceeded);
    QVERIFY(r.context("user").state == context_state::deadline_exceeded); // a view
    QVERIFY(r.context("clean up").fired);
    QVERIFY(r.context("audit").state == context_state::active);
    QVERIFY(r.context("server").state == context_state::active);
    QCOMPARE(r.worker("write log").reason, std::string("finished"));
    QVERIFY(at_ms(r.worker("write log").exited, 2500));
    QVERIFY(at_ms(r.context("audit log").done, 3000));
    QCOMPARE(r.values_found(), (std::vector<std::string>{"ana"}));
}

void tst_shipped_scenarios::theNearestValueWins() {
    const run r("values");
    QCOMPARE(r.values_found(),
             (std::vector<std::string>{"root", "4f2a", "ana", "guest", "-", "root", "guest"}));
    QVERIFY(r.context("background job").state == context_state::active);
    QVERIFY(r.context("guest").state == context_state::canceled);
}

QTEST_APPLESS_MAIN(tst_shipped_scenarios)
#include "tst_shipped_scenarios.moc"
