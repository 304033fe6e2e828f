// SPDX-License-Identifier: MIT
#include "rules.h"
#include "world.h"

#include <functional>
#include <mutex>
#include <thread>

/// The hooks: what they say, in which order, and that they may take their time.
class tst_observer : public QObject {
    Q_OBJECT

  private slots:
    void order_data();
    void order() { run_rule(); }
    void patience_data();
    void patience() { run_rule(); }
};

using namespace test;

namespace {

const ctx::key<int> number{"number"};

std::string text(ctx::node_id id) {
    return std::to_string(id);
}

/// Notes every hook as a short line.
class diary : public ctx::observer {
  public:
    std::function<void(const std::string&)> also;

    void created(const ctx::creation& c) override {
        note("created " + text(c.id) + " under " + text(c.parent) + c.own_string +
             (c.born_done ? " done" : ""));
    }
    void cancel_called(ctx::node_id id, const ctx::error& cause) override {
        note("cancel " + text(id) + " " + cause.text());
    }
    void deadline_expired(ctx::node_id id) override { note("expired " + text(id)); }
    void visiting(ctx::node_id parent, ctx::node_id child) override {
        note("visiting " + text(parent) + "->" + text(child));
    }
    void done(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by) override {
        note("done " + text(id) + " " + err.text() + "/" + cause.text() + " by " + text(by));
    }
    void wave_finished(ctx::node_id id, std::size_t count) override {
        note("wave " + text(id) + " of " + std::to_string(count));
    }
    void detached(ctx::node_id id, ctx::node_id parent) override {
        note("detached " + text(id) + " of " + text(parent));
    }
    void timer_stopped(ctx::node_id id) override { note("timer " + text(id)); }
    void after_func_started(ctx::node_id id) override { note("started " + text(id)); }
    void after_func_stopped(ctx::node_id id) override { note("stopped " + text(id)); }
    void dropped(ctx::node_id id) override { note("dropped " + text(id)); }
    void value_looked_up(ctx::node_id id, const std::string& key, bool found, const std::string& value,
                         std::span<const ctx::node_id> path) override {
        std::string line = "value " + text(id) + " " + key + (found ? "=" + value : " missing") + " path";
        for (const ctx::node_id n : path) line += " " + text(n);
        note(line);
    }

    // What they add to the shorter ones is told only if asked for.
    std::atomic<bool> in_full = false;
    void visiting_nth(ctx::node_id parent, ctx::node_id child, std::size_t nth, std::size_t of) override {
        observer::visiting_nth(parent, child, nth, of);
        if (in_full) note("child " + std::to_string(nth) + " of " + std::to_string(of));
    }
    void done_with(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by,
                   std::size_t waiters) override {
        observer::done_with(id, err, cause, by, waiters);
        if (in_full) note(std::to_string(waiters) + " wait for " + text(id));
    }
    void woken(ctx::node_id id, std::size_t waiters) override {
        if (in_full) note("woken by " + text(id) + ": " + std::to_string(waiters));
    }
    void found_done(ctx::node_id id, ctx::node_id by, bool waits) override {
        if (in_full) note("found done " + text(id) + " by " + text(by) + (waits ? " waits" : ""));
    }
    void value_asked(ctx::node_id at, ctx::node_id from, const std::string& key, bool found) override {
        if (in_full) note("asked " + text(at) + " for " + text(from) + " " + key + (found ? " found" : ""));
    }

    std::vector<std::string> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(lines_, {});
    }

  private:
    void note(const std::string& line) {
        {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
        }
        if (also) also(line);
    }

    std::mutex mutex_;
    std::vector<std::string> lines_; // guarded by mutex_
};

using lines = std::vector<std::string>;

struct observed {
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::step_scheduler steps{clock, 1};
    std::shared_ptr<diary> book = std::make_shared<diary>();
    ctx::context root =
        ctx::background({.clock = clock, .scheduler = &steps, .observer = book, .sibling_seed = {}});

    ~observed() { book->also = {}; }
};

