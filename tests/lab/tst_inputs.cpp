// SPDX-License-Identifier: MIT
#include "lives.h"

#include "ctx/cancel.h"
#include "ctx/timer.h"
#include "lab/replay.h"

#include <QTest>

#include <thread>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;

namespace {

class silent_sender final : public lab::request_sender {
  public:
    lab::reply send(const lab::send_request&) override { return {}; }
    lab::reply abort(const lab::abort_request&) override { return {}; }
};

bool ended(const std::vector<lab::event>& events, std::chrono::nanoseconds at) {
    return !events.empty() && events.back().at >= at;
}

/// Plays until nothing is left that can happen.
std::vector<lab::event> play(lab::options o) {
    lab::laboratory l(std::move(o));
    if (!l.wait_idle(60s)) qFatal("it did not come to rest");
    return lives::events(l);
}

} // namespace

class tst_inputs : public QObject {
    Q_OBJECT
  private slots:
    void everyCommandFromOutsideIsKeptWithItsPlace();
    void theScenariosOwnCommandsAreNotInputs();
    void aRefusedCommandAndAQuestionChangeNothing();
    void aCommandThatComesWhileAThreadIsHeldSaysSo();
    void aNewLifeBeginsWithoutInputs();
    void whatWentIntoEarlierLivesIsKept();
    void timeDoesNotPassTheNextTimer();
    void thePaceDoesNotMatter_data();
    void thePaceDoesNotMatter();
    void whatCannotBeExecutedAgainSaysWhy_data();
    void whatCannotBeExecutedAgainSaysWhy();
};

void tst_inputs::everyCommandFromOutsideIsKeptWithItsPlace() {
    lab::laboratory l({.seed = 3, .running = false, .as_fast_as_possible = true});
    const lab::id_t c = l.call(lab::new_context{.kind = context_kind::with_cancel}, "you").id;
    l.call(lab::change_clock{.action = clock_action::advance, .by = 10ms}, "cli");
    l.call(lab::cancel_context{.context = c}, "you");
    l.call(lab::sweep{}, "api");
    const lab::life life = l.inputs();
    QCOMPARE(life.recorded_only, std::string());
    QCOMPARE(life.seed, std::int64_t(3));
    QCOMPARE(life.inputs.size(), std::size_t(4));
    std::vector<std::string> who;
    for (const lab::input& in : life.inputs) {
        who.push_back(in.who);
        const lab::event e = l.log().read(in.seq - 1, 1).front();
        QCOMPARE(e.kind, lab::event_kind::command_issued);
        QCOMPARE(e.name, in.who);
        QVERIFY(!e.text.empty());
        QCOMPARE(e.at, in.at);
        QVERIFY(!in.held);
    }
    QCOMPARE(who, (std::vector<std::string>{"you", "cli", "you", "api"}));
    QCOMPARE(life.inputs[2].at, lab::lab_time(10ms));
    QVERIFY(life.inputs[0].changed && !life.inputs[1].changed && life.inputs[2].changed);
}

void tst_inputs::theScenariosOwnCommandsAreNotInputs() {
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario("leak"));
    lab::laboratory l({.as_fast_as_possible = true, .with = s});
    QVERIFY(l.wait_idle(20s));
    QVERIFY(l.inputs().inputs.empty());
    QCOMPARE(l.inputs().with, std::shared_ptr<const lab::scenario>(s));
    QCOMPARE(l.inputs().seed, s->seed);
}

void tst_inputs::aRefusedCommandAndAQuestionChangeNothing() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    QVERIFY(!l.call(lab::cancel_context{.context = 99}).ok());
    QVERIFY(l.call(lab::look_up_value{.context = 1, .key = "k"}).ok());
    const std::vector<lab::input> inputs = l.inputs().inputs;
    QCOMPARE(inputs.size(), std::size_t(2));
    QVERIFY(!inputs[0].changed && !inputs[1].changed);
}

void tst_inputs::aCommandThatComesWhileAThreadIsHeldSaysSo() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    const lab::id_t c = l.call(lab::new_context{.kind = context_kind::with_cancel}).id;
    l.call(lab::change_clock{.action = clock_action::step, .size = lab::step_size::node});
    l.post(lab::cancel_context{.context = c});
    QTRY_VERIFY(l.held());
    l.call(lab::new_context{.parent = c});
    QVERIFY(l.call(lab::change_clock{.action = clock_action::run}).ok());
    QVERIFY(l.wait_idle(20s));
    const std::vector<lab::input> inputs = l.inputs().inputs;
    QCOMPARE(inputs.size(), std::size_t(5));
    QVERIFY(!inputs[2].held && inputs[3].held && inputs[4].held);
}

void tst_inputs::aNewLifeBeginsWithoutInputs() {
    lab::laboratory l({.running = false, .as_fast_as_possible = true});
    l.call(lab::new_context{});
    const std::uint64_t before = l.log().last_seq();
    l.call(lab::reset_lab{});
    QVERIFY(l.inputs().inputs.empty());
    QCOMPARE(l.inputs().first_seq, before + 1);
}

