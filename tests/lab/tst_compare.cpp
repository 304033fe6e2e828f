// SPDX-License-Identifier: MIT
#include "lives.h"
#include "story.h"

#include "lab/compare.h"
#include "lab/describe.h"
#include "lab/replay.h"

#include <QTest>

using namespace std::chrono_literals;
using lab::clock_action;
using lab::context_kind;
using lab::side;
using sort = lab::subject::sort;

namespace {

/// A laboratory on the virtual clock, driven by hand.
struct bench {
    lab::laboratory it;

    explicit bench(lab::options o = {.running = false, .as_fast_as_possible = true}) : it(std::move(o)) {}
    lab::id_t make(lab::new_context c) { return it.call(std::move(c), "you").id; }
    void cancel(lab::id_t id) { it.call(lab::cancel_context{.context = id}, "you"); }
    void start(lab::new_worker w) { it.call(std::move(w), "you"); }
    void play(std::chrono::nanoseconds by) {
        it.call(lab::change_clock{.action = clock_action::advance, .by = by}, "you");
    }
    std::vector<lab::event> events() const { return lives::events(it); }
};

std::vector<lab::event> run_of(const char* scenario, std::int64_t seed) {
    auto s = std::make_shared<lab::scenario>(lab::find_scenario(scenario));
    s->seed = seed;
    bench b({.seed = seed, .running = false, .as_fast_as_possible = true, .with = s});
    b.play(10min);
    return b.events();
}

const lab::compared& thing(const lab::comparison& c, sort of, const std::string& name) {
    for (const lab::compared& t : c.things)
        if (t.sort == of && t.name == name) return t;
    qFatal("there is no %s", name.c_str());
}

const lab::fact& fact(const std::vector<lab::fact>& facts, const std::string& name) {
    for (const lab::fact& f : facts)
        if (f.name == name) return f;
    qFatal("there is no fact %s", name.c_str());
}

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

/// A request with a worker that looks, and one that does not; then time passes.
std::vector<lab::event> request(bench& b) {
    const lab::id_t top = b.make({.kind = context_kind::with_cancel, .name = "request"});
    b.start({.context = top, .kind = "wait", .name = "polite"});
    b.start({.context = top, .kind = "stubborn", .name = "stubborn", .duration = 5s});
    b.play(1s);
    return b.events();
}

} // namespace

class tst_compare : public QObject {
    Q_OBJECT
  private slots:
    void equalRunsAreTheSame();
    void aLongerRunDiffersWhereTheShorterEnds();
    void aForkNamesTheFirstThingThatWentAnotherWay();
    void howTheClockWasDrivenDoesNotCount();
    void everyClockCommandIsKnownAndNoOther();
    void runsWithoutACommonBeginningAreComparedAllTheSame();
    void runsOfDifferentScenariosAreAlignedByName();
    void seedsThatChangeNothingAreTheSame();
    void thingsAreFoundUnderOtherNumbers();
    void namesakesAreToldApartByTheirOrder();
    void whatWasSweptAwayIsComparedToo();
    void workThatWentOnIsCompared();
    void requestsAreCompared();
    void nothingComparedWithNothing();
};

void tst_compare::equalRunsAreTheSame() {
    const auto once = run_of("leak", 7), again = run_of("leak", 7);
    const lab::comparison c = lab::compare(once, again);
    QVERIFY(c.same());
    QVERIFY(c.things.size() > 2);
    QCOMPARE(c.differing(), std::size_t(0));
    for (const lab::fact& f : c.totals) QVERIFY2(!f.differs, f.name.c_str());
    for (const lab::fact& f : c.runs) QVERIFY2(!f.differs, f.name.c_str());
}

void tst_compare::aLongerRunDiffersWhereTheShorterEnds() {
    const auto whole = run_of("leak", 7);
    const lab::log_view all(whole);
    const std::uint64_t cut = all.last() - 3;
    const lab::comparison c = lab::compare(all.until(cut), all);
    QVERIFY(c.first);
    QCOMPARE(c.first->left.seq, std::uint64_t(0));
    QCOMPARE(c.first->left.sentence, std::string());
    QVERIFY(c.first->right.seq > cut);
    QVERIFY(!c.first->right.sentence.empty());
    QCOMPARE(lab::compare(all, all.until(cut)).first->right.seq, std::uint64_t(0));
}

