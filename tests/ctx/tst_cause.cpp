// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

/// Why a context is done, and that the reason is handed on unchanged.
class tst_cause : public QObject {
    Q_OBJECT

  private slots:
    void holds_data();
    void holds() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

void cause_is_empty_as_long_as_err_is() {
    world w;
    const auto made = ctx::with_cancel_cause(w.root);
    const ctx::context timed = ctx::with_timeout_cause(w.root, 1s, ctx::error("slow")).context;
    const ctx::context view = ctx::with_value(made.context, number, 1);
    for (const ctx::context& c : {made.context, timed, view}) QVERIFY(!c.err() && !ctx::cause(c));
    made.cancel(ctx::error("boom"));
    w.advance(1s);
    for (const ctx::context& c : {made.context, timed, view}) QVERIFY(c.err() && ctx::cause(c));
}

void without_a_cause_err_is_the_cause() {
    world w;
    const auto cancelled = ctx::with_cancel(w.root);
    const ctx::context below = ctx::with_cancel_cause(cancelled.context).context;
    const ctx::context expired = ctx::with_timeout(w.root, 1s).context;
    cancelled.cancel();
    w.advance(1s);
    QCOMPARE(ctx::cause(cancelled.context), ctx::canceled);
    QCOMPARE(ctx::cause(below), ctx::canceled);
    QCOMPARE(ctx::cause(expired), ctx::deadline_exceeded);
}

void the_first_to_reach_a_context_settles_its_cause() {
    world w;
    const ctx::error outer("outer"), inner("inner"), slow("slow");
    const auto top = ctx::with_cancel_cause(w.root);
    const auto timed = ctx::with_timeout_cause(top.context, 1s, slow);
    const auto own = ctx::with_cancel_cause(timed.context);
    const ctx::context other = ctx::with_cancel_cause(timed.context).context;
    own.cancel(inner);
    w.advance(1s);
    top.cancel(outer);
    QVERIFY(ctx::cause(own.context) == inner && own.context.err() == ctx::canceled);
    QVERIFY(ctx::cause(other) == slow && other.err() == ctx::deadline_exceeded);
    QVERIFY(ctx::cause(top.context) == outer && top.context.err() == ctx::canceled);
}

void a_view_has_the_cause_of_the_nearest_node() {
    world w;
    const ctx::error near("near"), far("far");
    const auto top = ctx::with_cancel_cause(w.root);
    const auto node = ctx::with_cancel_cause(ctx::with_value(top.context, number, 1));
    const ctx::context value = ctx::with_value(node.context, number, 2);
    const ctx::context wrapped = make<wrapper>(w.root, ctx::with_value(value, number, 3));
    node.cancel(near);
    top.cancel(far);
    QVERIFY(ctx::cause(value) == near && ctx::cause(wrapped) == near);
    QVERIFY(ctx::cause(ctx::with_value(wrapped, number, 4)) == near);
    QVERIFY(ctx::cause(ctx::with_value(top.context, number, 5)) == far);
}

void without_cancel_hides_the_causes_above() {
    world w;
    const auto top = ctx::with_cancel_cause(w.root);
    const ctx::context before = ctx::without_cancel(top.context);
    top.cancel(ctx::error("boom"));
    const ctx::context expired = ctx::with_timeout(top.context, -1s).context;
    for (const ctx::context& c : {before, ctx::without_cancel(top.context), ctx::without_cancel(expired)}) {
        QVERIFY(!ctx::cause(c) && !ctx::cause(ctx::with_value(c, number, 1)));
        QVERIFY(!ctx::cause(make<wrapper>(w.root, c)));
        const auto child = ctx::with_cancel(ctx::with_value(c, number, 2));
        QVERIFY(!ctx::cause(child.context));
        child.cancel();
        QCOMPARE(ctx::cause(child.context), ctx::canceled);
    }
}

class coded final : public ctx::error_object {
  public:
    std::string text() const override { return "coded"; }
    const int code_number = 42;
};

void the_same_object_comes_out() {
    world w;
    const ctx::error why = ctx::error::make<coded>();
    const auto cancelled = ctx::with_cancel_cause(w.root);
    const ctx::context expired = ctx::with_timeout_cause(w.root, 1s, why).context;
    const auto outside = std::make_shared<foreign>();
    const ctx::context watched = ctx::with_cancel(ctx::context(outside, w.root)).context;
    const ctx::context below = ctx::with_timeout(ctx::with_value(cancelled.context, number, 1), 1h).context;
    cancelled.cancel(why);
    outside->cancel(why);
    w.advance(1s);
    for (const ctx::context& c :
         {cancelled.context, below, expired, watched, ctx::with_cancel(cancelled.context).context}) {
        QVERIFY(ctx::cause(c).object() == why.object());
        QCOMPARE(dynamic_cast<const coded*>(ctx::cause(c).object())->code_number, 42);
    }
}

} // namespace

void tst_cause::holds_data() {
    rules({
        {"CTX-060 Cause is empty as long as Err is", cause_is_empty_as_long_as_err_is},
        {"CTX-061 the first cancellation to reach a context settles its Cause",
         the_first_to_reach_a_context_settles_its_cause},
        {"CTX-063 without a cause, Err is the Cause", without_a_cause_err_is_the_cause},
        {"CTX-064 a view has the Cause of the nearest node above", a_view_has_the_cause_of_the_nearest_node},
        {"CTX-065 without_cancel has no Cause and hides those above", without_cancel_hides_the_causes_above},
        {"CTX-223 the very object given as a cause comes out of Cause", the_same_object_comes_out},
    });
}

QTEST_APPLESS_MAIN(tst_cause)
#include "tst_cause.moc"
