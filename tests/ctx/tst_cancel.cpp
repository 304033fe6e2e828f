// SPDX-License-Identifier: MIT
#include "race/race.h"
#include "rules.h"
#include "workers.h"
#include "world.h"

/// Cancel functions: what a call does, what it does not wait for, and which call counts.
class tst_cancel : public QObject {
    Q_OBJECT

  private slots:
    void ends_data();
    void ends() { run_rule(); }
    void promisesNoMore_data();
    void promisesNoMore() { run_rule(); }
};

using namespace test;

namespace {

void a_new_node_and_its_cancel_function() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    const auto made = ctx::with_cancel(parent.context), beside = ctx::with_cancel(parent.context);
    QVERIFY(!(made.context == parent.context) && !(made.context == beside.context));
    QVERIFY(!made.context.err() && made.context.done() && !made.context.done().closed());
    QCOMPARE(*ctx::children_of(parent.context), 2u);
    made.cancel();
    QVERIFY(made.context.err() && !beside.context.err() && !parent.context.err());
}

void cancelled_means_canceled_twice() {
    world w;
    for (const bool timed : {false, true}) {
        const auto made = timed ? ctx::with_timeout(w.root, 1h) : ctx::with_cancel(w.root);
        made.cancel();
        QCOMPARE(made.context.err(), ctx::canceled);
        QCOMPARE(ctx::cause(made.context), ctx::canceled);
    }
}

void it_may_be_called_any_number_of_times() {
    world w;
    const auto parent = ctx::with_cancel_cause(w.root);
    const auto child = ctx::with_cancel_cause(parent.context);
    const auto timed = ctx::with_timeout_cause(w.root, 1s, ctx::error("slow"));
    w.advance(1s);
    parent.cancel(ctx::error("first"));
    for (int i = 0; i < 2; ++i) {
        timed.cancel();
        child.cancel(ctx::error("second"));
        parent.cancel(ctx::error("third"));
    }
    QCOMPARE(ctx::cause(timed.context).text(), std::string("slow"));
    QCOMPARE(ctx::cause(child.context).text(), std::string("first"));
    QCOMPARE(ctx::cause(parent.context).text(), std::string("first"));
    // Long after: the cancel function is all that is left.
    const ctx::cancel_func last = ctx::with_cancel(w.root).cancel;
    last();
    last();
}

void of_calls_at_once_one_counts() {
    const ctx::error mine("mine"), yours("yours");
    std::optional<ctx::cause_cancelable> made;
    ctx::error seen[2];
    int torn = 0, by_me = 0, by_you = 0;
    race(
        scaled(3000), [&] { made = ctx::with_cancel_cause(ctx::background()); },
        {[&] {
             made->cancel(mine);
             seen[0] = ctx::cause(made->context);
         },
         [&] {
             made->cancel(yours);
             seen[1] = ctx::cause(made->context);
         }},
        [&] {
            torn += seen[0] != seen[1] || !seen[0] || made->context.err() != ctx::canceled;
            ++(seen[0] == mine ? by_me : by_you);
        });
    QCOMPARE(torn, 0);
    QCOMPARE(by_me + by_you, scaled(3000));
}

void a_parents_end_is_the_childs_with_err_and_cause() {
    const ctx::error boom("boom"), slow("slow");
    for (const bool expires : {false, true}) {
        world w;
        const auto outer = ctx::with_cancel_cause(w.root);
        const ctx::context parent = ctx::with_timeout_cause(outer.context, 1s, slow).context;
        const ctx::context child = ctx::with_cancel(parent).context;
        const ctx::context later = ctx::with_timeout_cause(child, 2s, ctx::error("never")).context;
        const ctx::context below = ctx::with_cancel(ctx::with_value(later, ctx::any_key(1), {})).context;
        if (expires)
            w.advance(1s);
        else
            outer.cancel(boom);
        for (const ctx::context& c : {parent, child, later, below}) {
            QCOMPARE(c.err(), expires ? ctx::deadline_exceeded : ctx::canceled);
            QVERIFY(ctx::cause(c) == (expires ? slow : boom));
        }
        QCOMPARE(bool(outer.context.err()), !expires);
    }
}