void tst_compare::aForkNamesTheFirstThingThatWentAnotherWay() {
    bench b;
    const auto before = request(b);
    b.cancel(2);
    b.play(1s);
    const auto ghost = b.events();
    const lab::fork f =
        lab::replay(lab::fork_at(b.it.inputs(), ghost, before.back().seq), {.as_fast_as_possible = true});
    QVERIFY2(f.lab, f.error.c_str());
    f.lab->call(lab::new_context{.parent = 2, .kind = context_kind::with_cancel, .name = "late"}, "you");
    f.lab->call(lab::change_clock{.action = clock_action::advance, .by = 1s}, "you");
    const auto other = lives::events(*f.lab);

    const lab::comparison c = lab::compare(ghost, other);
    QVERIFY(c.first);
    QCOMPARE(text(c.first->left.sentence), QString("you: cancel request"));
    QCOMPARE(text(c.first->right.sentence), QString("you: WithCancel below request, called late"));
    QCOMPARE(c.first->left.at, lab::lab_time(1s));
    QCOMPARE(ghost[c.first->left.seq - 1].text, std::string("cancel 2"));
    QVERIFY(other[c.first->right.number - 1].text.ends_with("called late"));
    QCOMPARE(fact(c.totals, "events").left, std::to_string(ghost.size()));
    QCOMPARE(fact(c.totals, "events").right, std::to_string(other.size()));

    const lab::compared& request = thing(c, sort::context, "request");
    QCOMPARE(text(request.left_fate), QString("context canceled at +1.000 s"));
    QCOMPARE(text(request.right_fate), QString("active"));
    QCOMPARE(fact(request.facts, "done").left, std::string("at +1.000 s"));
    QCOMPARE(fact(request.facts, "done").right, std::string("never"));
    QVERIFY(fact(request.facts, "done").differs && !fact(request.facts, "deadline").differs);
    QCOMPARE(fact(request.facts, "ended by").left, std::string("itself"));
    const lab::compared& polite = thing(c, sort::worker, "polite");
    QCOMPARE(fact(polite.facts, "noticed").left, std::string("at +1.000 s"));
    QCOMPARE(text(polite.right_fate), QString("still at work"));
    const lab::compared& late = thing(c, sort::context, "late");
    QVERIFY(late.left == 0 && late.right == 3 && late.differs());
    QCOMPARE(late.left_fate, std::string());
    QCOMPARE(text(thing(c, sort::worker, "stubborn").left_fate), QString("still there, leaked"));
    QVERIFY(!thing(c, sort::context, "Background").differs());
}

void tst_compare::howTheClockWasDrivenDoesNotCount() {
    bench one, other;
    one.make({.kind = context_kind::with_timeout, .timeout = 1s});
    one.play(2s);
    other.make({.kind = context_kind::with_timeout, .timeout = 1s});
    other.play(300ms);
    other.it.call(lab::change_clock{.action = clock_action::set_speed, .speed = 2});
    other.it.call(lab::change_clock{.action = clock_action::step, .size = lab::step_size::timer});
    QVERIFY(other.it.wait_step(20s));
    other.play(1s);
    QCOMPARE(other.it.snapshot().context(2)->err, std::string("context deadline exceeded"));
    QVERIFY(lab::compare(one.events(), other.events()).same());
}

void tst_compare::everyClockCommandIsKnownAndNoOther() {
    for (const auto action :
         {clock_action::run, clock_action::pause, clock_action::step, clock_action::advance,
          clock_action::finish, clock_action::set_speed, clock_action::set_mode, clock_action::hold})
        QVERIFY(lab::describes_clock(lab::describe(lab::change_clock{.action = action})));
    for (const lab::command& c :
         {lab::command(lab::new_context{.name = "run"}), lab::command(lab::cancel_context{}),
          lab::command(lab::new_worker{.name = "pause"}), lab::command(lab::sweep{}),
          lab::command(lab::send_request{}), lab::command(lab::abort_request{})})
        QVERIFY2(!lab::describes_clock(lab::describe(c)), lab::describe(c).c_str());
}

void tst_compare::runsWithoutACommonBeginningAreComparedAllTheSame() {
    bench one, other;
    one.make({.kind = context_kind::with_cancel, .name = "a"});
    other.play(1s);
    const auto left = one.events();
    std::vector<lab::event> right = other.events();
    right.erase(right.begin(), right.begin() + 3); // a piece that begins somewhere
    const lab::comparison c = lab::compare(left, right);
    QVERIFY(c.first);
    QCOMPARE(c.first->same, std::uint64_t(0));
    QVERIFY(thing(c, sort::context, "a").differs());
}

void tst_compare::runsOfDifferentScenariosAreAlignedByName() {
    const lab::comparison c = lab::compare(run_of("leak", 1), run_of("fan-out", 1));
    QVERIFY(!c.same());
    QCOMPARE(fact(c.runs, "scenario").left, std::string("leak"));
    QCOMPARE(fact(c.runs, "scenario").right, std::string("fan-out"));
    const lab::compared& root = thing(c, sort::context, "Background");
    QVERIFY(root.left == lab::root_id && root.right == lab::root_id);
    QVERIFY(c.differing() > 2);
}

void tst_compare::seedsThatChangeNothingAreTheSame() {
    const lab::comparison c = lab::compare(run_of("values", 1), run_of("values", 2));
    QVERIFY(c.same());
    QVERIFY(fact(c.runs, "seed").differs);
    QCOMPARE(c.differing(), std::size_t(0));
}

