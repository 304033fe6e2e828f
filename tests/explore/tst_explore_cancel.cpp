// SPDX-License-Identifier: MIT
#include "explore/world.h"

using namespace explore;

/// Cancel, derive and drop, in every order in which threads can do them.
class tst_explore_cancel : public QObject {
    Q_OBJECT

  private slots:
    void cancels_data();
    void cancels() { explore_rule(); }
    void lifetimes_data();
    void lifetimes() { explore_rule(); }
    void readers_data();
    void readers() { explore_rule(); }
};

namespace {

void both_cancels_see_the_leaf_done() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto leaf = ctx::with_cancel(top.context);
    const auto cancel = [&] {
        top.cancel();
        check(leaf.context.err() == ctx::canceled, "cancel returned before the leaf was done");
    };
    together({cancel, cancel});
}

void cancels_above_and_below_see_the_leaf_done() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto middle = ctx::with_cancel(top.context);
    const auto leaf = ctx::with_cancel(middle.context);
    const auto cancel = [&leaf](const ctx::cancelable& c) {
        c.cancel();
        check(leaf.context.err() == ctx::canceled, "cancel returned before the leaf was done");
    };
    together({[&] { cancel(top); }, [&] { cancel(middle); }});
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

void a_cancel_inside_a_sweep_sees_what_is_below_done() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto first = ctx::with_cancel(top.context);
    const auto leaf = ctx::with_cancel(first.context);
    std::optional<ctx::cancelable> last = ctx::with_cancel(top.context);
    together({[&] { top.cancel(); },
              [&] {
                  first.cancel();
                  check(leaf.context.err() == ctx::canceled, "cancel returned before the leaf was done");
                  first.cancel();
              },
              [&] { last.reset(); }});
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

void a_cancel_during_derivation_is_not_lost() {
    const world w;
    const auto top = ctx::with_cancel_cause(w.root);
    const ctx::error why("why");
    std::optional<ctx::cancelable> child;
    together({[&] { top.cancel(why); }, [&] { child = ctx::with_cancel(top.context); }});
    check(child->context.err() == ctx::canceled, "the child missed its parent's end");
    check(ctx::cause(child->context) == why, "the child has another cause");
    check(ctx::children_of(top.context) == 0u, "the child stayed in the list");
}

void a_cancel_during_two_derivations_is_not_lost() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> one, other;
    together({[&] { top.cancel(); }, [&] { one = ctx::with_cancel(top.context); },
              [&] { other = ctx::with_cancel(top.context); }});
    check(one->context.err() && other->context.err(), "a child missed its parent's end");
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

void a_cancel_during_a_chain_of_derivations_is_not_lost() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> child, leaf;
    together({[&] { top.cancel(); },
              [&] {
                  child = ctx::with_cancel(top.context);
                  leaf = ctx::with_cancel(child->context);
              }});
    check(child->context.err() && leaf->context.err(), "one missed the end");
}

void a_child_leaves_its_parent_once() {
    const world w;
    const ctx::error above("above"), below("below");
    const auto top = ctx::with_cancel_cause(w.root);
    const auto child = ctx::with_cancel_cause(top.context);
    const auto sister = ctx::with_cancel(top.context);
    together({[&] { top.cancel(above); },
              [&] {
                  child.cancel(below);
                  check(!!child.context.err(), "cancel returned before it was done");
              }});
    const ctx::error why = ctx::cause(child.context);
    check(why == above || why == below, "a cause that nobody gave");
    check(ctx::cause(sister.context) == above, "the sister has another cause");
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

void sisters_leave_one_parent() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto one = ctx::with_cancel(top.context), two = ctx::with_cancel(top.context),
               three = ctx::with_cancel(top.context);
    together({[&] { one.cancel(); }, [&] { two.cancel(); }, [&] { three.cancel(); }});
    check(!top.context.err(), "a child ended its parent");
    check(ctx::children_of(top.context) == 0u, "a child stayed in the list");
}

/// Handles that threads drop.
struct family {
    world w;
    std::optional<ctx::cancelable> top = ctx::with_cancel(w.root);
    std::optional<ctx::cancelable> child = ctx::with_cancel(top->context);
};

void the_last_handle_goes_while_the_parent_is_cancelled() {
    family f;
    together({[&] { f.top->cancel(); }, [&] { f.child.reset(); }});
    check(ctx::children_of(f.top->context) == 0u, "the child stayed in the list");
}

