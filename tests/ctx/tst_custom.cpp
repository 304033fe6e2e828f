// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "world.h"

/// Context types of a program's own, and how children hang on them.
class tst_custom : public QObject {
    Q_OBJECT

  private slots:
    void linking_data();
    void linking() { run_rule(); }
    void watching_data();
    void watching() { run_rule(); }
    void byAfterFunc_data();
    void byAfterFunc() { run_rule(); }
    void causes_data();
    void causes() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

/// Its own Done and Err on top of another context's values.
class own_done final : public wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return own_.done(); }
    ctx::error err() const override { return own_.err(); }
    void cancel(const ctx::error& e = ctx::canceled) { own_.cancel(e); }

  private:
    foreign own_;
};

class hides_values final : public wrapper {
  public:
    using wrapper::wrapper;
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
};

class nil_done final : public wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return {}; }
};

class fresh_done final : public wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return ctx::chan<ctx::empty>(0); }
};

class other_err final : public wrapper {
  public:
    other_err(ctx::context inner, ctx::error e) : wrapper(std::move(inner)), err_(std::move(e)) {}
    ctx::error err() const override { return inner_.err() ? err_ : ctx::error(); }

  private:
    const ctx::error err_;
};

/// Calls a child's callback when told to: in another thread, or before after_func has returned.
class after_funcer final : public foreign, public ctx::custom_after_func {
  public:
    bool at_once = false;
    std::function<void()> callback;
    int registered = 0, stopped = 0;

    std::function<bool()> after_func(std::function<void()> f) override {
        ++registered;
        if (at_once) {
            cancel();
            f();
            return [] { return false; };
        }
        callback = std::move(f);
        return [this] {
            ++stopped;
            return std::exchange(callback, nullptr) != nullptr;
        };
    }
    std::string string() const override { return "*test.after_funcer"; }
};

class delegating_after_func final : public wrapper, public ctx::custom_after_func {
  public:
    using wrapper::wrapper;
    int registered = 0;
    std::function<bool()> after_func(std::function<void()>) override {
        ++registered;
        return [] { return false; };
    }
};

void a_delegating_wrapper_costs_nothing() {
    world w;
    const ctx::error boom("boom");
    const auto node = ctx::with_cancel_cause(w.root);
    const ctx::context inner = make<wrapper>(w.root, ctx::with_value(node.context, number, 1));
    const ctx::context child = ctx::with_timeout(make<wrapper>(w.root, inner), 1h).context;
    QCOMPARE(*ctx::children_of(node.context), 1u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    node.cancel(boom);
    QCOMPARE(child.err(), ctx::canceled); // at once, without running anything
    QVERIFY(ctx::cause(child) == boom);
}

void a_done_of_its_own_is_not_bypassed() {
    world w;
    const auto node = ctx::with_cancel_cause(w.root);
    const auto own = std::make_shared<own_done>(node.context);
    const ctx::context child = ctx::with_cancel(ctx::context(own, w.root)).context;
    QCOMPARE(*ctx::children_of(node.context), 0u);
    QCOMPARE(ctx::watchers_of(w.root), 1u);
    node.cancel(ctx::error("boom"));
    w.run();
    QVERIFY(!child.err());
    own->cancel();
    w.run();
    QCOMPARE(child.err(), ctx::canceled);
    QCOMPARE(ctx::cause(child).text(), std::string("boom"));
}

void an_after_func_method_is_only_for_step_four() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const auto custom = std::make_shared<delegating_after_func>(node.context);
    const ctx::context child = ctx::with_cancel(ctx::context(custom, w.root)).context;
    QCOMPARE(custom->registered, 0);
    QCOMPARE(*ctx::children_of(node.context), 1u);
    node.cancel();
    QVERIFY(child.err());
}

void the_search_ends_at_without_cancel() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const auto own = std::make_shared<own_done>(ctx::without_cancel(node.context));
    const ctx::context child = ctx::with_cancel(ctx::context(own, w.root)).context;
    node.cancel();
    QVERIFY(!ctx::cause(ctx::context(own, w.root)));
    own->cancel(ctx::error("own"));
    w.run();
    QCOMPARE(ctx::cause(child).text(), std::string("own"));
}

void nil_done_never_cancels_its_children() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const ctx::context custom = make<nil_done>(w.root, node.context);
    const ctx::context before = ctx::with_cancel(custom).context;
    node.cancel();
    QVERIFY(custom.err());
    QVERIFY(!before.err() && !ctx::with_cancel(custom).context.err());
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void a_changed_err_shows_only_in_later_children() {
    world w;
    const ctx::error mine("mine");
    const auto node = ctx::with_cancel(w.root);
    const ctx::context custom = make<other_err>(w.root, node.context, mine);
    const ctx::context before = ctx::with_cancel(custom).context;
    node.cancel();
    const ctx::context after = ctx::with_cancel(custom).context;
    QCOMPARE(before.err(), ctx::canceled);
    QVERIFY(after.err() == mine);
}

