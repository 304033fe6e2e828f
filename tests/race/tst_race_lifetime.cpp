// SPDX-License-Identifier: MIT
#include "race.h"

/// Cancelling, expiring and stopping while other threads let go of the same contexts: everything happens that
/// has to, once, and nothing is left over. A sanitizer sees what is used after it is gone.
class tst_race_lifetime : public QObject {
    Q_OBJECT

  private slots:
    void handlesAreDroppedMeanwhile_data();
    void handlesAreDroppedMeanwhile() { run_rule(); }
    void exactlyOneHappens_data();
    void exactlyOneHappens() { run_rule(); }
    void foreignParents_data();
    void foreignParents() { run_rule(); }
};

using namespace test;

namespace {

void a_tree_is_dropped_while_it_is_cancelled() {
    world w;
    std::optional<tree> t;
    ctx::cancel_func cancel;
    const auto drop = [&](std::size_t first) {
        return [&, first] {
            for (std::size_t i = t->nodes.size() - first; i > 0; i -= std::min<std::size_t>(i, 3))
                t->nodes[i] = {};
        };
    };
    race(
        scaled(5000),
        [&] {
            t.emplace(w.root, 40);
            cancel = t->nodes[0].cancel;
            t->nodes[0] = {};
        },
        {[&] { cancel(); }, drop(1), drop(2), drop(3)},
        [&] {
            t.reset();
            cancel = {};
        });
    QCOMPARE(w.live(), 0L);
}

void an_open_tree_is_dropped_by_several_threads() {
    world w;
    std::optional<tree> t;
    const auto drop = [&](std::size_t first) {
        return [&, first] {
            for (std::size_t i = first; i < t->nodes.size(); i += 3) t->nodes[i] = {};
        };
    };
    race(
        scaled(5000), [&] { t.emplace(w.root, 40); }, {drop(0), drop(1), drop(2)},
        [&] { QCOMPARE(w.live(), 0L); });
}

void copies_of_one_handle_are_dropped_at_once() {
    world w;
    ctx::context a, b, c;
    ctx::stop_func keeps;
    race(
        scaled(10000),
        [&] {
            a = b = c = ctx::with_timeout(ctx::with_cancel(w.root).context, 1h).context;
            keeps = ctx::after_func(ctx::with_cancel(a).context, [] {});
        },
        {[&] { a = {}; }, [&] { b = {}; }, [&] { c = {}; }, [&] { keeps = {}; }},
        [&] {
            // The callback keeps what leads to it until the deadline.
            QCOMPARE(w.clock->pending(), 1u);
            w.advance(1h);
            QCOMPARE(w.live(), 0L);
        });
}

void done_channels_are_kept_while_handles_go() {
    world w;
    std::optional<ctx::cancelable> parent;
    ctx::context child;
    ctx::recv_chan<ctx::empty> done;
    int open = 0;
    race(
        scaled(10000),
        [&] {
            parent = ctx::with_cancel(w.root);
            child = ctx::with_timeout(parent->context, 1h).context;
            done = child.done();
        },
        {[&] { parent->cancel(); }, [&] { child = {}; }},
        [&] {
            if (!done.closed()) ++open;
            done = {};
            parent.reset();
            QCOMPARE(w.live(), 0L);
        });
    QCOMPARE(open, 0);
    QCOMPARE(w.clock->pending(), 0u);
}

void a_deadline_is_dropped_while_it_expires() {
    world w;
    std::vector<ctx::context> contexts;
    race(
        scaled(10000),
        [&] {
            contexts.clear();
            for (int i = 0; i < 4; ++i)
                contexts.push_back(ctx::with_cancel(ctx::with_timeout(w.root, 1ms).context).context);
        },
        {[&] { w.clock->advance(1ms); },
         [&] {
             contexts[0] = {};
             contexts[1] = {};
         },
         [&] {
             contexts[3] = {};
             contexts[2] = {};
         }},
        [&] {
            QCOMPARE(w.clock->pending(), 0u);
            QCOMPARE(w.live(), 0L);
        });
}

void a_deadline_expires_while_it_is_made() {
    world w;
    ctx::context c;
    int open = 0;
    race(
        scaled(10000), [] {},
        {[&] { w.clock->advance(1us); }, [&] { c = ctx::with_timeout(w.root, 1us).context; }},
        [&] {
            w.clock->advance(1us);
            if (c.err() != ctx::deadline_exceeded) ++open;
            c = {};
            QCOMPARE(w.live(), 0L);
        });
    QCOMPARE(open, 0);
    QCOMPARE(w.clock->pending(), 0u);
}

void a_deadline_is_made_under_a_parent_that_is_cancelled() {
    world w;
    std::optional<ctx::cancelable> parent;
    race(
        scaled(10000), [&] { parent = ctx::with_cancel(w.root); },
        {[&] { parent->cancel(); }, [&] { (void)ctx::with_timeout(parent->context, 1h); },
         [&] {
             const ctx::context c = ctx::with_timeout(parent->context, 2h).context;
             (void)c.done();
         }},
        [&] {
            QCOMPARE(w.clock->pending(), 0u);
            QCOMPARE(w.live(), 1L);
        });
}

void the_real_clock_expires_what_others_cancel_and_drop() {
    auto count = std::make_shared<census>();
    {
        const ctx::context root =
            ctx::background({.clock = {}, .scheduler = {}, .observer = count, .sibling_seed = {}});
        ctx::context shared;
        std::optional<ctx::cancelable> c;
        race(
            scaled(3000),
            [&] {
                c = ctx::with_timeout(root, 30us);
                shared = ctx::with_timeout(c->context, 20us).context;
            },
            {[&] { c->cancel(); }, [&] { shared.done().wait(); },
             [&] {
                 const auto done = c->context.done();
                 done.wait();
             }},
            [] {});
    }
    // A timer that was firing when the last handle went lets go a moment later.
    while (count->live() > 0) std::this_thread::yield();
    QCOMPARE(count->live(), 0L);
}

/// In the real world a deadline is armed before it hangs on its parent.
void a_deadline_of_the_real_world_expires_while_it_is_made() {
    const std::size_t others = ctx::real_clock()->pending();
    std::optional<ctx::cancelable> parent;
    std::atomic<int> wrong{0}, expired{0};
    const auto actor = [&] {
        for (const ctx::duration ahead : {0us, 1us, 3us, 30us}) {
            const auto c = ctx::with_timeout(parent->context, ahead);
            if (ahead == 30us) c.cancel();
            c.context.done().wait();
            const ctx::error e = c.context.err();
            if (e == ctx::deadline_exceeded)
                ++expired;
            else if (e != ctx::canceled || ctx::cause(c.context) != e)
                ++wrong;
        }
    };
    race(
        scaled(3000), [&] { parent = ctx::with_cancel(ctx::background()); },
        {actor, actor, [&] { parent->cancel(); }},
        [&] {
            if (ctx::children_of(parent->context) != 0u) ++wrong;
        });
    QCOMPARE(wrong, 0);
    QVERIFY(expired > 0);
    QCOMPARE(ctx::real_clock()->pending(), others);
}

void stop_or_callback() {
    world w;
    std::optional<ctx::cancelable> c;
    ctx::stop_func stop;
    int ran = 0, stopped = 0, wrong = 0;
    bool this_time = false;
    race(
        20000,
        [&] {
            c = ctx::with_cancel(w.root);
            ran = 0;
            stop = ctx::after_func(c->context, [&] { ++ran; });
        },
        {[&] { c->cancel(); }, [&] { this_time = stop(); }},
        [&] {
            w.run();
            stopped += this_time;
            if (ran + this_time != 1 || stop()) ++wrong;
        });
    QCOMPARE(wrong, 0);
    QVERIFY(stopped > 0 && stopped < 20000);
}

void one_of_several_stops() {
    world w;
    ctx::context c;
    ctx::stop_func stop;
    std::atomic<int> yes{0};
    const auto actor = [&] {
        if (stop()) ++yes;
    };
    const int rounds = scaled(10000);
    race(
        rounds,
        [&] {
            c = ctx::with_cancel(w.root).context;
            stop = ctx::after_func(c, [] {});
        },
        {actor, actor, actor}, [&] { QCOMPARE(*ctx::children_of(c), 0u); });
    QCOMPARE(yes, rounds);
}

void a_dropped_registration_runs_once() {
    world w;
    std::optional<ctx::cancelable> c;
    ctx::stop_func stop;
    int ran = 0;
    const int rounds = scaled(10000);
    race(
        rounds,
        [&] {
            c = ctx::with_cancel(w.root);
            stop = ctx::after_func(ctx::with_cancel(c->context).context, [&] { ++ran; });
        },
        {[&] { c->cancel(); }, [&] { stop = {}; }},
        [&] {
            w.run();
            c.reset();
        });
    QCOMPARE(ran, rounds);
    QCOMPARE(w.live(), 0L);
}

void a_registration_is_made_and_dropped_while_its_context_is_cancelled() {
    world w;
    std::optional<ctx::cancelable> c;
    std::atomic<int> ran{0};
    const int rounds = scaled(10000);
    const auto registers = [&] { ctx::after_func(ctx::with_cancel(c->context).context, [&] { ++ran; }); };
    race(
        rounds, [&] { c = ctx::with_cancel(w.root); }, {[&] { c->cancel(); }, registers, registers},
        [&] {
            w.run();
            c.reset();
        });
    QCOMPARE(ran, 2 * rounds);
    QCOMPARE(w.live(), 0L);
}

void callbacks_run_once_on_real_threads() {
    std::optional<ctx::cancelable> c;
    ctx::stop_func stop;
    std::atomic<int> ran{0}, stopped{0};
    const int rounds = scaled(5000);
    ctx::wait_group running;
    race(
        rounds,
        [&] {
            running.add(1);
            c = ctx::with_cancel(ctx::background());
            stop = ctx::after_func(c->context, [&] {
                ++ran;
                running.done();
            });
        },
        {[&] { c->cancel(); },
         [&] {
             if (!stop()) return;
             ++stopped;
             running.done();
         }},
        [] {});
    running.wait();
    QCOMPARE(ran + stopped, rounds);
}

void a_watched_child_is_cancelled_from_both_sides() {
    world w;
    std::shared_ptr<foreign> outside;
    std::optional<ctx::cancelable> child;
    int open = 0;
    race(
        scaled(10000),
        [&] {
            outside = std::make_shared<foreign>();
            child = ctx::with_timeout(ctx::context(outside, w.root), 1h);
        },
        {[&] { outside->cancel(); }, [&] { child->cancel(); }},
        [&] {
            w.run();
            if (!child->context.err()) ++open;
            child.reset();
            QCOMPARE(ctx::watchers_of(w.root), 0u);
            QCOMPARE(w.clock->pending(), 0u);
            QCOMPARE(w.live(), 0L);
        });
    QCOMPARE(open, 0);
}

void a_watched_child_is_dropped_while_its_parent_ends() {
    world w;
    std::shared_ptr<foreign> outside;
    ctx::context child;
    int ran = 0;
    const int rounds = scaled(10000);
    race(
        rounds,
        [&] {
            outside = std::make_shared<foreign>();
            const ctx::context parent(outside, w.root);
            ctx::after_func(parent, [&] { ++ran; });
            child = ctx::with_cancel(ctx::with_cancel(parent).context).context;
        },
        {[&] { outside->cancel(); }, [&] { child = {}; }},
        [&] {
            w.run();
            QCOMPARE(ctx::watchers_of(w.root), 0u);
            QCOMPARE(w.live(), 0L);
        });
    QCOMPARE(ran, rounds);
}

/// A context type with an AfterFunc method of its own.
class after_funcer final : public foreign, public ctx::custom_after_func {
  public:
    explicit after_funcer(ctx::scheduler& on) : on_(on) {}

