// SPDX-License-Identifier: MIT
#include "lab/code_cpp.h"
#include "lab/code_run.h"
#include "lab/laboratory.h"

#include <QTest>

using namespace std::chrono_literals;

/// What people do during a run becomes a part of the program that is written of it.
class tst_code_run : public QObject {
    Q_OBJECT
  private slots:
    void inputsStandAtTheirTimes();
    void aLifeWithoutAScenarioIsWhatPeopleDid();
    void aContextOfARequestCannotBeNamed();

  private:
    /// Executes a command at the laboratory's present time, and keeps it as an input.
    lab::reply does(lab::laboratory& l, const lab::command& c) {
        const std::uint64_t before = l.log().last_seq();
        const lab::reply r = l.call(c, "you");
        for (const lab::event& e : l.log().read(before)) {
            if (e.kind != lab::event_kind::command_issued || e.name != "you") continue;
            inputs.push_back({.seq = e.seq, .at = e.at, .what = c});
            break;
        }
        return r;
    }
    std::vector<lab::run_input> inputs;
};

void tst_code_run::inputsStandAtTheirTimes() {
    inputs.clear();
    auto s = std::make_shared<lab::scenario>(lab::find_scenario("leak"));
    s->commands.pop_back(); // nobody cancels the job
    lab::laboratory l({.running = false, .as_fast_as_possible = true, .with = s});
    does(l, lab::change_clock{.action = lab::clock_action::advance, .by = 250ms});
    QCOMPARE(does(l, lab::new_context{.parent = 99}).status, 404); // refused: no part of the program
    const lab::reply made =
        does(l, lab::new_context{.parent = 2, .kind = lab::context_kind::with_cancel, .name = "job"});
    QVERIFY2(made.ok(), made.error.c_str());
    QVERIFY(does(l, lab::new_worker{.context = made.id, .kind = "wait", .name = "mine"}).ok());
    does(l, lab::change_clock{.action = lab::clock_action::advance, .by = 100ms});
    QVERIFY(does(l, lab::cancel_context{.context = made.id}).ok());

    const lab::scenario all = lab::with_inputs(*s, inputs, l.log().read(0));
    QCOMPARE(all.commands.size(), s->commands.size() + 3);
    const lab::scenario_command& context = all.commands[s->commands.size()];
    QCOMPARE(context.at, lab::lab_time(250ms));
    QCOMPARE(context.id, std::string("job 2")); // "job" is the scenario's word
    QCOMPARE(context.context, std::string("job"));
    QCOMPARE(all.commands.back().at, lab::lab_time(350ms));
    QCOMPARE(all.commands.back().context, std::string("job 2"));
    const std::string program = lab::to_cpp(all);
    QVERIFY2(program.find("co_await at(350ms);\n    cancel_job_2();") != std::string::npos, program.c_str());
}

void tst_code_run::aLifeWithoutAScenarioIsWhatPeopleDid() {
    lab::laboratory l({.seed = 5, .running = false, .as_fast_as_possible = true});
    l.call(lab::new_context{.name = "forgotten"}, "you");
    l.call(lab::reset_lab{}, "you");
    l.call(lab::new_context{.name = "job"}, "you");
    l.call(lab::cancel_context{.context = 99}, "you"); // refused
    l.call(lab::new_worker{.context = 2, .kind = "wait", .name = "mine"}, "api");
    l.call(lab::change_clock{.action = lab::clock_action::advance, .by = 30ms}, "you");
    l.call(lab::cancel_context{.context = 2}, "you");
    const lab::life life = l.lives().back();
    const lab::scenario s =
        lab::with_inputs(life, lab::log_view(l.log(), life.first_seq, l.log().last_seq()));
    QCOMPARE(s.seed, std::int64_t(5));
    QCOMPARE(s.commands.size(), std::size_t(3));
    QCOMPARE(s.commands[0].id, std::string("job"));
    QCOMPARE(s.commands[1].context, std::string("job"));
    QCOMPARE(s.commands[2].at, lab::lab_time(30ms));
    QVERIFY(!lab::to_cpp(s).empty());
}

void tst_code_run::aContextOfARequestCannotBeNamed() {
    const lab::scenario s;
    const lab::event issued{.seq = 1, .kind = lab::event_kind::command_issued, .name = "you"};
    const lab::run_input input{.seq = 1, .at = {}, .what = lab::cancel_context{.context = 7}};
    QVERIFY_EXCEPTION_THROWN(lab::with_inputs(s, {input}, {issued}), lab::input_error);
}

QTEST_APPLESS_MAIN(tst_code_run)
#include "tst_code_run.moc"