/// The same two things, made in another order.
void tst_compare::thingsAreFoundUnderOtherNumbers() {
    bench one, other;
    const auto build = [](bench& b, const char* first, const char* second) {
        const lab::id_t a = b.make({.kind = context_kind::with_cancel, .name = first});
        const lab::id_t z = b.make({.kind = context_kind::with_cancel, .name = second});
        b.make({.parent = std::string(first) == "x" ? a : z, .kind = context_kind::with_cancel});
    };
    build(one, "x", "y");
    build(other, "y", "x");
    const lab::comparison c = lab::compare(one.events(), other.events());
    QVERIFY(!c.same());
    QCOMPARE(c.things.size(), std::size_t(4));
    QCOMPARE(c.differing(), std::size_t(0));
    const lab::compared& x = thing(c, sort::context, "x");
    QVERIFY(x.left == 2 && x.right == 3);
}

void tst_compare::namesakesAreToldApartByTheirOrder() {
    bench one, other;
    for (bench* b : {&one, &other}) {
        b->make({.kind = context_kind::with_cancel, .name = "try"});
        b->make({.kind = context_kind::with_cancel, .name = "try"});
    }
    other.make({.kind = context_kind::with_cancel, .name = "try"});
    other.cancel(3);
    const lab::comparison c = lab::compare(one.events(), other.events());
    QCOMPARE(c.things.size(), std::size_t(4)); // with Background
    QVERIFY(!c.things[1].differs());
    QVERIFY(c.things[2].differs() && c.things[2].left == 3 && c.things[2].right == 3);
    QVERIFY(c.things[3].left == 0 && c.things[3].right == 4);
}

void tst_compare::whatWasSweptAwayIsComparedToo() {
    bench one, other;
    for (bench* b : {&one, &other}) {
        request(*b);
        b->cancel(2);
        b->play(10s);
    }
    other.it.call(lab::sweep{}, "you");
    QCOMPARE(other.it.snapshot().contexts().size(), std::size_t(1));
    const lab::comparison c = lab::compare(one.events(), other.events());
    QCOMPARE(text(c.first->right.sentence), QString("you: sweep"));
    QCOMPARE(c.differing(), std::size_t(0));
    QCOMPARE(text(thing(c, sort::worker, "polite").right_fate),
             text(thing(c, sort::worker, "polite").left_fate));
}

void tst_compare::workThatWentOnIsCompared() {
    bench one, other;
    request(one);
    request(other);
    one.cancel(2);
    one.play(10s);
    other.play(3s);
    other.cancel(2);
    other.play(10s);
    const lab::comparison c = lab::compare(one.events(), other.events());
    const lab::fact& overtime = fact(thing(c, sort::context, "request").facts, "overtime");
    QCOMPARE(overtime.left, std::string("4s"));
    QCOMPARE(overtime.right, std::string("1s"));
    QCOMPARE(fact(c.totals, "overtime").left, std::string("4s"));
    QVERIFY(fact(c.totals, "overtime").differs && !fact(c.totals, "leaked").differs);
}

void tst_compare::requestsAreCompared() {
    story one, other;
    for (story* s : {&one, &other}) {
        s->root();
        s->created(2, 1, context_kind::with_cancel, "GET /report");
        s->add({.kind = lab::event_kind::client_sent, .client = 1, .name = "GET", .text = "/report"});
        s->add({.kind = lab::event_kind::request_started,
                .context = 2,
                .by = 1,
                .request = 1,
                .name = "GET",
                .text = "/report"});
    }
    one.at_ms(20);
    one.add({.kind = lab::event_kind::request_ended,
             .req_state = lab::request_state::finished,
             .context = 2,
             .request = 1,
             .value = 200,
             .text = "answered"});
    one.add({.kind = lab::event_kind::client_ended,
             .cli_state = lab::client_state::answered,
             .client = 1,
             .value = 200});
    other.at_ms(10);
    other.add({.kind = lab::event_kind::request_ended,
               .req_state = lab::request_state::client_gone,
               .context = 2,
               .request = 1,
               .text = "the client left"});
    const lab::comparison c = lab::compare(one.events, other.events);
    const lab::compared& request = thing(c, sort::request, "GET /report");
    QCOMPARE(text(request.left_fate), QString("200, answered at +0.020 s"));
    QCOMPARE(text(request.right_fate), QString("the client left at +0.010 s"));
    const lab::compared& call = thing(c, sort::client, "GET /report");
    QCOMPARE(text(call.left_fate), QString("answered, 200 at +0.020 s"));
    QCOMPARE(text(call.right_fate), QString("in flight"));
}

void tst_compare::nothingComparedWithNothing() {
    const lab::comparison c = lab::compare(lab::log_view{}, lab::log_view{});
    QVERIFY(c.same() && c.things.empty());
}

QTEST_APPLESS_MAIN(tst_compare)
#include "tst_compare.moc"