    void end() {
        std::vector<std::function<void()>> due;
        {
            const std::lock_guard lock(*mutex_);
            cancel();
            for (auto& f : *callbacks_)
                if (f) due.push_back(std::exchange(f, nullptr));
        }
        for (auto& f : due) on_.call(std::move(f));
    }

    std::function<bool()> after_func(std::function<void()> f) override {
        const std::lock_guard lock(*mutex_);
        if (err()) {
            on_.call(std::move(f));
            return [] { return false; };
        }
        callbacks_->push_back(std::move(f));
        return [mutex = mutex_, callbacks = callbacks_, at = callbacks_->size() - 1] {
            const std::lock_guard l(*mutex);
            return std::exchange((*callbacks)[at], nullptr) != nullptr;
        };
    }

  private:
    ctx::scheduler& on_;
    std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
    std::shared_ptr<std::vector<std::function<void()>>> callbacks_ =
        std::make_shared<std::vector<std::function<void()>>>();
};

void a_child_by_after_func_is_cancelled_dropped_and_ended() {
    world w;
    std::shared_ptr<after_funcer> outside;
    std::optional<ctx::cancelable> a, b;
    int open = 0;
    race(
        scaled(10000),
        [&] {
            outside = std::make_shared<after_funcer>(w.steps);
            const ctx::context parent(outside, w.root);
            a = ctx::with_cancel(parent);
            b = ctx::with_timeout(parent, 1h);
        },
        {[&] { outside->end(); }, [&] { a->cancel(); }, [&] { b.reset(); }},
        [&] {
            w.run();
            if (!a->context.err()) ++open;
            a.reset();
            QCOMPARE(w.clock->pending(), 0u);
            QCOMPARE(w.live(), 0L);
        });
    QCOMPARE(open, 0);
}

} // namespace

