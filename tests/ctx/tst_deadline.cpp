// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

/// Deadlines and timeouts.
class tst_deadline : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
    void extremeTimesAreLegal_data();
    void extremeTimesAreLegal();
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void it_expires_at_its_time_and_not_before() {
    world w;
    const ctx::error slow("slow");
    const auto plain = ctx::with_deadline(w.root, ctx::time_point(10ms));
    const auto caused = ctx::with_timeout_cause(w.root, 10ms, slow);
    w.advance(10ms - 1ns);
    QVERIFY(!plain.context.err() && !caused.context.err());
    w.advance(1ns);
    QCOMPARE(plain.context.err(), ctx::deadline_exceeded);
    QCOMPARE(ctx::cause(plain.context), ctx::deadline_exceeded);
    QCOMPARE(caused.context.err(), ctx::deadline_exceeded);
    QVERIFY(ctx::cause(caused.context) == slow);
}

void its_answer_never_changes() {
    world w;
    const auto made = ctx::with_deadline(w.root, ctx::time_point(10ms));
    const ctx::context below = ctx::with_cancel(ctx::with_value(made.context, number, 1)).context;
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(made.context.deadline(), std::optional(ctx::time_point(10ms)));
        QCOMPARE(below.deadline(), std::optional(ctx::time_point(10ms)));
        i == 0 ? w.advance(15ms) : made.cancel();
    }
}

void an_earlier_parent_makes_it_a_plain_cancel() {
    world w;
    const ctx::context parent = ctx::with_timeout_cause(w.root, 50ms, ctx::error("parent")).context;
    const ctx::context child = ctx::with_timeout_cause(parent, 90ms, ctx::error("never seen")).context;
    QCOMPARE(w.clock->pending(), 1u);
    QCOMPARE(child.deadline(), parent.deadline());
    QVERIFY(child.string().ends_with("]).WithCancel"));
    w.advance(60ms);
    QCOMPARE(child.err(), ctx::deadline_exceeded);
    QCOMPARE(ctx::cause(child).text(), std::string("parent"));
}

void an_equal_parent_does_not() {
    world w;
    const ctx::context parent = ctx::with_deadline(w.root, ctx::time_point(50ms)).context;
    const ctx::context child = ctx::with_deadline(parent, ctx::time_point(50ms)).context;
    QCOMPARE(w.clock->pending(), 2u);
    QVERIFY(child.string().ends_with("])") && child.string().find("WithCancel") == std::string::npos);
    w.advance(50ms - 1ns);
    QVERIFY(!parent.err() && !child.err());
    w.advance(1ns);
    QVERIFY(parent.err() == ctx::deadline_exceeded && child.err() == ctx::deadline_exceeded);
    QCOMPARE(w.clock->pending(), 0u);
}

void its_deadline_is_exactly_the_one_given() {
    world w;
    w.advance(3s);
    for (const ctx::time_point d :
         {ctx::time_point(3s + 1ns), ctx::time_point(1234567891ns), ctx::time_point(-5s)}) {
        QCOMPARE(ctx::with_deadline(w.root, d).context.deadline(), std::optional(d));
        QCOMPARE(ctx::with_deadline_cause(w.root, d, ctx::error("x")).context.deadline(), std::optional(d));
    }
}

void nil_as_a_cause_means_none() {
    world w;
    const ctx::context later = ctx::with_deadline_cause(w.root, ctx::time_point(1s), {}).context;
    const ctx::context born_done = ctx::with_timeout_cause(w.root, 0s, nullptr).context;
    w.advance(1s);
    for (const ctx::context& c : {later, born_done}) {
        QCOMPARE(c.err(), ctx::deadline_exceeded);
        QCOMPARE(ctx::cause(c), ctx::deadline_exceeded);
    }
}

