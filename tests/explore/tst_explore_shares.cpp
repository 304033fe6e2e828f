// SPDX-License-Identifier: MIT
#include "ctx/detail/tree.h"
#include "explore/world.h"

using namespace explore;

/// Children of a busy context, which each thread links into a share of its own.
class tst_explore_shares : public QObject {
    Q_OBJECT

  private slots:
    void cancels_data();
    void cancels() { explore_rule(); }
    void lifetimes_data();
    void lifetimes() { explore_rule(); }
};

namespace {

ctx::cancelable busy(const ctx::context& parent) {
    ctx::cancelable c = ctx::with_cancel(parent);
    ctx::detail::node_access::spread_out(c.context);
    return c;
}

void a_cancel_during_a_derivation_is_not_lost() {
    const world w;
    const auto top = busy(w.root);
    std::optional<ctx::cancelable> one, other;
    together({[&] { top.cancel(); }, [&] { one = ctx::with_cancel(top.context); },
              [&] { other = ctx::with_cancel(top.context); }});
    check(one->context.err() && other->context.err(), "a child missed its parent's end");
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

void threads_that_meet_lose_no_child() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> one, other;
    together({[&] { one = ctx::with_cancel(top.context); }, [&] { other = ctx::with_cancel(top.context); }});
    check(ctx::children_of(top.context) == 2u, "a child is missing");
    top.cancel();
    check(one->context.err() && other->context.err(), "a child missed its parent's end");
}

void a_list_is_spread_while_it_is_cancelled() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto first = ctx::with_cancel(top.context);
    std::optional<ctx::cancelable> late;
    together({[&] { top.cancel(); },
              [&] {
                  ctx::detail::node_access::spread_out(top.context);
                  late = ctx::with_cancel(top.context);
              }});
    check(first.context.err() && late->context.err(), "a child missed its parent's end");
}

void both_cancels_see_the_leaf_done() {
    const world w;
    const auto top = busy(w.root);
    const auto leaf = ctx::with_cancel(top.context);
    const auto cancel = [&] {
        top.cancel();
        check(leaf.context.err() == ctx::canceled, "cancel returned before the leaf was done");
    };
    together({cancel, cancel});
}

/// Handles that threads drop.
struct family {
    world w;
    std::optional<ctx::cancelable> top = busy(w.root);
    std::optional<ctx::cancelable> child = ctx::with_cancel(top->context);
};

void the_last_handle_goes_while_the_parent_is_cancelled() {
    family f;
    together({[&] { f.top->cancel(); }, [&] { f.child.reset(); }});
    check(ctx::children_of(f.top->context) == 0u, "the child stayed in the list");
}

void parent_and_child_are_dropped() {
    family f;
    together({[&] { f.top.reset(); }, [&] { f.child.reset(); }});
}

void two_children_and_their_parent_are_dropped() {
    family f;
    std::optional<ctx::cancelable> other = ctx::with_cancel(f.top->context);
    together({[&] { f.child.reset(); }, [&] { other.reset(); }, [&] { f.top.reset(); }});
}

void children_in_list_and_share_are_dropped() {
    const world w;
    std::optional<ctx::cancelable> top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> early = ctx::with_cancel(top->context);
    ctx::detail::node_access::spread_out(top->context);
    std::optional<ctx::cancelable> late = ctx::with_cancel(top->context);
    together({[&] { early.reset(); }, [&] { late.reset(); }, [&] { top.reset(); }});
}

void a_child_is_made_and_dropped_while_the_parent_goes() {
    family f;
    const ctx::context copy = f.top->context;
    std::optional<ctx::context> one = copy;
    together({[&] { f.child.reset(); },
              [&] {
                  (void)ctx::with_cancel(*one);
                  one.reset();
              },
              [&] { f.top.reset(); }});
}

void a_callback_is_dropped_with_its_context() {
    const world w;
    int ran = 0;
    {
        std::optional<ctx::cancelable> top = busy(w.root);
        std::optional<ctx::stop_func> stop = ctx::after_func(top->context, [&] { ++ran; });
        std::optional<ctx::cancelable> child = ctx::with_cancel(top->context);
        together({[&] { stop.reset(); }, [&] { child.reset(); }, [&] { top.reset(); }});
    }
    check(ran == 0, "a callback ran that nobody could cause");
}

void a_forgotten_callback_runs() {
    const world w;
    int ran = 0;
    const auto top = busy(w.root);
    std::optional<ctx::stop_func> stop = ctx::after_func(top.context, [&] { ++ran; });
    together({[&] { stop.reset(); }, [&] { top.cancel(); }});
    check(ran == 1, "the callback did not run once");
}

void a_deadline_with_children_is_dropped_while_it_passes() {
    const world w;
    std::optional<ctx::cancelable> top = ctx::with_timeout(w.root, 1s);
    ctx::detail::node_access::spread_out(top->context);
    std::optional<ctx::cancelable> child = ctx::with_cancel(top->context);
    together({[&] { w.clock->advance(1s); }, [&] { child.reset(); }, [&] { top.reset(); }});
    check(w.clock->pending() == 0, "a timer is still armed");
}

} // namespace

void tst_explore_shares::cancels_data() {
    rules({
        {"CTX-037 CTX-197 a cancel during a derivation is not lost", a_cancel_during_a_derivation_is_not_lost,
         3},
        {"CTX-196 threads that meet lose no child", threads_that_meet_lose_no_child},
        {"CTX-037 a list is spread while it is cancelled", a_list_is_spread_while_it_is_cancelled, 3},
        {"CTX-190 both of two cancels see the leaf done", both_cancels_see_the_leaf_done, 3},
    });
}

void tst_explore_shares::lifetimes_data() {
    rules({
        {"CTX-302 the last handle goes while the parent is cancelled",
         the_last_handle_goes_while_the_parent_is_cancelled, 3},
        {"CTX-302 the same, when a compare and swap fails for nothing",
         the_last_handle_goes_while_the_parent_is_cancelled, 2, detail::weak_failures},
        {"CTX-306 parent and child are dropped", parent_and_child_are_dropped},
        {"CTX-306 two children and their parent are dropped", two_children_and_their_parent_are_dropped, 3},
        {"CTX-306 children in list and share are dropped", children_in_list_and_share_are_dropped, 3},
        {"CTX-306 a child is made and dropped while the parent goes",
         a_child_is_made_and_dropped_while_the_parent_goes, 2},
        {"CTX-306 a callback is dropped with its context", a_callback_is_dropped_with_its_context, 2},
        {"CTX-306 a forgotten callback runs", a_forgotten_callback_runs, 3},
        {"CTX-302 a deadline with children is dropped while it passes",
         a_deadline_with_children_is_dropped_while_it_passes, 2},
    });
}

QTEST_APPLESS_MAIN(tst_explore_shares)
#include "tst_explore_shares.moc"