void tst_race_lifetime::handlesAreDroppedMeanwhile_data() {
    rules({
        {"CTX-301 a tree is dropped while it is cancelled", a_tree_is_dropped_while_it_is_cancelled},
        {"CTX-306 an open tree is dropped by several threads", an_open_tree_is_dropped_by_several_threads},
        {"CTX-303 copies of one handle are dropped at once", copies_of_one_handle_are_dropped_at_once},
        {"CTX-302 Done channels are kept while handles go", done_channels_are_kept_while_handles_go},
        {"CTX-302 a deadline is dropped while it expires", a_deadline_is_dropped_while_it_expires},
        {"CTX-080 a deadline expires while it is made", a_deadline_expires_while_it_is_made},
        {"CTX-088 a deadline is made under a parent that is cancelled",
         a_deadline_is_made_under_a_parent_that_is_cancelled},
        {"CTX-089 the real clock expires what others cancel and drop",
         the_real_clock_expires_what_others_cancel_and_drop},
        {"CTX-160 a deadline of the real world expires while it is made",
         a_deadline_of_the_real_world_expires_while_it_is_made},
    });
}

void tst_race_lifetime::exactlyOneHappens_data() {
    rules({
        {"CTX-144 stop or callback", stop_or_callback},
        {"CTX-143 one of several stops", one_of_several_stops},
        {"CTX-303 a dropped registration runs once", a_dropped_registration_runs_once},
        {"CTX-197 a registration is made and dropped while its context is cancelled",
         a_registration_is_made_and_dropped_while_its_context_is_cancelled},
        {"CTX-144 callbacks run once on real threads", callbacks_run_once_on_real_threads},
    });
}

void tst_race_lifetime::foreignParents_data() {
    rules({
        {"CTX-167 a watched child is cancelled from both sides",
         a_watched_child_is_cancelled_from_both_sides},
        {"CTX-167 a watched child is dropped while its parent ends",
         a_watched_child_is_dropped_while_its_parent_ends},
        {"CTX-165 a child by AfterFunc is cancelled, dropped and ended",
         a_child_by_after_func_is_cancelled_dropped_and_ended},
    });
}

QTEST_APPLESS_MAIN(tst_race_lifetime)
#include "tst_race_lifetime.moc"