void a_watcher_waits_for_either_side() {
    world w;
    const auto outside = std::make_shared<foreign>();
    const ctx::context parent(outside, w.root);
    const auto a = ctx::with_cancel(parent);
    const auto b = ctx::with_timeout(parent, 1s);
    const ctx::context c = ctx::with_cancel(parent).context;
    QCOMPARE(ctx::watchers_of(w.root), 3u);
    a.cancel();
    QCOMPARE(ctx::watchers_of(w.root), 2u);
    w.advance(1s);
    QCOMPARE(ctx::watchers_of(w.root), 1u);
    const ctx::error own("my own error");
    outside->cancel(own);
    QVERIFY(!c.err()); // asynchronous: CTX-168
    w.run();
    QVERIFY(c.err() == own && ctx::cause(c) == own);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    QCOMPARE(b.context.err(), ctx::deadline_exceeded);
}

void a_done_parent_costs_no_watcher() {
    world w;
    const auto outside = std::make_shared<foreign>();
    outside->cancel(ctx::error("own"));
    const ctx::context c = ctx::with_cancel(ctx::context(outside, w.root)).context;
    QCOMPARE(c.err().text(), std::string("own"));
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void hidden_values_cost_a_watcher_and_the_cause() {
    world w;
    const auto node = ctx::with_cancel_cause(w.root);
    const ctx::context child = ctx::with_cancel(make<hides_values>(w.root, node.context)).context;
    QCOMPARE(ctx::watchers_of(w.root), 1u);
    QCOMPARE(*ctx::children_of(node.context), 0u);
    node.cancel(ctx::error("boom"));
    w.run();
    QCOMPARE(child.err(), ctx::canceled);
    QCOMPARE(ctx::cause(child), ctx::canceled);
}

void a_new_channel_every_time_never_reports() {
    world w;
    const auto node = ctx::with_cancel(w.root);
    const auto child = ctx::with_cancel(make<fresh_done>(w.root, node.context));
    node.cancel();
    w.run();
    QVERIFY(!child.context.err());
    QCOMPARE(ctx::watchers_of(w.root), 1u);
    child.cancel();
    QCOMPARE(ctx::watchers_of(w.root), 0u);
}

void done_without_err_is_a_programming_error() {
    struct liar final : foreign {
        ctx::error err() const override { return {}; }
    };
    world w;
    const auto custom = std::make_shared<liar>();
    custom->cancel();
    QCOMPARE(panic_of([&] { (void)ctx::with_cancel(ctx::context(custom, w.root)); }),
             QString("context: internal error: missing cancel error"));
    QCOMPARE(w.live(), 0L);
}

void the_real_world_watches_too() {
    const auto outside = std::make_shared<foreign>();
    const ctx::context c = ctx::with_cancel(ctx::context(outside)).context;
    outside->cancel();
    c.done().wait();
    QCOMPARE(c.err(), ctx::canceled);
}

void a_child_is_registered_and_unregisters_itself() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    const ctx::context parent(custom, w.root);
    const auto child = ctx::with_cancel(parent);
    QCOMPARE(custom->registered, 1);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    child.cancel();
    QCOMPARE(custom->stopped, 1);
    QVERIFY(!custom->callback);
    (void)ctx::with_timeout(parent, 1s).context.done();
    QCOMPARE(custom->registered, 2);
    QCOMPARE(custom->stopped, 2); // dropped: nobody could notice any more
    const auto timed = ctx::with_timeout(parent, 1s);
    w.advance(1s);
    QCOMPARE(custom->stopped, 3);
}

void it_is_cancelled_through_the_callback() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    const ctx::context child = ctx::with_cancel(ctx::context(custom, w.root)).context;
    const ctx::error own("own");
    custom->cancel(own);
    QVERIFY(!child.err());
    std::exchange(custom->callback, nullptr)();
    QVERIFY(child.err() == own);
}

void its_name_hides_the_parent() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    const ctx::context parent(custom, w.root);
    QCOMPARE(ctx::with_cancel(parent).context.string(), std::string("context.stopCtx.WithCancel"));
    QVERIFY(ctx::with_timeout(parent, -1s).context.string().starts_with("context.stopCtx.WithDeadline("));
    QCOMPARE(custom->registered, 2);
    // A done parent is not asked.
    custom->cancel();
    QCOMPARE(ctx::with_cancel(parent).context.string(), std::string("*test.after_funcer.WithCancel"));
}