void the_first_event_decides_err_and_cause_together() {
    const ctx::error mine("mine"), theirs("theirs"), slow("slow");
    const auto story = [&](const std::string& order) {
        world w;
        const auto parent = ctx::with_cancel_cause(w.root);
        const auto timed = ctx::with_timeout_cause(parent.context, 1s, slow);
        const auto child = ctx::with_cancel_cause(timed.context);
        for (const char event : order) {
            if (event == 'p') parent.cancel(theirs);
            if (event == 't') w.advance(1s);
            if (event == 'c') child.cancel(mine);
        }
        return child.context.err().text() + ": " + ctx::cause(child.context).text();
    };
    const std::string canceled = ctx::canceled.text(), exceeded = ctx::deadline_exceeded.text();
    for (const char* order : {"ptc", "pct"}) QCOMPARE(story(order), canceled + ": theirs");
    for (const char* order : {"tpc", "tcp"}) QCOMPARE(story(order), exceeded + ": slow");
    for (const char* order : {"cpt", "ctp"}) QCOMPARE(story(order), canceled + ": mine");
}

// What it does not promise

void it_waits_for_no_callback() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::chan<ctx::empty> returned(0), ended(0);
    ctx::after_func(made.context, [=] {
        (void)returned.receive(); // a cancel that waited for this would never return
        ended.close();
    });
    made.cancel();
    QVERIFY(!ended.closed());
    returned.close();
    ended.wait();
}

void it_waits_for_no_work() {
    workers w;
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::chan<int> unrelated(0);
    w.start([&]() -> ctx::task<> {
        co_await ctx::select(ctx::recv(made.context.done()));
        co_await ctx::select(ctx::recv(unrelated));
    });
    made.cancel();
    QCOMPARE(w.live(), 1u);
    w.run();
    QCOMPARE(w.live(), 1u);
    unrelated.close();
    w.run();
    QCOMPARE(w.live(), 0u);
}

void callbacks_and_foreign_children_come_later() {
    world w;
    const auto top = ctx::with_cancel(w.root);
    const auto outside = std::make_shared<foreign>();
    int begun = 0;
    ctx::after_func(top.context, [&] {
        ++begun;
        outside->cancel();
    });
    const ctx::context behind = ctx::with_cancel(ctx::context(outside, w.root)).context;
    top.cancel();
    QVERIFY(top.context.err() && begun == 0 && !behind.err());
    w.run();
    QVERIFY(begun == 1 && behind.err());
}

} // namespace

void tst_cancel::ends_data() {
    rules({
        {"CTX-030 with_cancel gives a new open node and the function that cancels it",
         a_new_node_and_its_cancel_function},
        {"CTX-031 cancelled means Canceled as Err and as Cause", cancelled_means_canceled_twice},
        {"CTX-032 cancel may be called any number of times, and only the first end counts",
         it_may_be_called_any_number_of_times},
        {"CTX-032 CTX-194 of calls at the same time one counts", of_calls_at_once_one_counts},
        {"CTX-035 the parent's end is the child's, with the same Err and Cause",
         a_parents_end_is_the_childs_with_err_and_cause},
        {"CTX-061 CTX-194 the first event decides Err and Cause together",
         the_first_event_decides_err_and_cause_together},
    });
}

void tst_cancel::promisesNoMore_data() {
    rules({
        {"CTX-033 CTX-191 cancel waits for no callback", it_waits_for_no_callback},
        {"CTX-033 CTX-191 cancel waits for no work", it_waits_for_no_work},
        {"CTX-191 callbacks and what is behind a foreign context may come later",
         callbacks_and_foreign_children_come_later},
    });
}

QTEST_APPLESS_MAIN(tst_cancel)
#include "tst_cancel.moc"
