// SPDX-License-Identifier: MIT
#include "go_port.h"

#include <mutex>
#include <thread>

/// Go's x_test.go: Err and Cause.
class tst_go_cause : public QObject {
    Q_OBJECT

  private slots:
    void testCause_data();
    void testCause();
    void goTests_data();
    void goTests() { run_rule(); }
};

using namespace go_port;

namespace {

const ctx::error parent_cause("parentCause"), child_cause("childCause"), too_slow("tooSlow"),
    finished_early("finishedEarly");
constexpr ctx::duration a_long_time = 1'000'000s;

// What the table derives

ctx::context canceled() {
    const auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    return made.context;
}
ctx::context canceled_with(const ctx::error& cause) {
    const auto made = ctx::with_cancel_cause(ctx::background());
    made.cancel(cause);
    return made.context;
}
ctx::context with_parent_cause() {
    return canceled_with(parent_cause);
}
ctx::context with_nil_cause() {
    return canceled_with({});
}

/// A child of a parent, both with a cause to give or none, cancelled one after the other.
ctx::context both(const ctx::error& parents, const ctx::error& childs, bool parent_first) {
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto child = ctx::with_cancel_cause(parent.context);
    const auto end = [](const ctx::cause_cancelable& made, const ctx::error& cause) {
        cause ? made.cancel(cause) : ctx::cancel_func(made.cancel)();
    };
    parent_first ? end(parent, parents) : end(child, childs);
    parent_first ? end(child, childs) : end(parent, parents);
    return child.context;
}
ctx::context parent_before_child() {
    return both(parent_cause, child_cause, true);
}
ctx::context parent_after_child() {
    return both(parent_cause, child_cause, false);
}
ctx::context parent_before_nil() {
    return both(parent_cause, {}, true);
}
ctx::context parent_after_nil() {
    return both(parent_cause, {}, false);
}
ctx::context child_after_nil() {
    return both({}, child_cause, true);
}
ctx::context child_before_nil() {
    return both({}, child_cause, false);
}

ctx::context timeout_canceled(ctx::duration t, const ctx::error& cause) {
    const auto made = cause ? ctx::with_timeout_cause(ctx::background(), t, cause)
                            : ctx::with_timeout(ctx::background(), t);
    made.cancel();
    return made.context;
}
ctx::context timeout() {
    return timeout_canceled(0s, {});
}
ctx::context timeout_early() {
    return timeout_canceled(a_long_time, {});
}
ctx::context timeout_cause() {
    return timeout_canceled(0s, too_slow);
}
ctx::context timeout_cause_early() {
    return timeout_canceled(a_long_time, too_slow);
}
ctx::context stacked(ctx::duration t) {
    const auto outer = ctx::with_cancel_cause(ctx::background());
    const ctx::context inner = ctx::with_timeout_cause(outer.context, t, too_slow).context;
    outer.cancel(finished_early);
    return inner;
}
ctx::context timeout_cause_stacked() {
    return stacked(0s);
}
ctx::context timeout_cause_stacked_early() {
    return stacked(a_long_time);
}

ctx::context detached() {
    return ctx::without_cancel(ctx::background());
}
ctx::context detached_canceled() {
    const auto made = ctx::with_cancel_cause(ctx::background());
    const ctx::context c = ctx::without_cancel(made.context);
    made.cancel(finished_early);
    return c;
}
ctx::context detached_timeout() {
    const auto made = ctx::with_timeout_cause(ctx::background(), 0s, too_slow);
    const ctx::context c = ctx::without_cancel(made.context);
    made.cancel();
    return c;
}

/// Go's customContext: a Done of its own, which an AfterFunc on its parent closes too.
class custom final : public ctx::custom_context {
  public:
    explicit custom(ctx::context parent) : parent_(std::move(parent)) {}
    static std::pair<ctx::context, std::function<void()>> make(const ctx::context& parent) {
        const auto c = std::make_shared<custom>(parent);
        // The parent holds the callback, and the custom context holds the parent.
        ctx::after_func(parent, [seen = std::weak_ptr(c)] {
            if (const auto self = seen.lock()) self->end(self->parent_.err());
        });
        return {ctx::context(c), [c] { c->end(ctx::canceled); }};
    }

    std::optional<ctx::time_point> deadline() const override { return parent_.deadline(); }
    ctx::recv_chan<ctx::empty> done() const override { return done_; }
    ctx::error err() const override {
        const std::lock_guard lock(mutex_);
        return err_;
    }
    ctx::any_value value(const ctx::any_key& k) const override { return parent_.value(k); }
    std::string string() const override { return "*context_test.customContext"; }

  private:
    void end(const ctx::error& e) {
        const std::lock_guard lock(mutex_);
        if (err_) return;
        err_ = e;
        done_.close();
    }
    const ctx::context parent_;
    const ctx::chan<ctx::empty> done_{0};
    mutable std::mutex mutex_;
    ctx::error err_;
};

ctx::context custom_parent_open() {
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto [c, cancel] = custom::make(parent.context);
    cancel();
    return c;
}
ctx::context custom_parent_before() {
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto [c, cancel] = custom::make(parent.context);
    parent.cancel(parent_cause);
    cancel();
    return c;
}
ctx::context custom_parent_after() {
    const auto parent = ctx::with_cancel_cause(ctx::background());
    const auto [c, cancel] = custom::make(parent.context);
    cancel();
    parent.cancel(parent_cause);
    return c;
}

// The other tests

void cause_race() {
    const ctx::error cause("because of a race");
    const auto made = ctx::with_cancel_cause(ctx::background());
    std::jthread canceling([&] { made.cancel(cause); });
    for (;;) {
        // Polls Cause without waiting for Done.
        if (const ctx::error e = ctx::cause(made.context)) {
            QVERIFY(e == cause);
            return;
        }
        std::this_thread::yield();
    }
}

/// Go's customDoneContext.
class custom_done final : public test::wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return own; }
    const ctx::chan<ctx::empty> own{0};
};

