// SPDX-License-Identifier: MIT
#include "allocations.h"
#include "rules.h"
#include "world.h"

#include "ctx/detail/tree.h"

#include <thread>
#include <unistd.h>

/// Where a context comes from and who ended it.
class tst_explain : public QObject {
    Q_OBJECT

  private slots:
    void tellsWhoEndedIt_data();
    void tellsWhoEndedIt() { run_rule(); }
    void costsNothingUnobserved_data();
    void costsNothingUnobserved() { run_rule(); }
    void nodesHaveNotGrown_data();
    void nodesHaveNotGrown();
};

using namespace test;

namespace {

/// The line after the one where this is called.
unsigned next_line(ctx::call_site here = ctx::call_site::current()) {
    return here.line() + 1;
}
/// The line before.
unsigned last_line(ctx::call_site here = ctx::call_site::current()) {
    return here.line() - 1;
}
QString at(unsigned line) {
    return QStringLiteral("tst_explain.cpp:%1").arg(line);
}
QString explained(const ctx::context& c) {
    return QString::fromStdString(ctx::explain(c));
}

void a_cancel_of_its_own() {
    world w;
    const unsigned made = next_line();
    const auto c = ctx::with_cancel_cause(w.root);
    w.advance(12345us);
    const unsigned called = next_line();
    c.cancel(ctx::error("disk full"));
    QCOMPARE(
        explained(c.context),
        QString("context.Background.WithCancel, made at %1, is done: context canceled (cause: disk full). "
                "Cancelled by the call at %2 in the main thread, 12.3ms after it was made.")
            .arg(at(made), at(called)));
}

void a_cancel_of_an_ancestor_in_a_thread() {
    world w;
    const unsigned top = next_line();
    const auto a = ctx::with_cancel(w.root);
    const ctx::context view = ctx::with_value(a.context, ctx::any_key(1), ctx::any_value(2));
    const auto c = ctx::with_cancel(view);
    const unsigned made = last_line();
    long thread = 0;
    unsigned called = 0;
    std::jthread([&] {
        thread = ::gettid();
        called = next_line();
        a.cancel();
    }).join();
    QCOMPARE(made, static_cast<unsigned>(ctx::provenance_of(c.context).made->where.line()));
    QVERIFY2(
        explained(c.context).endsWith(
            QString("Cancelled by the call at %1 in thread %2, as it was made, on its ancestor 2 levels up, "
                    "made at %3.")
                .arg(at(called))
                .arg(thread)
                .arg(at(top))),
        qPrintable(explained(c.context)));
    QVERIFY(explained(view).contains("on its parent, made at"));
}

void a_cancel_in_a_worker() {
    struct names : ctx::worker_observer {
        std::string name(std::uint64_t tag) const override { return tag == 7 ? "poller" : ""; }
    } known;
    world w;
    w.steps.observe(&known);
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root), c = ctx::with_cancel(w.root),
               d = ctx::with_cancel(w.root);
    const auto inner = [](ctx::cancel_func f) -> ctx::task<> {
        co_await ctx::select(ctx::recv(ctx::after(1s)));
        f();
    };
    const auto outer = [&](ctx::cancel_func f) -> ctx::task<> { co_await inner(f); };
    const auto yielding = [](ctx::cancel_func f) -> ctx::task<> {
        co_await ctx::yield();
        f();
    };
    ctx::go_tagged(w.steps, 7, outer, a.cancel);
    ctx::go_tagged(w.steps, 8, outer, b.cancel);
    ctx::go_tagged(w.steps, 0, yielding, c.cancel);
    ctx::after_func(a.context, [&] { d.cancel(); }); // outside of any worker
    w.advance(1s);
    QCOMPARE(ctx::provenance_of(a.context).ended->worker, std::string("worker \"poller\""));
    QCOMPARE(ctx::provenance_of(b.context).ended->worker, std::string("worker 8"));
    QCOMPARE(ctx::provenance_of(c.context).ended->worker, std::string("a worker"));
    QCOMPARE(ctx::provenance_of(d.context).ended->worker, std::string());
    QVERIFY(explained(a.context).contains("in the main thread / worker \"poller\", 1s after it was made"));
}

void a_deadline_of_its_own_and_of_its_parent() {
    world w;
    const unsigned made = next_line();
    const auto a = ctx::with_timeout_cause(w.root, 2s, ctx::error("slow"));
    w.advance(500ms);
    const auto c = ctx::with_cancel(a.context);
    w.advance(1500ms);
    QVERIFY2(
        explained(a.context).endsWith("is done: context deadline exceeded (cause: slow). Its deadline passed "
                                      "2s after it was made."),
        qPrintable(explained(a.context)));
    QVERIFY2(
        explained(c.context).endsWith(
            QString("The deadline of its parent, made at %1, passed 1.5s after it was made.").arg(at(made))),
        qPrintable(explained(c.context)));
}

