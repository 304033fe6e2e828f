// SPDX-License-Identifier: MIT
#include "explore/world.h"

#include <poll.h>

using namespace explore;

/// What hangs on contexts, in every order in which either can end or go: merged contexts, descriptors, shared
/// calls; and things that are done once.
class tst_explore_join : public QObject {
    Q_OBJECT

  private slots:
    void merged_data();
    void merged() { explore_rule(); }
    void descriptors_data();
    void descriptors() { explore_rule(); }
    void shared_data();
    void shared() { explore_rule(); }
};

namespace {

struct two_parents : world {
    const ctx::error first{"first"}, second{"second"};
    ctx::cause_cancelable a = ctx::with_cancel_cause(root), b = ctx::with_cancel_cause(root);
    std::optional<ctx::cause_cancelable> m;

    void nothing_is_left() {
        check(ctx::watchers_of(root) == 0, "a watcher is left");
        check(*ctx::children_of(a.context) == 0, "a child is left");
    }
    void ended_by_either() {
        const ctx::error why = ctx::cause(m->context);
        check(m->context.err() == ctx::canceled, "the merged context is not done");
        check(why == first || why == second, "its cause is not that of either");
        nothing_is_left();
    }
};

void both_parents_end() {
    two_parents w;
    w.m = ctx::merge(w.a.context, w.b.context);
    together({[&] { w.a.cancel(w.first); }, [&] { w.b.cancel(w.second); }});
    w.ended_by_either();
}

void it_is_made_while_both_end() {
    two_parents w;
    together({[&] { w.a.cancel(w.first); }, [&] { w.b.cancel(w.second); },
              [&] { w.m = ctx::merge(w.a.context, w.b.context); }});
    w.ended_by_either();
}

void it_is_dropped_while_the_second_ends() {
    two_parents w;
    w.m = ctx::merge(w.a.context, w.b.context);
    together({[&] { w.b.cancel(w.second); }, [&] { w.m.reset(); }});
    w.nothing_is_left();
}

void it_is_dropped_while_both_end() {
    two_parents w;
    w.m = ctx::merge(w.a.context, w.b.context);
    together({[&] { w.a.cancel(w.first); }, [&] { w.b.cancel(w.second); }, [&] { w.m.reset(); }});
    w.nothing_is_left();
}

void its_own_cancel_meets_the_second() {
    two_parents w;
    w.m = ctx::merge(w.a.context, w.b.context);
    together({[&] { w.m->cancel(w.first); }, [&] { w.b.cancel(w.second); }});
    w.ended_by_either();
    check(!w.a.context.err(), "its end went upwards");
}

bool readable(const ctx::done_fd& ended) {
    pollfd p{.fd = ended.get(), .events = POLLIN, .revents = 0};
    return ::poll(&p, 1, 0) == 1;
}

void every_cancel_returns_to_a_readable_descriptor() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::done_fd ended(c.context);
    const auto cancel = [&] {
        c.cancel();
        check(readable(ended), "a cancel has returned and the descriptor is not readable");
    };
    together({cancel, cancel});
}

void one_is_made_while_the_context_ends() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    std::optional<ctx::done_fd> ended;
    together({[&] { c.cancel(); }, [&] { ended.emplace(c.context); }});
    check(readable(*ended), "the context is done and the descriptor is not readable");
}

void one_is_dropped_while_the_context_ends() {
    world w;
    const auto c = ctx::with_cancel(w.root);
    std::optional<ctx::done_fd> ended(std::in_place, c.context), other(std::in_place, c.context);
    together({[&] { c.cancel(); }, [&] { ended.reset(); }});
    check(readable(*other), "one that stays is not readable");
}

void one_keeps_the_last_reference() {
    world w;
    const auto parent = ctx::with_cancel(w.root);
    std::optional<ctx::done_fd> ended(std::in_place, ctx::with_cancel(parent.context).context);
    together({[&] { parent.cancel(); }, [&] { ended.reset(); }});
    check(*ctx::children_of(parent.context) == 0, "a child is left");
}

void a_function_runs_once() {
    ctx::once first;
    int written = 0;
    const auto use = [&] {
        first.run([&] { written += 42; });
        check(written == 42, "a caller came back before the function had run");
    };
    together({use, use, use});
}

using flights = ctx::single_flight<int, int>;

void callers_share_a_run_or_have_their_own() {
    world w;
    const flights all;
    const auto call = [&] {
        const auto r = all.run(w.root, 1, [](const ctx::context&) { return 42; });
        check(!r.err && r.value == 42, "a caller has no result");
    };
    together({call, call});
    check(all.size() == 0, "a call is left");
}

void one_caller_leaves() {
    world w;
    const flights all;
    const auto own = ctx::with_cancel(w.root);
    std::optional<ctx::context> of_the_run;
    together({[&] {
                  const auto r = all.run(own.context, 1, [&](const ctx::context& c) {
                      of_the_run = c;
                      return 42;
                  });
                  check(r.err ? r.err == ctx::canceled : r.value == 42, "neither the result nor its own err");
              },
              [&] { own.cancel(); }});
    check(all.size() == 0, "a call is left");
    check(!of_the_run || of_the_run->err() == ctx::canceled, "the run's context is open");
}

} // namespace

void tst_explore_join::merged_data() {
    rules({
        {"CTX-194 both parents end", both_parents_end, 3},
        {"CTX-037 CTX-197 it is made while both end", it_is_made_while_both_end, 2},
        {"CTX-302 it is dropped while the second ends", it_is_dropped_while_the_second_ends},
        {"CTX-302 it is dropped while both end", it_is_dropped_while_both_end, 2},
        {"CTX-034 CTX-194 its own cancel meets the second", its_own_cancel_meets_the_second, 3},
    });
}

void tst_explore_join::descriptors_data() {
    rules({
        {"CTX-190 every cancel returns to a readable descriptor",
         every_cancel_returns_to_a_readable_descriptor},
        {"CTX-197 one is made while the context ends", one_is_made_while_the_context_ends},
        {"CTX-197 one is dropped while the context ends", one_is_dropped_while_the_context_ends},
        {"CTX-302 one keeps the last reference", one_keeps_the_last_reference},
    });
}

void tst_explore_join::shared_data() {
    (void)ctx::detail::every_caller_left(); // made once and kept, so not by a run
    rules({
        {"CHN-063 a function runs once", a_function_runs_once},
        {"CHN-066 callers share a run or have their own", callers_share_a_run_or_have_their_own, 1},
        {"CHN-066 TEACH-041 one caller leaves", one_caller_leaves, 2},
    });
}

QTEST_APPLESS_MAIN(tst_explore_join)
#include "tst_explore_join.moc"
