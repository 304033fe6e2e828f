// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "world.h"

#include <map>
#include <set>
#include <unordered_set>

/// What a context answers, and what cancelling does to a tree.
class tst_context : public QObject {
    Q_OBJECT

  private slots:
    void theInterface_data();
    void theInterface() { run_rule(); }
    void cancelling_data();
    void cancelling() { run_rule(); }
    void causes_data();
    void causes() { run_rule(); }
    void detached_data();
    void detached() { run_rule(); }
    void badArgumentsAreRefused_data();
    void badArgumentsAreRefused() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void roots_are_never_done() {
    world w;
    for (const ctx::context& c :
         {ctx::background(), ctx::todo(), w.root, ctx::todo(w.root), ctx::context()}) {
        QVERIFY(!c.done() && !c.err() && !c.deadline() && !ctx::cause(c) && !c.value(number));
        QVERIFY(!ctx::children_of(c));
    }
}

void roots_differ_only_in_name() {
    world w;
    QCOMPARE(ctx::background().string(), std::string("context.Background"));
    QCOMPARE(ctx::todo().string(), std::string("context.TODO"));
    QCOMPARE(ctx::todo(w.root).string(), std::string("context.TODO"));
    QVERIFY(ctx::background() == ctx::background() && ctx::todo() == ctx::todo());
    QVERIFY(!(ctx::background() == ctx::todo()));
    QVERIFY(ctx::context() == ctx::background());
}

void todo_lives_in_the_tree_it_is_made_in() {
    world w;
    const ctx::context c = ctx::with_timeout(ctx::todo(w.root), 1s).context;
    QVERIFY(ctx::clock_of(c) == w.clock);
    w.advance(1s);
    QCOMPARE(c.err(), ctx::deadline_exceeded);
}

void a_moved_from_handle_is_background() {
    world w;
    ctx::context c = ctx::with_cancel(w.root).context;
    const ctx::context taken = std::move(c);
    QVERIFY(c == ctx::background());
    QVERIFY(taken.done());
}

void every_context_has_an_identity() {
    world w;
    std::unordered_set<ctx::context> all{w.root};
    for (int i = 0; i < 100; ++i) {
        all.insert(ctx::with_cancel(w.root).context);
        all.insert(ctx::with_value(w.root, number, 1));
        all.insert(ctx::with_timeout(w.root, 1s).context);
    }
    QCOMPARE(all.size(), 301u);
    const ctx::context c = *all.begin();
    QVERIFY(all.contains(c));
    const auto own = std::make_shared<foreign>();
    QVERIFY(ctx::context(own, w.root) == ctx::context(own, w.root));
    QCOMPARE(std::hash<ctx::context>()(ctx::context(own, w.root)),
             std::hash<ctx::context>()(ctx::context(own)));
}

void done_is_the_same_channel_every_time() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    const auto done = made.context.done();
    QVERIFY(done == made.context.done());
    made.cancel();
    QVERIFY(done == made.context.done());
    QVERIFY(done.closed());
}

void a_view_has_its_parents_channel_and_a_node_its_own() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const ctx::context view = ctx::with_value(ctx::with_value(node.context, number, 1), number, 2);
    QVERIFY(view.done() == node.context.done());
    QVERIFY(!(ctx::with_cancel(view).context.done() == node.context.done()));
    node.cancel();
    QVERIFY(!(ctx::with_cancel(view).context.done() == node.context.done()));
}

void done_may_be_asked_for_after_the_cancel() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    made.cancel();
    QVERIFY(made.context.done().closed());
    QVERIFY(!made.context.done().receive());
}

void deriving_changes_no_answer_of_the_parent() {
    world w;
    const ctx::context c = ctx::with_value(ctx::with_timeout(w.root, 5s).context, number, 3);
    const auto answers = [&] {
        return std::make_tuple(c.deadline(), c.done().get(), c.err().text(), *c.value(number), c.string());
    };
    const auto before = answers();
    (void)ctx::with_value(c, number, 4);
    const auto made = ctx::with_timeout(c, 1s);
    made.cancel();
    QVERIFY(answers() == before);
}

void cancel_makes_it_done() {
    world w;
    const auto made = ctx::with_cancel(w.root);
    QVERIFY(!made.context.err() && !made.context.done().closed() && !ctx::cause(made.context));
    made.cancel();
    QCOMPARE(made.context.err(), ctx::canceled);
    QCOMPARE(ctx::cause(made.context), ctx::canceled);
    QVERIFY(made.context.done().closed());
    made.cancel();
    QCOMPARE(made.context.err(), ctx::canceled);
}

void an_empty_cancel_function_does_nothing() {
    ctx::cancel_func()();
    ctx::cancel_cause_func()(ctx::error("x"));
    QVERIFY(!ctx::stop_func()());
}