void a_value_on_top_hides_the_method() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    const ctx::context view = ctx::with_value(ctx::context(custom, w.root), number, 1);
    const ctx::context child = ctx::with_cancel(view).context;
    QCOMPARE(custom->registered, 0);
    QCOMPARE(ctx::watchers_of(w.root), 1u);
}

void a_callback_before_after_func_returns_does_not_deadlock() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    custom->at_once = true;
    {
        const ctx::context child = ctx::with_timeout(ctx::context(custom, w.root), 1h).context;
        QCOMPARE(child.err(), ctx::canceled);
        QCOMPARE(w.clock->pending(), 0u);
    }
    QCOMPARE(w.live(), 0L);
}

void after_func_goes_through_the_method_too() {
    world w;
    const auto custom = std::make_shared<after_funcer>();
    int ran = 0;
    const auto stop = ctx::after_func(ctx::context(custom, w.root), [&] { ++ran; });
    QCOMPARE(custom->registered, 1);
    custom->cancel();
    std::exchange(custom->callback, nullptr)();
    w.run();
    QCOMPARE(ran, 1);
    QVERIFY(!stop());
}

void own_done_takes_the_cause_of_the_node_behind() {
    world w;
    const auto node = ctx::with_cancel_cause(w.root);
    const auto own = std::make_shared<own_done>(node.context);
    const ctx::context c(own, w.root);
    QVERIFY(!ctx::cause(c));
    own->cancel();
    QCOMPARE(ctx::cause(c), ctx::canceled);
    node.cancel(ctx::error("boom"));
    QCOMPARE(ctx::cause(c).text(), std::string("boom")); // odd, and specified
}

void cause_is_empty_while_err_is() {
    world w;
    const auto node = ctx::with_cancel_cause(w.root);
    const auto own = std::make_shared<own_done>(node.context);
    const ctx::context c(own, w.root);
    node.cancel(ctx::error("boom"));
    QVERIFY(!ctx::cause(c));
    own->cancel(ctx::error("own"));
    QCOMPARE(ctx::cause(c).text(), std::string("boom"));
    QCOMPARE(c.err().text(), std::string("own"));
}

void without_a_node_the_cause_is_err() {
    world w;
    const auto outside = std::make_shared<foreign>();
    const ctx::context c = ctx::with_value(ctx::context(outside, w.root), number, 1);
    QVERIFY(!ctx::cause(c));
    outside->cancel(ctx::error("own"));
    QCOMPARE(ctx::cause(c).text(), std::string("own"));
}

} // namespace

void tst_custom::linking_data() {
    rules({
        {"CTX-161 a delegating wrapper costs nothing", a_delegating_wrapper_costs_nothing},
        {"CTX-162 a Done of its own is not bypassed", a_done_of_its_own_is_not_bypassed},
        {"CTX-163 an AfterFunc method is only for step four", an_after_func_method_is_only_for_step_four},
        {"CTX-065 CTX-175 the search ends at without_cancel", the_search_ends_at_without_cancel},
        {"CTX-174 nil Done never cancels its children", nil_done_never_cancels_its_children},
        {"CTX-171 a changed Err shows only in later children", a_changed_err_shows_only_in_later_children},
    });
}

void tst_custom::watching_data() {
    rules({
        {"CTX-167 a watcher waits for either side", a_watcher_waits_for_either_side},
        {"CTX-177 a done parent costs no watcher", a_done_parent_costs_no_watcher},
        {"CTX-170 hidden values cost a watcher and the cause", hidden_values_cost_a_watcher_and_the_cause},
        {"CTX-173 a new channel every time never reports", a_new_channel_every_time_never_reports},
        {"CTX-172 done without Err is a programming error", done_without_err_is_a_programming_error},
        {"CTX-169 the real world watches too", the_real_world_watches_too},
    });
}

void tst_custom::byAfterFunc_data() {
    rules({
        {"CTX-165 a child is registered and unregisters itself",
         a_child_is_registered_and_unregisters_itself},
        {"CTX-169 it is cancelled through the callback", it_is_cancelled_through_the_callback},
        {"CTX-166 its name hides the parent", its_name_hides_the_parent},
        {"CTX-164 a value on top hides the method", a_value_on_top_hides_the_method},
        {"CTX-176 a callback before after_func returns does not deadlock",
         a_callback_before_after_func_returns_does_not_deadlock},
        {"CTX-150 after_func goes through the method too", after_func_goes_through_the_method_too},
    });
}

void tst_custom::causes_data() {
    rules({
        {"CTX-067 its own Done takes the cause of the node behind",
         own_done_takes_the_cause_of_the_node_behind},
        {"CTX-060 Cause is empty while Err is", cause_is_empty_while_err_is},
        {"CTX-066 without a node the cause is Err", without_a_node_the_cause_is_err},
    });
}

QTEST_APPLESS_MAIN(tst_custom)
#include "tst_custom.moc"