void one_that_was_born_done() {
    world w;
    const auto a = ctx::with_cancel(w.root);
    a.cancel();
    w.advance(3s);
    const auto c = ctx::with_cancel(a.context);
    QVERIFY2(explained(c.context).contains(", 3s before it was made, on its parent, made at "),
             qPrintable(explained(c.context)));
    const auto d = ctx::with_timeout(w.root, 0s);
    QVERIFY2(explained(d.context).endsWith("Its deadline passed as it was made."),
             qPrintable(explained(d.context)));
}

void one_that_follows_a_foreign_context() {
    world w;
    const auto f = std::make_shared<foreign>();
    const auto c = ctx::with_cancel(ctx::context(f, w.root));
    w.advance(1s);
    f->cancel();
    w.run();
    QVERIFY2(explained(c.context).endsWith("A context that it follows was done, 1s after it was made."),
             qPrintable(explained(c.context)));
    const ctx::provenance p = ctx::provenance_of(c.context);
    QCOMPARE(p.ended->how, ctx::ended_by::followed);
    QVERIFY(!p.ended->behind);
}

void one_that_was_merged() {
    world w;
    const auto a = ctx::with_cancel(w.root), b = ctx::with_cancel(w.root);
    const auto m = ctx::merge(a.context, b.context);
    const unsigned called = next_line();
    b.cancel();
    w.run();
    QVERIFY2(explained(m.context).endsWith(
                 QString("A context that it follows was done, as it was made. That one: "
                         "Cancelled by the call at %1 in the main thread, as it was made.")
                     .arg(at(called))),
             qPrintable(explained(m.context)));
    const auto n = ctx::merge(a.context, w.root);
    a.cancel();
    QCOMPARE(ctx::provenance_of(n.context).levels_up, std::optional<std::size_t>(1));
}

void a_guard_names_its_own_place() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    unsigned made = 0;
    {
        made = next_line();
        const ctx::cancel_guard stop(c.cancel);
    }
    QVERIFY(explained(c.context).contains("Cancelled by the call at " + at(made)));
}

void one_that_is_open() {
    world w;
    const unsigned made = next_line();
    const auto c = ctx::with_timeout(w.root, 2s);
    w.advance(1s);
    QVERIFY2(explained(c.context).endsWith(", made at " + at(made) + ", is not done. Its deadline is in 1s."),
             qPrintable(explained(c.context)));
    QVERIFY(explained(ctx::with_cancel(w.root).context).endsWith("is not done. It has no deadline."));
    QVERIFY(explained(w.root).endsWith(", can never be done."));
    QVERIFY(explained(ctx::without_cancel(c.context)).endsWith("can never be done."));
}

void an_unobserved_one_tells_what_it_knows() {
    const auto c = ctx::with_cancel_cause(ctx::background());
    c.cancel(ctx::error("disk full"));
    QCOMPARE(
        explained(c.context),
        QString(
            "context.Background.WithCancel is done: context canceled (cause: disk full). Where it was made "
            "and what ends it is not kept, because nobody observes its tree: give "
            "ctx::background({.observer = ...}) an observer, such as a ctx::lost_cancel_radar."));
    const ctx::provenance p = ctx::provenance_of(c.context);
    QVERIFY(!p.made && !p.ended && !p.levels_up);
    QVERIFY(explained(ctx::background()).startsWith("context.Background can never be done. Where"));
}

void a_context_between_two_trees_is_told_apart() {
    world w, other;
    const auto inside = ctx::with_cancel(other.root);
    const auto c = ctx::with_cancel(make<wrapper>(w.root, inside.context));
    inside.cancel();
    const ctx::provenance p = ctx::provenance_of(c.context);
    QVERIFY(p.ended && p.made->tree != p.ended->on.tree);
    QCOMPARE(p.levels_up, std::optional<std::size_t>(1)); // the wrapper counts as what is behind it
}