void custom_context_propagation() {
    const ctx::error cause("because of the first");
    const auto first = ctx::with_cancel_cause(ctx::background());
    const auto second = std::make_shared<custom_done>(first.context);
    const ctx::context third = ctx::with_cancel(ctx::context(second)).context;
    first.cancel(cause);
    second->own.close();
    third.done().wait();
    QCOMPARE(third.err(), ctx::canceled);
    QVERIFY(ctx::cause(third) == cause);
}

/// Go's customCauseContext: a root of its own that may cancel a child from within its own cancel.
class custom_cause final : public test::foreign {
  public:
    void end() {
        cancel();
        child();
    }
    ctx::cancel_func child;
};

void custom_context_cause() {
    const auto alone = std::make_shared<custom_cause>();
    alone->end();
    QCOMPARE(alone->err(), ctx::canceled);
    QCOMPARE(ctx::cause(ctx::context(alone)), ctx::canceled);

    const ctx::error cause("because");
    const auto parent = std::make_shared<custom_cause>();
    const auto made = ctx::with_cancel_cause(ctx::context(parent));
    made.cancel(cause);
    QCOMPARE(made.context.err(), ctx::canceled);
    QVERIFY(ctx::cause(made.context) == cause);
    QVERIFY(!parent->err() && !ctx::cause(ctx::context(parent)));
    parent->end();
    QCOMPARE(made.context.err(), ctx::canceled);
    QVERIFY(ctx::cause(made.context) == cause);
    QCOMPARE(parent->err(), ctx::canceled);
    QCOMPARE(ctx::cause(ctx::context(parent)), ctx::canceled);

    const auto canceling = std::make_shared<custom_cause>();
    const auto child = ctx::with_cancel(ctx::context(canceling));
    canceling->child = child.cancel;
    canceling->end();
    QCOMPARE(child.context.err(), ctx::canceled);
    QCOMPARE(ctx::cause(child.context), ctx::canceled);
    QCOMPARE(canceling->err(), ctx::canceled);
    QCOMPARE(ctx::cause(ctx::context(canceling)), ctx::canceled);
    canceling->child = {};
}

using make_context = ctx::context (*)();

} // namespace

Q_DECLARE_METATYPE(make_context)

void tst_go_cause::testCause_data() {
    QTest::addColumn<make_context>("make");
    QTest::addColumn<ctx::error>("err");
    QTest::addColumn<ctx::error>("cause");
    const auto row = [](const char* name, make_context f, const ctx::error& err, const ctx::error& cause) {
        QTest::newRow(name) << f << err << cause;
    };
    const ctx::error none, expired = ctx::deadline_exceeded, cancelled = ctx::canceled;
    row("TestCause/Background", ctx::background, none, none);
    row("TestCause/TODO", ctx::todo, none, none);
    row("TestCause/WithCancel", canceled, cancelled, cancelled);
    row("TestCause/WithCancelCause", with_parent_cause, cancelled, parent_cause);
    row("TestCause/WithCancelCause nil", with_nil_cause, cancelled, cancelled);
    row("TestCause/WithCancelCause: parent cause before child", parent_before_child, cancelled, parent_cause);
    row("TestCause/WithCancelCause: parent cause after child", parent_after_child, cancelled, child_cause);
    row("TestCause/WithCancelCause: parent cause before nil", parent_before_nil, cancelled, parent_cause);
    row("TestCause/WithCancelCause: parent cause after nil", parent_after_nil, cancelled, cancelled);
    row("TestCause/WithCancelCause: child cause after nil", child_after_nil, cancelled, cancelled);
    row("TestCause/WithCancelCause: child cause before nil", child_before_nil, cancelled, child_cause);
    row("TestCause/WithTimeout", timeout, expired, expired);
    row("TestCause/WithTimeout canceled", timeout_early, cancelled, cancelled);
    row("TestCause/WithTimeoutCause", timeout_cause, expired, too_slow);
    row("TestCause/WithTimeoutCause canceled", timeout_cause_early, cancelled, cancelled);
    row("TestCause/WithTimeoutCause stacked", timeout_cause_stacked, expired, too_slow);
    row("TestCause/WithTimeoutCause stacked canceled", timeout_cause_stacked_early, cancelled,
        finished_early);
    row("TestCause/WithoutCancel", detached, none, none);
    row("TestCause/WithoutCancel canceled", detached_canceled, none, none);
    row("TestCause/WithoutCancel timeout", detached_timeout, none, none);
    row("TestCause/parent of custom context not canceled", custom_parent_open, cancelled, cancelled);
    row("TestCause/parent of custom context is canceled before", custom_parent_before, cancelled,
        parent_cause);
    row("TestCause/parent of custom context is canceled after", custom_parent_after, cancelled, parent_cause);
}

void tst_go_cause::testCause() {
    QFETCH(const make_context, make);
    QFETCH(const ctx::error, err);
    QFETCH(const ctx::error, cause);
    const ctx::context c = make();
    QVERIFY2(c.err() == err, c.err().text().c_str());
    QVERIFY2(ctx::cause(c) == cause, ctx::cause(c).text().c_str());
}

void tst_go_cause::goTests_data() {
    rules({
        {"TestCauseRace", cause_race},
        {"TestCustomContextPropagation", custom_context_propagation},
        {"TestCustomContextCause", custom_context_cause},
    });
}

QTEST_APPLESS_MAIN(tst_go_cause)
#include "tst_go_cause.moc"