void a_life_is_told_in_order() {
    observed w;
    {
        const auto top = ctx::with_cancel_cause(w.root);
        const auto timed = ctx::with_timeout(ctx::with_value(top.context, number, 7), 1s);
        const auto stop = ctx::after_func(timed.context, [] {});
        QCOMPARE(w.book->take(),
                 (lines{"created 1 under 0context.Background", "created 2 under 1.WithCancel",
                        "created 3 under 2.WithValue(number, int)",
                        "created 4 under 3.WithDeadline(2009-11-10 23:00:01 +0000 UTC m=+1.000000000 [1s])",
                        "created 5 under 4.AfterFunc"}));
        top.cancel(ctx::error("boom"));
        QCOMPARE(w.book->take(), (lines{"cancel 2 boom", "done 2 context canceled/boom by 2", "visiting 2->4",
                                        "detached 4 of 2", "done 4 context canceled/boom by 2", "timer 4",
                                        "visiting 4->5", "detached 5 of 4", "started 5", "wave 2 of 2"}));
        top.cancel(ctx::error("again"));
        QCOMPARE(w.book->take(), (lines{"cancel 2 again"}));
        QCOMPARE(stop.id(), 5u);
    }
    w.steps.run_until_idle();
    QCOMPARE(w.book->take(), (lines{"dropped 5", "dropped 4", "dropped 3", "dropped 2"}));
}

void an_expiry_is_told_before_its_wave() {
    observed w;
    const auto timed = ctx::with_timeout_cause(w.root, 1s, ctx::error("slow"));
    const ctx::context child = ctx::with_cancel(timed.context).context;
    w.book->take();
    w.clock->advance(1s);
    QCOMPARE(w.book->take(),
             (lines{"expired 2", "done 2 context deadline exceeded/slow by 2", "visiting 2->3",
                    "detached 3 of 2", "done 3 context deadline exceeded/slow by 2", "wave 2 of 2"}));
}

void a_child_leaves_its_parent_after_its_own_wave() {
    observed w;
    const auto top = ctx::with_cancel(w.root), child = ctx::with_timeout(top.context, 1s);
    w.book->take();
    child.cancel();
    QCOMPARE(w.book->take(),
             (lines{"cancel 3 context canceled", "done 3 context canceled/context canceled by 3",
                    "detached 3 of 2", "timer 3", "wave 3 of 1"}));
}

void who_is_born_done_is_created_first() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    top.cancel();
    w.book->take();
    const ctx::context late = ctx::with_cancel(top.context).context;
    const ctx::context past = ctx::with_timeout(w.root, -1s).context;
    const lines all = w.book->take();
    QCOMPARE(all.size(), 4u);
    QCOMPARE(all[0], std::string("created 3 under 2.WithCancel done"));
    QCOMPARE(all[1], std::string("done 3 context canceled/context canceled by 2"));
    QVERIFY(all[2].starts_with("created 4 under 1.WithDeadline(") && all[2].ends_with(" done"));
    QCOMPARE(all[3], std::string("done 4 context deadline exceeded/context deadline exceeded by 4"));
}

void a_stopped_callback_is_told() {
    observed w;
    const ctx::context c = ctx::with_cancel(w.root).context;
    const auto stop = ctx::after_func(c, [] {});
    w.book->take();
    QVERIFY(stop());
    QCOMPARE(w.book->take(), (lines{"detached 3 of 2", "stopped 3"}));
    QVERIFY(!stop());
    QCOMPARE(w.book->take(), lines{});
}

void a_lookup_names_everyone_asked() {
    observed w;
    const ctx::context a = ctx::with_value(w.root, number, 7);
    const ctx::context b = ctx::with_cancel(ctx::with_value(a, ctx::any_key(1), ctx::any_value(2))).context;
    w.book->take();
    (void)b.value(number);
    (void)b.value(ctx::any_key(5));
    (void)ctx::cause(b); // the library's own questions are not told
    QCOMPARE(w.book->take(), (lines{"value 4 number=int path 4 3 2", "value 4 int missing path 4 3 2 1"}));
    QVERIFY(!ctx::with_value(b, number, nullptr).value(number));
    QCOMPARE(w.book->take()[1], std::string("value 5 number missing path 5"));
}

