// SPDX-License-Identifier: MIT
#include "panics.h"
#include "rules.h"
#include "world.h"

#include <functional>
#include <vector>

/// Arguments that make no sense are refused with Go's words, and nothing is left of the call.
class tst_refusal : public QObject {
    Q_OBJECT

  private slots:
    void refuses_data();
    void refuses() { run_rule(); }
};

using namespace test;

namespace {

const QString nil_parent = "cannot create context from nil parent";

ctx::context nothing() {
    return ctx::context(std::shared_ptr<foreign>());
}

/// A time nobody may look at before the parent was.
ctx::time_point not_to_be_asked() {
    return ctx::time_point(-1s);
}

void every_derivation_refuses_a_nil_parent() {
    const std::vector<std::function<void()>> all = {
        [] { (void)ctx::with_cancel(nothing()); },
        [] { (void)ctx::with_cancel_cause(nothing()); },
        [] { (void)ctx::with_deadline(nothing(), not_to_be_asked()); },
        [] { (void)ctx::with_deadline_cause(nothing(), not_to_be_asked(), ctx::error("x")); },
        [] { (void)ctx::with_timeout(nothing(), 1s); },
        [] { (void)ctx::with_timeout_cause(nothing(), 1s, ctx::error("x")); },
        [] { (void)ctx::with_value(nothing(), ctx::any_key(1), ctx::any_value(1)); },
        [] { (void)ctx::without_cancel(nothing()); },
    };
    for (const auto& derive : all) QCOMPARE(panic_of(derive), nil_parent);
}

// The compiler refuses what it can see: a context is never null.
static_assert(!std::is_constructible_v<ctx::context, std::nullptr_t>);
static_assert(!std::is_assignable_v<ctx::context&, std::nullptr_t>);

void after_func_and_cause_fail_in_the_same_place() {
    int ran = 0;
    QCOMPARE(panic_of([&] { ctx::after_func(nothing(), [&] { ++ran; }); }), nil_parent);
    QCOMPARE(panic_of([] { (void)ctx::cause(nothing()); }), nil_parent);
    QCOMPARE(ran, 0);
}

struct no_equality {};

void keys_are_checked_after_the_parent() {
    world w;
    const ctx::any_key odd = ctx::any_key::unchecked(no_equality{});
    QCOMPARE(panic_of([&] { (void)ctx::with_value(w.root, {}, ctx::any_value(1)); }), QString("nil key"));
    QCOMPARE(panic_of([&] { (void)ctx::with_value(w.root, odd, ctx::any_value(1)); }),
             QString("key is not comparable"));
    for (const ctx::any_key& k : {ctx::any_key(), odd})
        QCOMPARE(panic_of([&] { (void)ctx::with_value(nothing(), k, {}); }), nil_parent);
}

void a_refused_call_leaves_nothing_behind() {
    struct liar final : foreign { // done, and no error to say why
        ctx::error err() const override { return {}; }
    };
    world w;
    const auto node = ctx::with_cancel(w.root);
    const auto custom = std::make_shared<liar>();
    custom->cancel();
    const long before = w.live();
    for (int i = 0; i < 3; ++i) {
        const ctx::context parent(custom, w.root);
        QVERIFY(panic_of([&] { (void)ctx::with_value(node.context, {}, ctx::any_value(1)); }) != "none");
        QVERIFY(panic_of([&] { (void)ctx::with_cancel(parent); }) != "none");
        QVERIFY(panic_of([&] { (void)ctx::with_timeout(parent, 1h); }) != "none");
        QVERIFY(panic_of([&] { ctx::after_func(parent, [] {}); }) != "none");
    }
    QCOMPARE(w.live(), before);
    QCOMPARE(*ctx::children_of(node.context), 0u);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(ctx::watchers_of(w.root), 0u);
    QVERIFY(w.steps.idle());
}

} // namespace

void tst_refusal::refuses_data() {
    rules({
        {"CTX-230 every derivation refuses a nil parent", every_derivation_refuses_a_nil_parent},
        {"CTX-231 keys are checked, and after the parent", keys_are_checked_after_the_parent},
        {"CTX-232 after_func and cause of nothing fail in a defined way",
         after_func_and_cause_fail_in_the_same_place},
        {"CTX-233 a refused call leaves nothing behind", a_refused_call_leaves_nothing_behind},
    });
}

QTEST_APPLESS_MAIN(tst_refusal)
#include "tst_refusal.moc"