void a_custom_parents_deadline_counts() {
    struct promising : foreign {
        std::optional<ctx::time_point> deadline() const override { return ctx::time_point(5ms); }
    };
    world w;
    const ctx::context child = ctx::with_timeout(make<promising>(w.root), 10ms).context;
    QCOMPARE(w.clock->pending(), 0u);
    w.advance(1h);
    QVERIFY(!child.err()); // nobody enforces it
    QCOMPARE(child.deadline(), std::optional(ctx::time_point(5ms)));
}

void past_ones_are_born_done() {
    world w;
    w.advance(1s);
    const auto parent = ctx::with_cancel(w.root);
    const ctx::error why("too late");
    for (const auto& made :
         {ctx::with_timeout_cause(parent.context, 0s, why), ctx::with_timeout_cause(parent.context, -5s, why),
          ctx::with_deadline_cause(parent.context, ctx::time_point(999ms), why)}) {
        QCOMPARE(made.context.err(), ctx::deadline_exceeded);
        QVERIFY(ctx::cause(made.context) == why);
        made.cancel();
        QCOMPARE(made.context.err(), ctx::deadline_exceeded);
    }
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    QCOMPARE(w.clock->pending(), 0u);
}

void a_done_parent_comes_first() {
    world w;
    const ctx::error boom("boom");
    const auto parent = ctx::with_cancel_cause(w.root);
    parent.cancel(boom);
    for (const ctx::duration d : {ctx::duration(-1s), ctx::duration(1s)}) {
        const ctx::context c = ctx::with_timeout_cause(parent.context, d, ctx::error("slow")).context;
        QCOMPARE(c.err(), ctx::canceled);
        QVERIFY(ctx::cause(c) == boom);
        QCOMPARE(c.deadline(), std::optional(ctx::time_point(d)));
    }
    QCOMPARE(w.clock->pending(), 0u);
}

void cancelled_in_time_the_cause_is_not_used() {
    world w;
    const auto made = ctx::with_timeout_cause(w.root, 1s, ctx::error("slow"));
    made.cancel();
    w.advance(2s);
    QCOMPARE(made.context.err(), ctx::canceled);
    QCOMPARE(ctx::cause(made.context), ctx::canceled);
}

void cancelled_too_late_it_has_no_effect() {
    world w;
    const ctx::error slow("slow");
    const auto parent = ctx::with_cancel_cause(w.root);
    const auto made = ctx::with_timeout_cause(parent.context, 1s, slow);
    w.advance(1s);
    made.cancel();
    parent.cancel(ctx::error("later"));
    QCOMPARE(made.context.err(), ctx::deadline_exceeded);
    QVERIFY(ctx::cause(made.context) == slow);
}

void its_timer_goes_whatever_makes_it_done() {
    world w;
    const auto parent = ctx::with_cancel(w.root), other = ctx::with_cancel(w.root);
    const auto a = ctx::with_timeout(parent.context, 1h), b = ctx::with_timeout(other.context, 1h);
    const auto c = ctx::with_timeout(w.root, 1ms);
    QCOMPARE(w.clock->pending(), 3u);
    a.cancel();
    QCOMPARE(w.clock->pending(), 2u);
    other.cancel();
    QCOMPARE(w.clock->pending(), 1u);
    w.advance(1ms);
    QCOMPARE(w.clock->pending(), 0u);
    QVERIFY(a.context.err() && b.context.err() && c.context.err());
}

void expiry_takes_the_children_along() {
    world w;
    const ctx::error slow("slow");
    const auto parent = ctx::with_cancel(w.root);
    const ctx::context timed = ctx::with_timeout_cause(parent.context, 5ms, slow).context;
    const ctx::context below = ctx::with_cancel(ctx::with_value(timed, number, 1)).context;
    int ran = 0;
    ctx::after_func(below, [&] { ++ran; });
    QCOMPARE(*ctx::children_of(parent.context), 1u);
    w.advance(5ms);
    QCOMPARE(below.err(), ctx::deadline_exceeded);
    QVERIFY(ctx::cause(below) == slow);
    QCOMPARE(ran, 1);
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    QVERIFY(!parent.context.err());
}