void the_last_handle_goes_while_a_grandchild_stays() {
    family f;
    std::optional<ctx::cancelable> leaf = ctx::with_cancel(f.child->context);
    together({[&] { f.top->cancel(); }, [&] { f.child.reset(); }});
    check(leaf->context.err() == ctx::canceled, "the leaf missed the end");
    leaf.reset();
    check(ctx::children_of(f.top->context) == 0u, "a child stayed in the list");
}

void the_last_handle_goes_while_the_child_is_cancelled() {
    family f;
    const ctx::cancel_func cancel = f.child->cancel;
    f.child.reset();
    std::optional<ctx::cancel_func> last = cancel;
    together({[&] { cancel(); }, [&] { last.reset(); }, [&] { f.top->cancel(); }});
}

void parent_and_child_are_dropped() {
    family f;
    together({[&] { f.top.reset(); }, [&] { f.child.reset(); }});
}

void two_children_are_dropped() {
    family f;
    std::optional<ctx::cancelable> other = ctx::with_cancel(f.top->context);
    together({[&] { f.child.reset(); }, [&] { other.reset(); }, [&] { f.top.reset(); }});
}

void a_handle_is_copied_and_dropped_while_it_is_cancelled() {
    family f;
    together({[&] { f.top->cancel(); },
              [&] {
                  const ctx::context copy = f.child->context;
                  f.child.reset();
                  const auto leaf = ctx::with_cancel(copy);
              }});
}

void a_value_below_is_dropped_while_all_is_cancelled() {
    static const ctx::key<int> number{"number"};
    family f;
    std::optional<ctx::context> view = ctx::with_value(f.child->context, number, 1);
    std::optional<ctx::cancelable> leaf = ctx::with_cancel(*view);
    view.reset();
    together({[&] { f.top->cancel(); }, [&] { leaf.reset(); }, [&] { f.child.reset(); }});
}

/// Observed contexts leave their parent when they are cancelled, not when they are dropped.
struct observed_family {
    std::shared_ptr<census> count = std::make_shared<census>();
    std::optional<world> w = std::optional<world>(std::in_place, count);
    std::optional<ctx::cancelable> top = ctx::with_cancel(w->root);
    std::optional<ctx::cancelable> child = ctx::with_cancel(top->context);

    void all_are_gone() {
        child.reset();
        top.reset();
        w.reset();
        check(count->live == 0, "a context stayed");
    }
};

void an_observed_child_is_cancelled_and_dropped_while_its_parent_is_cancelled() {
    observed_family f;
    together({[&] { f.top->cancel(); },
              [&] {
                  f.child->cancel();
                  f.child.reset();
              }});
    check(ctx::children_of(f.top->context) == 0u, "the child stayed in the list");
    f.all_are_gone();
}

void an_observed_child_is_cancelled_while_its_sister_and_its_parent_go() {
    observed_family f;
    std::optional<ctx::cancelable> sister = ctx::with_cancel(f.top->context);
    together({[&] { f.child->cancel(); }, [&] { sister.reset(); }, [&] { f.top.reset(); }});
    check(f.child->context.err() == ctx::canceled, "it was not cancelled");
    f.all_are_gone();
}

void the_last_handle_of_an_observed_child_goes_while_it_is_cancelled() {
    observed_family f;
    std::optional<ctx::cancel_func> last = f.child->cancel;
    const ctx::cancel_func cancel = f.child->cancel;
    f.child.reset();
    together({[&, mine = std::optional<ctx::cancel_func>(cancel)]() mutable {
                  (*mine)();
                  mine.reset();
              },
              [&] { last.reset(); }, [&] { f.top->cancel(); }});
    check(ctx::children_of(f.top->context) == 0u, "the child stayed in the list");
}

void observed_grandchildren_fall_from_two_sides() {
    observed_family f;
    std::optional<ctx::cancelable> leaf = ctx::with_cancel(f.child->context);
    together({[&] { f.top->cancel(); }, [&] { f.child->cancel(); }, [&] { leaf.reset(); }});
    check(ctx::children_of(f.top->context) == 0u, "the child stayed in the list");
    f.all_are_gone();
}

void first_calls_of_done_agree() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    ctx::recv_chan<ctx::empty> one, other;
    together({[&] { one = c.context.done(); }, [&] { other = c.context.done(); }, [&] { c.cancel(); }});
    check(one == other && one == c.context.done(), "two Done channels");
    check(one.closed(), "not closed");
}

