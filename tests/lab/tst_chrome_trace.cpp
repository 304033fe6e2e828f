// SPDX-License-Identifier: MIT
#include "lab/chrome_trace.h"
#include "lab/laboratory.h"
#include "lab/scenario.h"
#include "lab/story.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <map>
#include <set>
#include <sstream>

using namespace std::chrono_literals;
using lab::context_kind;
using lab::event_kind;

namespace {

using track = std::pair<int, std::uint64_t>; // process and thread

struct arrow {
    std::string what, from, to; ///< the slices at its ends
    double left = 0, arrived = 0;
};

/// A trace as Perfetto reads it: lines of a track in order, slices that open and close, flows between slices.
struct trace {
    std::map<track, std::vector<std::string>> open;
    std::map<track, double> last;
    std::map<track, std::string> names;
    std::map<std::uint64_t, arrow> begun;
    std::vector<arrow> arrows;
    std::vector<std::string> slices; ///< names, as they open
    std::string problem;

    explicit trace(const std::vector<lab::event>& events) {
        const auto j = nlohmann::json::parse(lab::chrome_trace(events));
        std::map<std::uint64_t, int> process_of;
        for (const auto& line : j.at("traceEvents")) {
            const char phase = line.at("ph").get<std::string>()[0];
            const int process = line.at("pid");
            if (!line.contains("tid")) continue; // the name of a process
            const track t(process, line.at("tid"));
            if (process_of.try_emplace(t.second, process).first->second != process)
                complain("a thread of two processes", line);
            if (phase == 'M')
                names[t] = line.at("args").at("name");
            else
                read(phase, t, line);
        }
        for (const auto& [t, stack] : open)
            if (!stack.empty()) problem += "left open: " + stack.back() + "\n";
        if (!begun.empty()) problem += "an arrow without an end\n";
    }

    void complain(const char* what, const nlohmann::json& line) {
        problem += std::string(what) + ": " + line.dump() + "\n";
    }

    void read(char phase, track t, const nlohmann::json& line) {
        const double at = line.at("ts");
        if (const auto before = last.find(t); before != last.end() && before->second > at)
            complain("time goes back", line);
        last[t] = at;
        std::vector<std::string>& stack = open[t];
        if (phase == 'B') {
            stack.push_back(line.at("name"));
            slices.push_back(stack.back());
        } else if (stack.empty()) {
            complain("outside of all slices", line);
        } else if (phase == 'E') {
            stack.pop_back();
        } else if (phase == 's') {
            if (!begun.try_emplace(line.at("id"), arrow{line.at("name"), stack.back(), {}, at, 0}).second)
                complain("an id twice", line);
        } else if (phase == 'f') {
            end_arrow(stack.back(), at, line);
        } else {
            complain("unknown phase", line);
        }
    }

    void end_arrow(const std::string& slice, double at, const nlohmann::json& line) {
        const auto found = begun.find(line.at("id"));
        if (found == begun.end()) return complain("an arrow without a beginning", line);
        arrow a = found->second;
        begun.erase(found);
        if (line.at("name") != a.what || line.at("cat") != "cause" || line.at("bp") != "e")
            complain("a flow", line);
        a.to = slice;
        a.arrived = at;
        arrows.push_back(std::move(a));
    }

    std::string told() const {
        std::string text;
        for (const arrow& a : arrows) text += a.what + ": " + a.from + " > " + a.to + "\n";
        return text;
    }
};

std::vector<lab::event> run_of(const lab::scenario& s) {
    lab::laboratory it({.seed = s.seed,
                        .running = false,
                        .as_fast_as_possible = true,
                        .with = std::make_shared<const lab::scenario>(s)});
    it.call(lab::change_clock{.action = lab::clock_action::finish, .by = 1h});
    return it.log().read(0);
}

} // namespace

/// The Chrome trace of a log, against what the format's description asks of slices and flows.
class tst_chrome_trace : public QObject {
    Q_OBJECT
  private slots:
    void everyShippedScenarioIsWellFormed_data();
    void everyShippedScenarioIsWellFormed();
    void arrowsFollowACancelToTheExit();
    void arrowsFollowTheTree();
    void aWorkerOfAValueSeesItsAncestorsEnd();
    void aWorkerThatNeverLooksGetsNoArrow();
    void aCallOfTheClientLeadsToItsRequest();
    void anotherLifeEndsTheTracksOfTheOneBefore();
    void whatIsOpenIsEndedWhereverTheLogStops();
    void everyNanosecondIsKept();
};

void tst_chrome_trace::everyShippedScenarioIsWellFormed_data() {
    QTest::addColumn<int>("index");
    const auto all = lab::shipped_scenarios();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!all[i].needs_sockets()) QTest::addRow("%s", all[i].name.c_str()) << static_cast<int>(i);
}