void contexts_of_other_trees_have_no_id() {
    observed w;
    QCOMPARE(ctx::id_of(w.root), 1u);
    QCOMPARE(ctx::id_of(ctx::background()), 0u);
    QCOMPARE(ctx::id_of(ctx::with_cancel(ctx::background()).context), 0u);
    QCOMPARE(ctx::id_of(ctx::with_cancel(w.root).context), 2u);
}

void children_are_counted_as_they_are_visited() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    const auto first = ctx::with_cancel(top.context), second = ctx::with_cancel(top.context);
    const ctx::context below = ctx::with_cancel(second.context).context;
    w.book->take();
    w.book->in_full = true;
    top.cancel();
    lines places;
    for (const std::string& line : w.book->take())
        if (line.starts_with("child ")) places.push_back(line);
    QCOMPARE(places, (lines{"child 1 of 2", "child 2 of 2", "child 1 of 1"}));
}

void waiters_are_woken_after_done_is_told() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    const auto wait = [](ctx::context c) -> ctx::task<> { co_await ctx::select(ctx::recv(c.done())); };
    ctx::go(w.steps, wait, top.context);
    ctx::go(w.steps, wait, top.context);
    w.steps.run_until_idle();
    w.book->take();
    w.book->in_full = true;
    w.book->also = [&w](const std::string& line) {
        if (line.starts_with("done ")) QVERIFY(w.steps.idle());
        if (line.starts_with("woken ")) QVERIFY(!w.steps.idle());
    };
    top.cancel();
    QCOMPARE(w.book->take(),
             (lines{"cancel 2 context canceled", "done 2 context canceled/context canceled by 2",
                    "2 wait for 2", "woken by 2: 2", "wave 2 of 1"}));
    w.book->also = {};
    w.steps.run_until_idle();
}

void a_second_cancel_is_told_to_change_nothing() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    top.cancel();
    w.book->take();
    w.book->in_full = true;
    top.cancel();
    QCOMPARE(w.book->take(), (lines{"cancel 2 context canceled", "found done 2 by 2"}));
}

void a_lookup_tells_each_step() {
    observed w;
    const ctx::context a = ctx::with_value(w.root, number, 7), b = ctx::with_cancel(a).context;
    w.book->take();
    w.book->in_full = true;
    (void)b.value(number);
    QCOMPARE(w.book->take(),
             (lines{"asked 3 for 3 number", "asked 2 for 3 number found", "value 3 number=int path 3 2"}));
}

/// A thread that cancels and is held at the first hook whose line begins with a word.
class held_cancel {
  public:
    held_cancel(observed& w, std::string word, ctx::cancel_func cancel) {
        w.book->also = [this, word](const std::string& line) {
            if (!line.starts_with(word)) return;
            arrived_.close();
            go_on_.wait();
        };
        thread_ = std::jthread(std::move(cancel));
        arrived_.wait();
    }
    ~held_cancel() { finish(); }
    held_cancel(const held_cancel&) = delete;
    held_cancel& operator=(const held_cancel&) = delete;

    void finish() {
        if (!go_on_.closed()) go_on_.close();
        if (thread_.joinable()) thread_.join();
    }

  private:
    const ctx::chan<ctx::empty> arrived_{0}, go_on_{0};
    std::jthread thread_;
};

void others_go_on_while_one_is_held() {
    observed w;
    const auto top = ctx::with_cancel(w.root), child = ctx::with_cancel(top.context);
    const ctx::context grandchild = ctx::with_cancel(child.context).context;
    const auto elsewhere = ctx::with_cancel(w.root);
    held_cancel held(w, "done 2 ", top.cancel);
    // The thread that cancels stands still inside its hook; everybody else goes on.
    QCOMPARE(top.context.err(), ctx::canceled);
    QVERIFY(top.context.done().closed());
    QVERIFY(!child.context.err() && !grandchild.err());
    QVERIFY(ctx::with_cancel(top.context).context.err());
    QVERIFY(!ctx::with_value(grandchild, number, 1).err());
    elsewhere.cancel();
    QVERIFY(elsewhere.context.err());
    child.cancel(); // below the held one: this thread does it
    QVERIFY(grandchild.err());
    held.finish();
    QCOMPARE(*ctx::children_of(top.context), 0u);
}