void observers_hear_the_places() {
    struct listener : ctx::observer {
        void created(const ctx::creation& c) override { made = c.where.line(); }
        void cancel_called_at(ctx::node_id, const ctx::error&, const ctx::call_site& where) override {
            called = where.line();
        }
        unsigned made = 0, called = 0;
    };
    const auto heard = std::make_shared<listener>();
    const ctx::context root = ctx::background({.clock = {}, .observer = heard, .sibling_seed = {}});
    QCOMPARE(heard->made, last_line());
    const auto c = ctx::with_deadline(root, ctx::time_point::max());
    QCOMPARE(heard->made, last_line());
    (void)ctx::with_value(c.context, ctx::any_key(1), ctx::any_value(2));
    QCOMPARE(heard->made, last_line());
    (void)ctx::without_cancel(root);
    QCOMPARE(heard->made, last_line());
    ctx::after_func(root, [] {});
    QCOMPARE(heard->made, last_line());
    (void)ctx::todo(root);
    QCOMPARE(heard->made, last_line());
    (void)ctx::shield(root, 1s);
    QCOMPARE(heard->made, last_line());
    const ctx::stop_bridge bridge(c.context);
    QCOMPARE(heard->made, last_line());
    c.cancel();
    QCOMPARE(heard->called, last_line());
    unsigned life_made = next_line();
    { const ctx::from_stop_token life(std::stop_token(), root); }
    QCOMPARE(heard->called, life_made);
}

void making_and_ending_contexts() {
    const auto cost = [](auto f) { return allocations_per_run(100, f); };
    const auto parent = ctx::with_cancel(ctx::background());
    if (!counts_allocations) QSKIP("a sanitizer counts its own allocations");
    QCOMPARE(cost([&] { (void)ctx::with_cancel(parent.context); }), 1.0);
    QCOMPARE(cost([&] { ctx::with_cancel(parent.context).cancel(); }), 1.0);
    QCOMPARE(cost([&] { ctx::with_timeout(parent.context, 1h).cancel(); }), 1.0);
    QCOMPARE(cost([&] { (void)ctx::without_cancel(parent.context); }), 1.0);
    QCOMPARE(cost([&] { ctx::after_func(parent.context, [] {})(); }), 1.0);
    // Observed, a context takes no more of them, and each cancellation one.
    const auto nobody = std::make_shared<ctx::observer>();
    const auto seen =
        ctx::with_cancel(ctx::background({.clock = {}, .observer = nobody, .sibling_seed = {}}));
    QVERIFY(cost([&] { ctx::with_cancel(seen.context).cancel(); }) > 1.0); // the count counts
}

} // namespace

void tst_explain::tellsWhoEndedIt_data() {
    rules({
        {"a cancel of its own", a_cancel_of_its_own},
        {"a cancel of an ancestor in a thread", a_cancel_of_an_ancestor_in_a_thread},
        {"a cancel in a worker", a_cancel_in_a_worker},
        {"a deadline of its own and of its parent", a_deadline_of_its_own_and_of_its_parent},
        {"one that was born done", one_that_was_born_done},
        {"one that follows a foreign context", one_that_follows_a_foreign_context},
        {"one that was merged", one_that_was_merged},
        {"a guard names its own place", a_guard_names_its_own_place},
        {"one that is open", one_that_is_open},
        {"an unobserved one tells what it knows", an_unobserved_one_tells_what_it_knows},
        {"a context between two trees is told apart", a_context_between_two_trees_is_told_apart},
        {"observers hear the places", observers_hear_the_places},
    });
}

void tst_explain::costsNothingUnobserved_data() {
    rules({{"CTX-320 making and ending contexts", making_and_ending_contexts}});
}

void tst_explain::nodesHaveNotGrown_data() {
    QTest::addColumn<std::size_t>("size");
    QTest::addColumn<std::size_t>("limit");
    using namespace ctx::detail;
    QTest::newRow("CTX-320 root") << sizeof(root_node) << std::size_t{32};
    QTest::newRow("CTX-320 value") << sizeof(value_node) << std::size_t{40};
    QTest::newRow("CTX-320 without_cancel") << sizeof(without_cancel_node) << std::size_t{24};
    QTest::newRow("CTX-320 custom") << sizeof(custom_node) << std::size_t{48};
    QTest::newRow("CTX-320 cancel") << sizeof(cancel_node) << std::size_t{64};
    QTest::newRow("CTX-320 deadline") << sizeof(deadline_node) << std::size_t{104};
    QTest::newRow("CTX-320 after_func") << sizeof(registration_node) << std::size_t{128};
    QTest::newRow("CTX-320 cancel function") << sizeof(ctx::cancel_func) << std::size_t{8};
}

void tst_explain::nodesHaveNotGrown() {
    if (sizeof(void*) != 8) QSKIP("the figures are those of 64 bits");
    QFETCH(std::size_t, size);
    QFETCH(std::size_t, limit);
    QCOMPARE_LE(size, limit);
}

QTEST_APPLESS_MAIN(tst_explain)
#include "tst_explain.moc"
