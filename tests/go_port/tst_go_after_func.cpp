// SPDX-License-Identifier: MIT
#include "go_port.h"

#include <map>
#include <mutex>

/// Go's x_test.go and afterfunc_test.go: AfterFunc, and contexts with an AfterFunc method.
class tst_go_after_func : public QObject {
    Q_OBJECT

  private slots:
    void goTests_data();
    void goTests() { run_rule(); }
};

using namespace go_port;

namespace {

// Where Go waits a millisecond to see that nothing is called, the tree's scheduler has nothing left to run.

void called_after_cancel() {
    test::world w;
    const auto made = ctx::with_cancel(w.root);
    bool called = false;
    const auto stop = ctx::after_func(made.context, [&] { called = true; });
    w.run();
    QVERIFY(!called);
    made.cancel();
    w.run();
    QVERIFY(called);
    QVERIFY(!stop());
}

void called_after_timeout() {
    const ctx::context c = ctx::with_timeout(ctx::background(), short_duration).context;
    const ctx::chan<ctx::empty> called(0);
    ctx::after_func(c, [=] { called.close(); });
    QVERIFY(ends(called));
}

void called_immediately() {
    const auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    const ctx::chan<ctx::empty> called(0);
    ctx::after_func(made.context, [=] { called.close(); });
    QVERIFY(ends(called));
}

void not_called_after_stop() {
    test::world w;
    const auto made = ctx::with_cancel(w.root);
    bool called = false;
    const auto stop = ctx::after_func(made.context, [&] { called = true; });
    QVERIFY(stop());
    made.cancel();
    w.run();
    QVERIFY(!called);
    QVERIFY(!stop());
}

void called_asynchronously() {
    const auto made = ctx::with_cancel(ctx::background());
    const ctx::chan<ctx::empty> done(0);
    ctx::after_func(made.context, [=] { done.send({}); }); // blocks until the receive below
    made.cancel();
    QVERIFY(ends(done));
}

/// Go's afterFuncContext: keeps callbacks and starts each in a thread of its own.
class after_func_context final : public ctx::custom_context, public ctx::custom_after_func {
  public:
    std::optional<ctx::time_point> deadline() const override { return std::nullopt; }
    ctx::recv_chan<ctx::empty> done() const override { return done_; }
    ctx::error err() const override {
        const std::lock_guard lock(mutex_);
        return err_;
    }
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
    std::string string() const override { return "*context_test.afterFuncContext"; }

    std::function<bool()> after_func(std::function<void()> f) override {
        const std::lock_guard lock(mutex_);
        const int id = next_++;
        callbacks_[id] = std::move(f);
        return [this, id] {
            const std::lock_guard unregister(mutex_);
            return callbacks_.erase(id) > 0;
        };
    }
    std::size_t registered() const {
        const std::lock_guard lock(mutex_);
        return callbacks_.size();
    }
    /// Go's type never closes its Done: only the callbacks tell.
    void cancel() {
        const std::lock_guard lock(mutex_);
        if (err_) return;
        err_ = ctx::canceled;
        for (auto& [id, f] : std::exchange(callbacks_, {})) ctx::detail::run_in_thread(std::move(f));
    }