/// While one thread is held in the cancel of `held`, calls `second` in another, which must not return before
/// the leaf is done.
void returns_only_with_the_leaf(std::size_t held, std::size_t second) {
    observed w;
    std::vector<ctx::cancelable> chain{ctx::with_cancel(w.root)};
    for (int i = 0; i < 3; ++i) chain.push_back(ctx::with_cancel(chain.back().context));
    held_cancel acting(w, "visiting 4->5", chain[held].cancel);
    std::atomic<bool> called{false}, returned{false}, leaf_done{false};
    std::jthread caller([&] {
        called = true;
        chain[second].cancel();
        leaf_done = bool(chain.back().context.err());
        returned = true;
    });
    while (!called) std::this_thread::yield();
    for (int i = 0; i < 2000 && !returned; ++i) std::this_thread::yield(); // room for a wrong return
    const bool early = returned;
    acting.finish();
    caller.join();
    QVERIFY(!early);
    QVERIFY(leaf_done);
}

void a_second_caller_waits_for_the_held_one() {
    returns_only_with_the_leaf(0, 0);
}
void a_caller_below_waits_for_the_held_one() {
    returns_only_with_the_leaf(0, 2);
}
void a_caller_above_waits_for_the_held_one() {
    returns_only_with_the_leaf(2, 0);
}

void a_hook_may_cancel_and_derive() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    const auto child = ctx::with_cancel(top.context), other = ctx::with_cancel(w.root);
    std::optional<ctx::context> born;
    w.book->also = [&](const std::string& line) {
        if (line.starts_with("done 2 ")) {
            top.cancel();   // itself
            child.cancel(); // what comes next
            other.cancel(); // something else
            born = ctx::with_cancel(top.context).context;
        }
        if (line.starts_with("done 3 ")) top.cancel(); // upwards
    };
    top.cancel();
    QVERIFY(top.context.err() && child.context.err() && other.context.err() && born->err());
    w.book->also = {};
}

void a_propagation_goes_through_another_tree() {
    observed w;
    const auto top = ctx::with_cancel(w.root);
    const ctx::context outside(std::make_shared<wrapper>(top.context));
    const auto child = ctx::with_cancel(outside), grandchild = ctx::with_cancel(child.context);
    w.book->take();
    top.cancel();
    QVERIFY(grandchild.context.err() == ctx::canceled);
    lines visits;
    for (const std::string& line : w.book->take())
        if (line.starts_with("visiting ")) visits.push_back(line);
    QCOMPARE(visits, (lines{"visiting 2->0"})); // what is not of the tree has no id
}

} // namespace

void tst_observer::order_data() {
    rules({
        {"CTX-192 a life is told in order", a_life_is_told_in_order},
        {"CTX-089 an expiry is told before its wave", an_expiry_is_told_before_its_wave},
        {"CTX-191 a child leaves its parent after its own wave",
         a_child_leaves_its_parent_after_its_own_wave},
        {"CTX-036 who is born done is created first", who_is_born_done_is_created_first},
        {"CTX-147 a stopped callback is told", a_stopped_callback_is_told},
        {"CTX-110 a lookup names everyone asked", a_lookup_names_everyone_asked},
        {"children are counted as they are visited", children_are_counted_as_they_are_visited},
        {"waiters are woken after done is told", waiters_are_woken_after_done_is_told},
        {"a second cancel is told to change nothing", a_second_cancel_is_told_to_change_nothing},
        {"a lookup tells each step", a_lookup_tells_each_step},
        {"contexts of other trees have no id", contexts_of_other_trees_have_no_id},
        {"a propagation goes through another tree", a_propagation_goes_through_another_tree},
    });
}

void tst_observer::patience_data() {
    rules({
        {"CTX-198 others go on while one is held", others_go_on_while_one_is_held},
        {"CTX-190 a second caller waits for the held one", a_second_caller_waits_for_the_held_one},
        {"CTX-190 a caller below waits for the held one", a_caller_below_waits_for_the_held_one},
        {"CTX-190 a caller above waits for the held one", a_caller_above_waits_for_the_held_one},
        {"CTX-196 a hook may cancel and derive", a_hook_may_cancel_and_derive},
    });
}

QTEST_APPLESS_MAIN(tst_observer)
#include "tst_observer.moc"