void tst_chrome_trace::everyShippedScenarioIsWellFormed() {
    QFETCH(int, index);
    const auto events = run_of(lab::shipped_scenarios()[static_cast<std::size_t>(index)]);
    const trace t(events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    std::size_t noticed = 0, exited = 0;
    for (const lab::event& e : events) noticed += e.kind == event_kind::worker_noticed;
    for (const arrow& a : t.arrows) exited += a.what == "leaves";
    QCOMPARE(exited, noticed);
}

void tst_chrome_trace::arrowsFollowACancelToTheExit() {
    story s;
    s.root();
    s.created(2, 1, context_kind::with_cancel, "job");
    s.worker(event_kind::worker_started, 1, 2, "wait");
    s.at_ms(500);
    s.about(event_kind::cancel_called, 2);
    s.done(2, 2);
    s.about(event_kind::wave_finished, 2);
    s.at_ms(700);
    s.worker(event_kind::worker_noticed, 1, 2);
    s.at_ms(800);
    s.worker(event_kind::worker_exited, 1, 2, "context canceled");
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.told(), std::string("cancels: cancel called > done: context canceled\n"
                                   "Done: done: context canceled > noticed\n"
                                   "leaves: noticed > exited: context canceled\n"));
    QCOMPARE(t.arrows[1].arrived, 700'000.0);
}

void tst_chrome_trace::arrowsFollowTheTree() {
    story s;
    s.root();
    s.created(2, 1, context_kind::with_cancel, "a");
    s.created(3, 2, context_kind::with_cancel, "b");
    s.created(4, 2, context_kind::after_func, "f");
    s.about(event_kind::deadline_expired, 2);
    s.done(2, 2, "context deadline exceeded");
    s.add({.kind = event_kind::child_visited, .context = 3, .parent = 2});
    s.done(3, 2, "context deadline exceeded", "slow");
    s.add({.kind = event_kind::child_visited, .context = 4, .parent = 2});
    s.about(event_kind::after_func_run, 4);
    s.about(event_kind::wave_finished, 2);
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.told(),
             std::string("cancels: deadline expired > done: context deadline exceeded\n"
                         "cancels: done: context deadline exceeded > done: context deadline exceeded\n"
                         "starts: done: context deadline exceeded > callback started\n"));
}

void tst_chrome_trace::aWorkerOfAValueSeesItsAncestorsEnd() {
    story s;
    s.root();
    s.created(2, 1, context_kind::with_cancel, "job");
    s.value(3, 2, "user", "ana");
    s.value(4, 3, "trace", "7");
    s.worker(event_kind::worker_started, 1, 4, "wait");
    s.about(event_kind::cancel_called, 2);
    s.done(2, 2);
    s.about(event_kind::wave_finished, 2);
    s.worker(event_kind::worker_noticed, 1, 4);
    s.worker(event_kind::worker_exited, 1, 4, "context canceled");
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.arrows.size(), std::size_t(3));
    QCOMPARE(t.arrows[1].from, std::string("done: context canceled"));
}

void tst_chrome_trace::aWorkerThatNeverLooksGetsNoArrow() {
    story s;
    s.root();
    s.created(2, 1, context_kind::with_cancel, "job");
    s.worker(event_kind::worker_started, 1, 2, "stubborn");
    s.about(event_kind::cancel_called, 2);
    s.done(2, 2);
    s.about(event_kind::wave_finished, 2);
    s.worker(event_kind::worker_leaked, 1, 2);
    s.at_ms(900);
    s.worker(event_kind::worker_exited, 1, 2, "finished");
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.arrows.size(), std::size_t(1)); // the cancel itself
    QVERIFY(std::find(t.slices.begin(), t.slices.end(), "leaked") != t.slices.end());
}

void tst_chrome_trace::aCallOfTheClientLeadsToItsRequest() {
    story s;
    s.root();
    s.add({.kind = event_kind::client_sent, .client = 1, .name = "GET", .text = "http://x/process"});
    s.created(2, 1, context_kind::with_cancel_cause, "GET /process");
    s.add({.kind = event_kind::request_started,
           .context = 2,
           .by = 1,
           .request = 1,
           .name = "GET",
           .text = "/process"});
    s.add({.kind = event_kind::request_ended, .context = 2, .request = 1, .value = 200});
    s.add({.kind = event_kind::client_ended, .client = 1, .value = 200});
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.told(), std::string("request: GET http://x/process > GET /process\n"));
}

void tst_chrome_trace::anotherLifeEndsTheTracksOfTheOneBefore() {
    story s;
    s.root();
    s.created(2, 1, context_kind::with_cancel, "first life");
    s.worker(event_kind::worker_started, 1, 2, "wait");
    s.root();
    s.created(2, 1, context_kind::with_cancel, "second life");
    const trace t(s.events);
    QVERIFY2(t.problem.empty(), t.problem.c_str());
    QCOMPARE(t.slices.back(), std::string("second life"));
}

void tst_chrome_trace::whatIsOpenIsEndedWhereverTheLogStops() {
    auto events = run_of(lab::find_scenario("deadline-tree"));
    while (!events.empty()) {
        const trace t(events);
        QVERIFY2(t.problem.empty(), t.problem.c_str());
        events.pop_back();
    }
}

void tst_chrome_trace::everyNanosecondIsKept() {
    story s;
    s.now = std::chrono::hours(24 * 365 * 50) + 7ns;
    s.root();
    QVERIFY(lab::chrome_trace(s.events).find("\"ts\":1576800000000000.007") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_chrome_trace)
#include "tst_chrome_trace.moc"