  private:
    mutable std::mutex mutex_;
    const ctx::chan<ctx::empty> done_{0};
    std::map<int, std::function<void()>> callbacks_;
    ctx::error err_;
    int next_ = 0;
};

struct custom_parent {
    std::shared_ptr<after_func_context> impl = std::make_shared<after_func_context>();
    ctx::context context{impl};
};

void custom_cancel() {
    const custom_parent p;
    const ctx::context c = ctx::with_cancel(p.context).context;
    p.impl->cancel();
    QVERIFY(ends(c.done()));
}

void custom_timeout() {
    const custom_parent p;
    const ctx::context c = ctx::with_timeout(p.context, very_long_duration).context;
    p.impl->cancel();
    QVERIFY(ends(c.done()));
}

void custom_after_func() {
    const custom_parent p;
    const ctx::chan<ctx::empty> done(0);
    const auto stop = ctx::after_func(p.context, [=] { done.close(); });
    p.impl->cancel();
    QVERIFY(ends(done));
    stop();
}

void unregister_cancel() {
    const custom_parent p;
    const auto first = ctx::with_cancel(p.context), second = ctx::with_cancel(p.context);
    QCOMPARE(p.impl->registered(), 2u);
    first.cancel();
    second.cancel();
    QCOMPARE(p.impl->registered(), 0u);
}

void unregister_timeout() {
    const custom_parent p;
    const auto made = ctx::with_timeout(p.context, very_long_duration);
    QCOMPARE(p.impl->registered(), 1u);
    made.cancel();
    QCOMPARE(p.impl->registered(), 0u);
}

void unregister_after_func() {
    const custom_parent p;
    const auto stop = ctx::after_func(p.context, [] {});
    QCOMPARE(p.impl->registered(), 1u);
    stop();
    QCOMPARE(p.impl->registered(), 0u);
}

/// Go's myDoneCtx: a new channel at each call.
class my_done_ctx final : public test::wrapper {
  public:
    using wrapper::wrapper;
    ctx::recv_chan<ctx::empty> done() const override { return ctx::chan<ctx::empty>(0); }
};

/// Go counts goroutines ever started; here a watcher is counted while it is there.
void custom_context_goroutines() {
    test::world w;
    const auto watchers = [&] { return ctx::watchers_of(w.root); };
    for (const bool timed : {false, true}) {
        const ctx::context parent = test::make<my_done_ctx>(w.root, w.root);
        const auto made = timed ? ctx::with_timeout(parent, very_long_duration) : ctx::with_cancel(parent);
        QCOMPARE(watchers(), 1u);
        made.cancel();
        QCOMPARE(watchers(), 0u);
    }
    const auto c1 = ctx::with_cancel(w.root);
    QCOMPARE(watchers(), 0u);
    const ctx::context c2 = other_context(c1.context);
    const auto c3 = ctx::with_cancel(c2);
    QCOMPARE(watchers(), 0u);
    const auto c3b = ctx::with_cancel(test::make<my_done_ctx>(w.root, c2));
    QCOMPARE(watchers(), 1u); // c1 does not provide Done and must not be used
    const auto c4 = ctx::with_timeout(c3.context, very_long_duration);
    const auto c5 = ctx::with_cancel(c4.context);
    QCOMPARE(watchers(), 1u);
    c5.cancel();
    const auto c6 = ctx::with_timeout(c5.context, very_long_duration);
    QCOMPARE(watchers(), 1u);
    c6.cancel();
    c1.cancel();
    const auto c7 = ctx::with_cancel(c5.context);
    QVERIFY(c7.context.err());
    QCOMPARE(watchers(), 1u);
    c3b.cancel();
    QCOMPARE(watchers(), 0u);
    QVERIFY(w.steps.idle()); // nothing was ever started
}

} // namespace

void tst_go_after_func::goTests_data() {
    rules({
        {"TestAfterFuncCalledAfterCancel", called_after_cancel},
        {"TestAfterFuncCalledAfterTimeout", called_after_timeout},
        {"TestAfterFuncCalledImmediately", called_immediately},
        {"TestAfterFuncNotCalledAfterStop", not_called_after_stop},
        {"TestAfterFuncCalledAsynchronously", called_asynchronously},
        {"TestCustomContextAfterFuncCancel", custom_cancel},
        {"TestCustomContextAfterFuncTimeout", custom_timeout},
        {"TestCustomContextAfterFuncAfterFunc", custom_after_func},
        {"TestCustomContextAfterFuncUnregisterCancel", unregister_cancel},
        {"TestCustomContextAfterFuncUnregisterTimeout", unregister_timeout},
        {"TestCustomContextAfterFuncUnregisterAfterFunc", unregister_after_func},
        {"TestCustomContextGoroutines", custom_context_goroutines},
    });
}

QTEST_APPLESS_MAIN(tst_go_after_func)
#include "tst_go_after_func.moc"