void cancel_goes_down_only() {
    world w;
    const auto top = ctx::with_cancel(w.root), middle = ctx::with_cancel(top.context);
    const ctx::context sibling = ctx::with_cancel(top.context).context;
    const ctx::context below = ctx::with_cancel(ctx::with_value(middle.context, number, 1)).context;
    QCOMPARE(*ctx::children_of(top.context), 2u);
    middle.cancel();
    QVERIFY(!top.context.err() && !sibling.err());
    QCOMPARE(below.err(), ctx::canceled);
    QCOMPARE(*ctx::children_of(top.context), 1u);
    top.cancel();
    QCOMPARE(sibling.err(), ctx::canceled);
    QCOMPARE(*ctx::children_of(top.context), 0u);
}

void a_child_of_a_done_parent_is_born_done() {
    world w;
    const ctx::error boom("boom");
    const auto parent = ctx::with_cancel_cause(w.root);
    parent.cancel(boom);
    const auto child = ctx::with_cancel_cause(ctx::with_value(parent.context, number, 1));
    QCOMPARE(child.context.err(), ctx::canceled);
    QCOMPARE(ctx::cause(child.context), boom);
    QVERIFY(child.context.done().closed());
    QCOMPARE(*ctx::children_of(parent.context), 0u);
    child.cancel(ctx::error("late"));
    QCOMPARE(ctx::cause(child.context), boom);
}

void nothing_is_registered_with_a_root() {
    world w;
    std::vector<ctx::context> children;
    for (int i = 0; i < 1000; ++i) children.push_back(ctx::with_cancel(w.root).context);
    QCOMPARE(w.live(), 1000L);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    children.clear();
    QCOMPARE(w.live(), 0L);
}

void siblings_are_cancelled_in_order_or_shuffled_by_seed() {
    struct order : ctx::observer {
        void done(ctx::node_id id, const ctx::error&, const ctx::error&, ctx::node_id) override {
            ids.push_back(id);
        }
        std::vector<ctx::node_id> ids;
    };
    const auto ends = [](std::optional<std::uint64_t> seed) {
        auto o = std::make_shared<order>();
        const ctx::context root =
            ctx::background({.clock = {}, .scheduler = {}, .observer = o, .sibling_seed = seed});
        const auto top = ctx::with_cancel(root);
        std::vector<ctx::context> children;
        for (int i = 0; i < 20; ++i) children.push_back(ctx::with_cancel(top.context).context);
        top.cancel();
        return o->ids;
    };
    const auto plain = ends({});
    QVERIFY(std::is_sorted(plain.begin(), plain.end()));
    QCOMPARE(plain.size(), 21u);
    QCOMPARE(ends(7), ends(7));
    QVERIFY(ends(7) != plain && ends(7) != ends(8));
    QCOMPARE(std::set(plain.begin(), plain.end()).size(), 21u);
}

void a_cause_is_the_same_object() {
    world w;
    const ctx::error boom("boom");
    const auto made = ctx::with_cancel_cause(w.root);
    const ctx::context below = ctx::with_timeout(ctx::with_value(made.context, number, 1), 1h).context;
    made.cancel(boom);
    QCOMPARE(made.context.err(), ctx::canceled);
    QVERIFY(ctx::cause(made.context) == boom && ctx::cause(below) == boom);
    QCOMPARE(below.err(), ctx::canceled);
    made.cancel(ctx::error("second"));
    QVERIFY(ctx::cause(made.context) == boom);
}

void no_cause_means_canceled_and_counts() {
    world w;
    const auto made = ctx::with_cancel_cause(w.root);
    made.cancel();
    made.cancel(ctx::error("too late"));
    QCOMPARE(ctx::cause(made.context), ctx::canceled);
}

void any_error_may_be_a_cause() {
    world w;
    for (const ctx::error& e :
         {ctx::canceled, ctx::deadline_exceeded, ctx::wrap("stop", ctx::deadline_exceeded)}) {
        const auto made = ctx::with_cancel_cause(w.root);
        made.cancel(e);
        QCOMPARE(made.context.err(), ctx::canceled);
        QVERIFY(ctx::cause(made.context) == e);
    }
}

void the_first_cancellation_settles_it() {
    world w;
    const ctx::error mine("mine"), theirs("theirs");
    const auto parent = ctx::with_cancel_cause(w.root);
    const auto early = ctx::with_cancel_cause(parent.context), late = ctx::with_cancel_cause(parent.context);
    early.cancel(mine);
    parent.cancel(theirs);
    late.cancel(mine);
    QVERIFY(ctx::cause(early.context) == mine && ctx::cause(late.context) == theirs);
}