void err_and_done_agree() {
    const world w;
    const auto top = ctx::with_cancel_cause(w.root);
    const ctx::context c = ctx::with_cancel(top.context).context;
    const ctx::error why("why");
    together({[&] { top.cancel(why); },
              [&] {
                  if (c.done().closed()) check(c.err() == ctx::canceled, "closed, but no err");
                  if (c.err()) {
                      check(c.done().closed(), "err, but not closed");
                      check(ctx::cause(c) == why, "err, but no cause");
                  }
              }});
}

void parents_are_done_before_their_children() {
    const world w;
    const auto top = ctx::with_cancel(w.root);
    const auto middle = ctx::with_cancel(top.context);
    const auto leaf = ctx::with_cancel(middle.context);
    together({[&] { top.cancel(); },
              [&] {
                  if (leaf.context.err()) check(!!middle.context.err(), "a child was done first");
                  if (middle.context.err()) check(!!top.context.err(), "a child was done first");
              }});
}

void an_error_does_not_change() {
    const world w;
    const ctx::error one("one"), other("other");
    const auto c = ctx::with_cancel_cause(w.root);
    together({[&] { c.cancel(one); }, [&] { c.cancel(other); },
              [&] {
                  if (const ctx::error first = ctx::cause(c.context))
                      check(first == ctx::cause(c.context) && c.context.err() == ctx::canceled, "it changed");
              }});
}

} // namespace

void tst_explore_cancel::cancels_data() {
    rules({
        {"CTX-190 both of two cancels see the leaf done", both_cancels_see_the_leaf_done},
        {"CTX-190 cancels above and below see the leaf done", cancels_above_and_below_see_the_leaf_done},
        {"CTX-190 a cancel inside a sweep sees what is below done",
         a_cancel_inside_a_sweep_sees_what_is_below_done, 3},
        {"CTX-037 CTX-197 a cancel during a derivation is not lost", a_cancel_during_derivation_is_not_lost},
        {"CTX-037 a cancel during two derivations is not lost", a_cancel_during_two_derivations_is_not_lost,
         3},
        {"CTX-037 a cancel during a chain of derivations is not lost",
         a_cancel_during_a_chain_of_derivations_is_not_lost},
        {"CTX-196 a child leaves its parent once", a_child_leaves_its_parent_once},
        {"CTX-196 sisters leave one parent", sisters_leave_one_parent},
    });
}

void tst_explore_cancel::lifetimes_data() {
    rules({
        {"CTX-302 the last handle goes while the parent is cancelled",
         the_last_handle_goes_while_the_parent_is_cancelled},
        {"CTX-302 the same, when a compare and swap fails for nothing",
         the_last_handle_goes_while_the_parent_is_cancelled, no_bound, detail::weak_failures},
        {"CTX-302 the last handle goes while a grandchild stays",
         the_last_handle_goes_while_a_grandchild_stays},
        {"CTX-302 the last handle goes while the child is cancelled",
         the_last_handle_goes_while_the_child_is_cancelled},
        {"CTX-306 parent and child are dropped", parent_and_child_are_dropped},
        {"CTX-300 CTX-302 an observed child is cancelled and dropped while its parent is cancelled",
         an_observed_child_is_cancelled_and_dropped_while_its_parent_is_cancelled},
        {"CTX-300 CTX-302 an observed child is cancelled while its sister and its parent go",
         an_observed_child_is_cancelled_while_its_sister_and_its_parent_go, 3},
        {"CTX-302 the last handle of an observed child goes while it is cancelled",
         the_last_handle_of_an_observed_child_goes_while_it_is_cancelled, 3},
        {"CTX-190 CTX-302 observed grandchildren fall from two sides",
         observed_grandchildren_fall_from_two_sides, 3},
        {"CTX-306 two children and their parent are dropped", two_children_are_dropped},
        {"CTX-302 a handle is copied and dropped while it is cancelled",
         a_handle_is_copied_and_dropped_while_it_is_cancelled},
        {"CTX-302 a view is dropped while all is cancelled", a_value_below_is_dropped_while_all_is_cancelled,
         3},
    });
}

void tst_explore_cancel::readers_data() {
    rules({
        {"CTX-006 first calls of Done agree", first_calls_of_done_agree},
        {"CTX-008 Err and Done agree", err_and_done_agree},
        {"CTX-192 parents are done before their children", parents_are_done_before_their_children},
        {"CTX-007 an error does not change", an_error_does_not_change},
    });
}

QTEST_APPLESS_MAIN(tst_explore_cancel)
#include "tst_explore_cancel.moc"