void tst_inputs::whatWentIntoEarlierLivesIsKept() {
    lab::laboratory l({.seed = 3, .running = false, .as_fast_as_possible = true});
    const lab::id_t c = l.call(lab::new_context{}, "you").id;
    l.call(lab::cancel_context{.context = c}, "you");
    const std::uint64_t end = l.log().last_seq();
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario("deadline-tree"));
    l.call(lab::reset_lab{.with = s});
    l.call(lab::new_context{}, "api");
    const std::uint64_t afterwards = l.log().last_seq();
    l.call(lab::reset_lab{});
    const std::vector<lab::life> all = l.lives();
    QCOMPARE(all.size(), std::size_t(3));
    QCOMPARE(all[0].seed, std::int64_t(3));
    QCOMPARE(all[0].first_seq, std::uint64_t(1));
    QCOMPARE(all[0].inputs.size(), std::size_t(2));
    QCOMPARE(all[0].here.seq, end);
    QCOMPARE(all[1].with, s);
    QCOMPARE(all[1].first_seq, end + 1);
    QCOMPARE(all[1].here.seq, afterwards); // what had not been played is not played at the end
    QCOMPARE(all[1].inputs.size(), std::size_t(1));
    QCOMPARE(all[1].inputs[0].who, std::string("api"));
    QCOMPARE(all[2].first_seq, all[1].here.seq + 1);
    QVERIFY(all[2].inputs.empty());
    for (std::size_t i = 0; i < 2; ++i) {
        const std::vector<lab::event> events =
            l.log().read(all[i].first_seq - 1, all[i].here.seq + 1 - all[i].first_seq);
        QCOMPARE(lab::check_replay(all[i], lab::log_view(events)), std::string());
    }
}

void tst_inputs::timeDoesNotPassTheNextTimer() {
    // However late the laboratory's thread is, what is due happens at its time, and commands come in between.
    lab::laboratory l({.speed = 16});
    const lab::id_t c = l.call(lab::new_context{.kind = context_kind::with_timeout, .timeout = 400ms}).id;
    l.call(lab::new_worker{.context = c, .kind = "poller", .every = 7ms});
    while (!l.snapshot().context(c)->done) l.call(lab::look_up_value{.context = c, .key = "k"});
    QVERIFY(l.wait_idle(20s));
    lab::lab_time before{};
    for (const lab::event& e : l.log().read(0)) {
        QVERIFY(e.at >= before);
        before = e.at;
    }
    const lab::context_info info = *l.snapshot().context(c);
    QCOMPARE(*info.done, *info.own_deadline);
}

void tst_inputs::thePaceDoesNotMatter_data() {
    QTest::addColumn<QString>("name");
    for (const lab::scenario& s : lab::shipped_scenarios())
        if (!s.needs_sockets()) QTest::addRow("%s", s.name.c_str()) << QString::fromStdString(s.name);
}

void tst_inputs::thePaceDoesNotMatter() {
    QFETCH(QString, name);
    const auto s = std::make_shared<lab::scenario>(lab::find_scenario(name.toStdString()));
    const std::vector<lab::event> paced = play({.speed = 16, .with = s});
    const std::vector<lab::event> fast = play({.speed = 16, .as_fast_as_possible = true, .with = s});
    QVERIFY(ended(fast, 100ms) || fast.size() > 20);
    QCOMPARE(lives::difference(paced, fast), std::string());
    QCOMPARE(paced.size(), fast.size());
    QCOMPARE(lab::running_hashes(paced), lab::running_hashes(fast));
}

void tst_inputs::whatCannotBeExecutedAgainSaysWhy_data() {
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("why");
    QTest::newRow("the real clock") << 0 << "it ran on the real clock";
    QTest::newRow("the real clock later") << 1 << "it ran on the real clock";
    QTest::newRow("sockets") << 2 << "it sent requests over sockets";
    QTest::newRow("another thread's context") << 3 << "threads of the HTTP half, or of others, worked in it";
    QTest::newRow("another thread's timer") << 4 << "threads of the HTTP half, or of others, worked in it";
    QTest::newRow("nothing of this") << 5 << "";
}

void tst_inputs::whatCannotBeExecutedAgainSaysWhy() {
    QFETCH(int, what);
    QFETCH(QString, why);
    silent_sender sender;
    lab::laboratory l({.mode = what == 0 ? lab::clock_mode::real_time : lab::clock_mode::virtual_time});
    l.set_request_sender(&sender);
    if (what == 1)
        l.call(lab::change_clock{.action = clock_action::set_mode, .mode = lab::clock_mode::real_time});
    if (what == 2) l.call(lab::send_request{.path = "/process"});
    if (what == 3) const ctx::cancelable mine = ctx::with_cancel(l.root());
    if (what == 4) const auto due = ctx::after(1ms, ctx::clock_of(l.root()));
    if (what == 5) l.call(lab::new_context{});
    QCOMPARE(QString::fromStdString(l.recorded_only()), why);
    const lab::reply again = l.call(lab::reset_lab{
        .from = std::make_shared<lab::rerun>(lab::rerun{.what = l.inputs(), .up_to = l.log().last_seq()})});
    QCOMPARE(again.ok(), why.isEmpty());
    QVERIFY2(QString::fromStdString(again.error).contains(why), again.error.c_str());
}

QTEST_APPLESS_MAIN(tst_inputs)
#include "tst_inputs.moc"
