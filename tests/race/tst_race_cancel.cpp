// SPDX-License-Identifier: MIT
#include "race.h"

/// Cancelling from many threads: who wins, what the losers may rely on, and that nobody waits for ever.
class tst_race_cancel : public QObject {
    Q_OBJECT

  private slots:
    void losersAndReaders_data();
    void losersAndReaders() { run_rule(); }
    void nobodyWaitsForEver_data();
    void nobodyWaitsForEver() { run_rule(); }
};

using namespace test;

namespace {

void every_caller_finds_the_leaf_done() {
    world w;
    std::vector<ctx::cancelable> chain;
    std::atomic<int> late{0};
    const auto actor = [&] {
        chain.front().cancel();
        if (!chain.back().context.err() || !chain.back().context.done().closed()) ++late;
    };
    race(
        scaled(500), [&] { grow_chain(chain, w.root, 1000); }, {actor, actor, actor}, [] {});
    QCOMPARE(late, 0);
}

void every_caller_finds_its_own_subtree_done() {
    world w;
    std::vector<ctx::cancelable> chain;
    std::atomic<int> late{0};
    std::atomic<unsigned> next{0};
    const auto actor = [&] {
        const std::size_t at = next++ * 7919 % chain.size();
        chain[at].cancel();
        for (std::size_t i = at; i < chain.size(); ++i)
            if (!chain[i].context.err()) ++late;
    };
    race(
        scaled(500), [&] { grow_chain(chain, w.root, 1000); }, {actor, actor, actor, actor},
        [&] { chain.clear(); });
    QCOMPARE(late, 0);
    QCOMPARE(w.live(), 0L);
}

void a_callback_is_started_when_any_caller_returns() {
    world w;
    std::vector<ctx::cancelable> chain;
    ctx::stop_func stop;
    std::atomic<int> stopped{0};
    const auto actor = [&] {
        chain.front().cancel();
        if (stop()) ++stopped; // too late for that: it was started
    };
    race(
        scaled(500),
        [&] {
            grow_chain(chain, w.root, 1000);
            stop = ctx::after_func(chain.back().context, [] {});
        },
        {actor, actor, actor}, [&] { w.run(); });
    QCOMPARE(stopped, 0);
}

void no_done_child_has_an_open_parent() {
    world w;
    std::vector<ctx::cancelable> chain;
    std::atomic<int> upside_down{0};
    const auto reader = [&] {
        for (bool all = false; !all;) {
            all = true;
            for (std::size_t i = chain.size() - 1; i > 0; --i) { // the child is read before the parent
                const bool child = static_cast<bool>(chain[i].context.err());
                const bool parent = static_cast<bool>(chain[i - 1].context.err());
                if (child && !parent) ++upside_down;
                all = all && child;
            }
        }
    };
    race(
        scaled(1000), [&] { grow_chain(chain, w.root, 30); },
        {[&] { chain.front().cancel(); }, reader, reader}, [] {});
    QCOMPARE(upside_down, 0);
}

void who_has_an_error_finds_done_closed() {
    world w;
    std::optional<ctx::cancelable> c;
    std::atomic<int> open{0}, nothing{0};
    const auto by_err = [&] {
        const auto done = c->context.done();
        while (!c->context.err()) {
        }
        if (!done.closed() || ctx::select(ctx::recv(done), ctx::otherwise()) != 0) ++open;
    };
    const auto by_done = [&] {
        c->context.done().wait();
        if (!c->context.err() || !ctx::cause(c->context)) ++nothing;
    };
    race(
        scaled(5000), [&] { c = ctx::with_cancel(w.root); }, {by_err, by_done, [&] { c->cancel(); }}, [] {});
    QCOMPARE(open, 0);
    QCOMPARE(nothing, 0);
}

void the_first_cause_seen_is_the_final_one() {
    world w;
    const ctx::error a("a"), b("b");
    std::optional<ctx::cause_cancelable> c;
    ctx::context view;
    std::atomic<int> changed{0};
    const auto reader = [&] {
        ctx::error first;
        while (!(first = ctx::cause(view))) {
        }
        if (first != a && first != b) ++changed;
        for (int i = 0; i < 10; ++i)
            if (ctx::cause(view) != first || ctx::cause(c->context) != first) ++changed;
    };
    race(
        scaled(3000),
        [&] {
            c = ctx::with_cancel_cause(w.root);
            view = ctx::with_cancel(ctx::with_cancel(c->context).context).context;
        },
        {[&] { c->cancel(a); }, [&] { c->cancel(b); }, reader}, [] {});
    QCOMPARE(changed, 0);
}

void err_and_cause_belong_to_one_event() {
    world w;
    const ctx::error slow("slow"), boom("boom");
    std::optional<ctx::cause_cancelable> parent;
    std::optional<ctx::cancelable> timed;
    int mixed = 0;
    race(
        scaled(10000),
        [&] {
            parent = ctx::with_cancel_cause(w.root);
            timed = ctx::with_timeout_cause(parent->context, 10ms, slow);
        },
        {[&] { w.clock->advance(10ms); }, [&] { parent->cancel(boom); }, [&] { timed->cancel(); }},
        [&] {
            const ctx::error err = timed->context.err(), cause = ctx::cause(timed->context);
            const bool deadline = err == ctx::deadline_exceeded && cause == slow;
            const bool above = err == ctx::canceled && cause == boom;
            const bool own = err == ctx::canceled && cause == ctx::canceled;
            if (!deadline && !above && !own) ++mixed;
            parent.reset();
            timed.reset();
        });
    QCOMPARE(mixed, 0);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(w.live(), 0L);
}

void a_child_derived_meanwhile_is_not_forgotten() {
    world w;
    const ctx::error boom("boom");
    std::optional<ctx::cause_cancelable> parent;
    ctx::context plain, timed, deep;
    ctx::stop_func stop;
    std::atomic<int> ran{0};
    int forgotten = 0;
    const auto derive = [&] {
        plain = ctx::with_cancel(parent->context).context;
        timed = ctx::with_timeout(ctx::with_value(parent->context, ctx::any_key(1), {}), 1h).context;
        deep = ctx::with_cancel(ctx::with_cancel(plain).context).context;
        stop = ctx::after_func(deep, [&] { ++ran; });
    };
    const int rounds = scaled(5000);
    race(
        rounds, [&] { parent = ctx::with_cancel_cause(w.root); }, {derive, [&] { parent->cancel(boom); }},
        [&] {
            w.run();
            for (const ctx::context& c : {plain, timed, deep})
                if (c.err() != ctx::canceled || ctx::cause(c) != boom) ++forgotten;
        });
    QCOMPARE(forgotten, 0);
    QCOMPARE(ran, rounds);
    QCOMPARE(w.clock->pending(), 0u);
    QCOMPARE(*ctx::children_of(parent->context), 0u);
}

void what_was_written_before_is_seen_after() {
    world w;
    std::optional<ctx::cancelable> c;
    int written = 0; // not atomic: a sanitizer checks that the cancel orders it
    int by_err = 0, by_done = 0;
    int expected = 0;
    race(
        scaled(3000), [&] { c = ctx::with_cancel(w.root); },
        {[&] {
             ++written;
             c->cancel();
         },
         [&] {
             while (!c->context.err()) {
             }
             by_err = written;
         },
         [&] {
             const ctx::context child = ctx::with_cancel(c->context).context;
             child.done().wait();
             by_done = written;
         }},
        [&] {
            ++expected;
            if (by_err != expected || by_done != expected) expected = -1;
        });
    QCOMPARE(expected, scaled(3000));
}

void a_tree_is_cancelled_from_all_sides() {
    world w;
    std::optional<tree> t;
    std::vector<std::size_t> order(100);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::mt19937 random(1);
    std::atomic<std::size_t> next{0};
    int open = 0;
    const auto actor = [&] {
        for (std::size_t i = 0; (i = next++) < order.size();) t->nodes[order[i]].cancel(ctx::error("x"));
    };
    race(
        scaled(1000),
        [&] {
            t.emplace(w.root, order.size());
            std::shuffle(order.begin(), order.end(), random);
            next = 0;
        },
        {actor, actor, actor, actor},
        [&] {
            for (const auto& n : t->nodes)
                if (n.context.err() != ctx::canceled || *ctx::children_of(n.context) != 0) ++open;
            t.reset();
        });
    QCOMPARE(open, 0);
    QCOMPARE(w.live(), 0L);
}

void who_is_woken_by_the_parent_cancels_the_child() {
    world w;
    std::optional<ctx::cancelable> parent, child;
    race(
        scaled(5000),
        [&] {
            parent = ctx::with_cancel(w.root);
            child = ctx::with_cancel(parent->context);
        },
        {[&] { parent->cancel(); },
         [&] {
             parent->context.done().wait();
             child->cancel();
         },
         [&] {
             child->context.done().wait();
             parent->cancel();
         }},
        [] {});
    QVERIFY(child->context.err());
}

/// On real threads: every callback cancels its parent, a sibling and something below.
void callbacks_cancel_in_all_directions() {
    const ctx::context root = ctx::background();
    for (int round = 0; round < scaled(300, 3); ++round) {
        auto t = std::make_shared<tree>(root, 60);
        auto all = std::make_shared<ctx::wait_group>();
        for (std::size_t n = 0; n < t->nodes.size(); ++n) {
            all->add(1);
            ctx::after_func(t->nodes[n].context, [t, n, all] {
                t->nodes[n == 0 ? 0 : tree::parent_of(n)].cancel();
                t->nodes[(n + 1) % t->nodes.size()].cancel();
                t->nodes[(n * 4 + 1) % t->nodes.size()].cancel();
                all->done();
            });
        }
        t->nodes[static_cast<std::size_t>(round) % t->nodes.size()].cancel();
        all->wait();
    }
}

/// Two threads, each inside a hook of its own propagation, cancel what the other is cancelling.
void hooks_cancel_across_each_other() {
    struct crosser : ctx::observer {
        void done(ctx::node_id id, const ctx::error&, const ctx::error&, ctx::node_id) override {
            if (id == top_id) cancel_middle();
            if (id == middle_id) cancel_top();
        }
        std::atomic<ctx::node_id> top_id{0}, middle_id{0};
        ctx::cancel_func cancel_top, cancel_middle;
    };
    auto hooks = std::make_shared<crosser>();
    const ctx::context root =
        ctx::background({.clock = {}, .scheduler = {}, .observer = hooks, .sibling_seed = {}});
    std::optional<ctx::cancelable> top, middle;
    int open = 0;
    race(
        scaled(3000),
        [&] {
            top = ctx::with_cancel(root);
            middle = ctx::with_cancel(top->context);
            hooks->cancel_top = top->cancel;
            hooks->cancel_middle = middle->cancel;
            hooks->top_id = ctx::id_of(top->context);
            hooks->middle_id = ctx::id_of(middle->context);
        },
        {[&] { top->cancel(); }, [&] { middle->cancel(); }},
        [&] {
            if (!top->context.err() || !middle->context.err()) ++open;
        });
    QCOMPARE(open, 0);
    hooks->cancel_top = hooks->cancel_middle = {}; // the tree keeps its observer
}

} // namespace