void a_timeout_runs_from_when_it_is_made() {
    world w;
    w.advance(7s);
    const ctx::context c = ctx::with_timeout(w.root, 2s).context;
    QCOMPARE(c.deadline(), std::optional(ctx::time_point(9s)));
    QVERIFY2(c.string().starts_with("context.Background.WithDeadline(") && c.string().ends_with(" [2s])"),
             c.string().c_str());
    w.advance(2s - 1ns);
    QVERIFY(!c.err());
    w.advance(1ns);
    QCOMPARE(c.err(), ctx::deadline_exceeded);
}

/// A machine whose wall clock is set by hand while the monotonic one goes on.
class adjustable : public ctx::clock {
  public:
    ctx::duration wall_is_off{};
    ctx::virtual_clock monotonic;

    ctx::time_point now() const noexcept override { return monotonic.now(); }
    ctx::system_time to_system(ctx::time_point t) const noexcept override {
        return monotonic.to_system(t) + wall_is_off;
    }
    ctx::duration since_start(ctx::time_point t) const noexcept override { return monotonic.since_start(t); }
    std::size_t pending() const noexcept override { return monotonic.pending(); }
    void arm(ctx::detail::timer_entry& e, ctx::time_point due) override { monotonic.arm(e, due); }
    bool disarm(ctx::detail::timer_entry& e) noexcept override { return monotonic.disarm(e); }
};

void later_changes_of_the_wall_clock_do_not_matter() {
    const auto machine = std::make_shared<adjustable>();
    const ctx::context root =
        ctx::background({.clock = machine, .scheduler = {}, .observer = {}, .sibling_seed = {}});
    const ctx::system_time in_two_seconds = machine->to_system(machine->now()) + 2s;
    const ctx::context before = ctx::with_deadline(root, in_two_seconds).context;
    machine->wall_is_off = 1s; // set one second ahead: what is asked for now comes a second earlier
    const ctx::context after = ctx::with_deadline(root, in_two_seconds).context;
    machine->wall_is_off = -1h;
    machine->monotonic.advance(1s);
    QVERIFY(!before.err() && after.err());
    machine->monotonic.advance(1s - 1ns);
    QVERIFY(!before.err());
    machine->monotonic.advance(1ns);
    QCOMPARE(before.err(), ctx::deadline_exceeded);
}

void the_ends_of_time_are_no_obstacle() {
    world w;
    w.advance(1s);
    const ctx::time_point centuries = ctx::time_point(24h * 365 * 290);
    const ctx::context zero = ctx::with_deadline(w.root, ctx::time_point{}).context;
    const ctx::context far = ctx::with_deadline(w.root, centuries).context;
    const ctx::context end = ctx::with_deadline(w.root, ctx::time_point::max()).context;
    QCOMPARE(zero.err(), ctx::deadline_exceeded);
    QVERIFY(!far.err() && !end.err());
    QCOMPARE(far.deadline(), std::optional(centuries));
    QCOMPARE(end.deadline(), std::optional(ctx::time_point::max()));
    w.clock->advance_to(centuries);
    QVERIFY(far.err() && !end.err());
}

void a_wall_clock_deadline_is_taken_once() {
    world w;
    w.advance(1s);
    const auto in_two_seconds = w.clock->to_system(w.clock->now()) + 2s;
    const ctx::context c = ctx::with_deadline(w.root, in_two_seconds).context;
    QCOMPARE(c.deadline(), std::optional(ctx::time_point(3s)));
    const ctx::context real =
        ctx::with_deadline(ctx::background(), std::chrono::system_clock::now() - 1s).context;
    QCOMPARE(real.err(), ctx::deadline_exceeded);
}