void without_cancel_keeps_only_values() {
    world w;
    const auto made = ctx::with_timeout_cause(ctx::with_value(w.root, number, 5), 1s, ctx::error("slow"));
    const ctx::context before = ctx::without_cancel(made.context);
    QCOMPARE(*ctx::children_of(made.context), 0u);
    made.cancel();
    for (const ctx::context& c : {before, ctx::without_cancel(made.context)}) {
        QVERIFY(!c.done() && !c.err() && !c.deadline() && !ctx::cause(c));
        QCOMPARE(*c.value(number), 5);
    }
}

void what_hangs_from_it_lives_on_its_own() {
    world w;
    const auto made = ctx::with_cancel_cause(w.root);
    const ctx::context free = ctx::without_cancel(made.context);
    const auto child = ctx::with_timeout(free, 1s);
    made.cancel(ctx::error("boom"));
    QVERIFY(!child.context.err() && !ctx::cause(child.context));
    w.advance(1s);
    QCOMPARE(child.context.err(), ctx::deadline_exceeded);
    QCOMPARE(ctx::cause(child.context), ctx::deadline_exceeded);
    // A value on top of it shows no cause of what is above.
    QVERIFY(!ctx::cause(ctx::with_value(free, number, 1)));
}

void a_nil_parent_is_refused() {
    const std::shared_ptr<foreign> none;
    QCOMPARE(panic_of([&] { (void)ctx::with_cancel(ctx::context(none)); }),
             QString("cannot create context from nil parent"));
    QCOMPARE(panic_of([&] { (void)ctx::with_value(ctx::context(none), ctx::any_key(), {}); }),
             QString("cannot create context from nil parent"));
}

void a_refused_key_leaves_nothing() {
    world w;
    struct no_equality {};
    QCOMPARE(panic_of([&] { (void)ctx::with_value(w.root, ctx::any_key(), ctx::any_value(1)); }),
             QString("nil key"));
    QCOMPARE(panic_of([&] {
                 (void)ctx::with_value(w.root, ctx::any_key::unchecked(no_equality{}), ctx::any_value(1));
             }),
             QString("key is not comparable"));
    QCOMPARE(w.live(), 0L);
}

} // namespace

void tst_context::theInterface_data() {
    rules({
        {"CTX-020 roots are never done", roots_are_never_done},
        {"CTX-021 roots differ only in name", roots_differ_only_in_name},
        {"TODO lives in the tree it is made in", todo_lives_in_the_tree_it_is_made_in},
        {"a moved-from handle is Background", a_moved_from_handle_is_background},
        {"CTX-012 every context has an identity", every_context_has_an_identity},
        {"CTX-004 Done is the same channel every time", done_is_the_same_channel_every_time},
        {"CTX-005 a view has its parent's channel and a node its own",
         a_view_has_its_parents_channel_and_a_node_its_own},
        {"CTX-006 Done may be asked for after the cancel", done_may_be_asked_for_after_the_cancel},
        {"CTX-011 deriving changes no answer of the parent", deriving_changes_no_answer_of_the_parent},
    });
}

void tst_context::cancelling_data() {
    rules({
        {"CTX-031 cancel makes it done", cancel_makes_it_done},
        {"CTX-038 an empty cancel function does nothing", an_empty_cancel_function_does_nothing},
        {"CTX-034 cancel goes down only", cancel_goes_down_only},
        {"CTX-036 a child of a done parent is born done", a_child_of_a_done_parent_is_born_done},
        {"CTX-022 nothing is registered with a root", nothing_is_registered_with_a_root},
        {"CTX-193 siblings are cancelled in order, or shuffled by a seed",
         siblings_are_cancelled_in_order_or_shuffled_by_seed},
    });
}

void tst_context::causes_data() {
    rules({
        {"CTX-050 a cause is the same object", a_cause_is_the_same_object},
        {"CTX-051 no cause means canceled, and counts", no_cause_means_canceled_and_counts},
        {"CTX-052 any error may be a cause", any_error_may_be_a_cause},
        {"CTX-062 the first cancellation settles it", the_first_cancellation_settles_it},
    });
}

void tst_context::detached_data() {
    rules({
        {"CTX-130 without_cancel keeps only values", without_cancel_keeps_only_values},
        {"CTX-132 what hangs from it lives on its own", what_hangs_from_it_lives_on_its_own},
    });
}

void tst_context::badArgumentsAreRefused_data() {
    rules({
        {"CTX-230 a nil parent is refused", a_nil_parent_is_refused},
        {"CTX-231 a refused key leaves nothing", a_refused_key_leaves_nothing},
    });
}

QTEST_APPLESS_MAIN(tst_context)
#include "tst_context.moc"