void tst_race_cancel::losersAndReaders_data() {
    rules({
        {"CTX-190 every caller finds the leaf done", every_caller_finds_the_leaf_done},
        {"CTX-190 every caller finds its own subtree done", every_caller_finds_its_own_subtree_done},
        {"CTX-190 a callback is started when any caller returns",
         a_callback_is_started_when_any_caller_returns},
        {"CTX-192 no done child has an open parent", no_done_child_has_an_open_parent},
        {"CTX-008 who has an error finds Done closed", who_has_an_error_finds_done_closed},
        {"CTX-068 the first cause seen is the final one", the_first_cause_seen_is_the_final_one},
        {"CTX-194 err and cause belong to one event", err_and_cause_belong_to_one_event},
        {"CTX-037 a child derived meanwhile is not forgotten", a_child_derived_meanwhile_is_not_forgotten},
        {"CTX-195 what was written before is seen after", what_was_written_before_is_seen_after},
    });
}

void tst_race_cancel::nobodyWaitsForEver_data() {
    rules({
        {"CTX-196 a tree is cancelled from all sides", a_tree_is_cancelled_from_all_sides},
        {"CTX-196 who is woken by the parent cancels the child",
         who_is_woken_by_the_parent_cancels_the_child},
        {"CTX-142 callbacks cancel in all directions", callbacks_cancel_in_all_directions},
        {"CTX-196 hooks cancel across each other", hooks_cancel_across_each_other},
    });
}

QTEST_APPLESS_MAIN(tst_race_cancel)
#include "tst_race_cancel.moc"