void the_real_clock_ends_it() {
    const auto begin = ctx::real_clock()->now();
    const ctx::context c = ctx::with_timeout(ctx::background(), 3ms).context;
    c.done().wait();
    QVERIFY(ctx::real_clock()->now() >= begin + 3ms);
    QCOMPARE(c.err(), ctx::deadline_exceeded);
}

} // namespace

void tst_deadline::holds_data() {
    rules({
        {"CTX-080 it expires at its time and not before", it_expires_at_its_time_and_not_before},
        {"CTX-002 its answer never changes", its_answer_never_changes},
        {"CTX-082 an earlier parent makes it a plain cancel", an_earlier_parent_makes_it_a_plain_cancel},
        {"CTX-081 its deadline is exactly the one given", its_deadline_is_exactly_the_one_given},
        {"CTX-083 under a parent with an equal deadline it has its own timer", an_equal_parent_does_not},
        {"CTX-084 a custom parent's deadline counts", a_custom_parents_deadline_counts},
        {"CTX-085 past ones are born done", past_ones_are_born_done},
        {"CTX-086 a done parent comes first", a_done_parent_comes_first},
        {"CTX-087 cancelled in time, the cause is not used", cancelled_in_time_the_cause_is_not_used},
        {"CTX-087 cancelled too late, it stays expired", cancelled_too_late_it_has_no_effect},
        {"CTX-092 nil as a cause means none", nil_as_a_cause_means_none},
        {"CTX-088 its timer goes whatever makes it done", its_timer_goes_whatever_makes_it_done},
        {"CTX-089 expiry takes the children along", expiry_takes_the_children_along},
        {"CTX-100 a timeout runs from when it is made", a_timeout_runs_from_when_it_is_made},
        {"CTX-090 a wall clock deadline is taken once", a_wall_clock_deadline_is_taken_once},
        {"CTX-090 later changes of the wall clock do not matter",
         later_changes_of_the_wall_clock_do_not_matter},
        {"CTX-091 zero is past and centuries ahead do not overflow", the_ends_of_time_are_no_obstacle},
        {"CTX-080 the real clock ends it", the_real_clock_ends_it},
    });
}

void tst_deadline::extremeTimesAreLegal_data() {
    QTest::addColumn<qlonglong>("timeout");
    QTest::addColumn<bool>("done");
    QTest::newRow("CTX-102 the largest duration is legal")
        << qlonglong(ctx::duration::max().count()) << false;
    QTest::newRow("CTX-102 the smallest duration is born done")
        << qlonglong(ctx::duration::min().count()) << true;
    QTest::newRow("CTX-102 one less than the largest is legal")
        << qlonglong(ctx::duration::max().count() - 1) << false;
    QTest::newRow("CTX-101 zero is born done") << qlonglong(0) << true;
    QTest::newRow("CTX-101 less than zero is born done") << qlonglong(-1) << true;
    QTest::newRow("CTX-101 one nanosecond is not") << qlonglong(1) << false;
}

void tst_deadline::extremeTimesAreLegal() {
    QFETCH(const qlonglong, timeout);
    QFETCH(const bool, done);
    world w;
    w.advance(5s);
    const auto by_timeout = ctx::with_timeout(w.root, ctx::duration(timeout));
    QCOMPARE(bool(by_timeout.context.err()), done);
    QVERIFY(!by_timeout.context.string().empty());
    const auto real = ctx::with_timeout(ctx::background(), ctx::duration(timeout));
    if (timeout != 1) QCOMPARE(bool(real.context.err()), done);
    QVERIFY(!real.context.string().empty());
    for (const auto t : {ctx::time_point::min(), ctx::time_point::max()})
        QCOMPARE(bool(ctx::with_deadline(w.root, t).context.err()), t == ctx::time_point::min());
    for (const auto t : {ctx::system_time::min(), ctx::system_time::max()})
        QCOMPARE(bool(ctx::with_deadline(w.root, t).context.err()), t == ctx::system_time::min());
}

QTEST_APPLESS_MAIN(tst_deadline)
#include "tst_deadline.moc"
