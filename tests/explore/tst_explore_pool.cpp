// SPDX-License-Identifier: MIT
#include "explore/world.h"

#include "ctx/detail/select_core.h"
#include "explore/instruments.h"

#include <array>
#include <deque>
#include <optional>

using namespace explore;

/// Workers of a scheduler that works in any order: they are handed over by the cancel that they wait for.
class tst_explore_pool : public QObject {
    Q_OBJECT

  private slots:
    void handsOver_data();
    void handsOver() { explore_rule(); }
    void isDestroyed_data();
    void isDestroyed() { explore_rule(); }
};

namespace {

namespace d = ctx::detail;

/// Each worker that is ready is a thread of the program, and so is each hand-over, which takes them in twos.
/// With `lists`, each of that many threads has a list of its own.
class any_order final : public ctx::scheduler {
  public:
    explicit any_order(std::size_t lists = 1)
        : ctx::scheduler(std::make_shared<ctx::virtual_clock>(), lists), lists_(lists) {}
    void post(std::coroutine_handle<> h) override {
        engine::instance().spawn([this, h] { run(h); });
    }
    void call(std::function<void()> f) override { engine::instance().spawn(std::move(f)); }
    std::uint64_t random() noexcept override { return 0; }
    void hand_over(d::selectable& done) noexcept override {
        engine::instance().spawn([this, done = d::ref<d::selectable>(&done)] {
            for (bool more = true; more;) {
                std::array<std::coroutine_handle<>, 2> frames;
                const std::size_t n = d::take_waiting(*done, frames, more);
                if (n > 1) d::keep_refs_back(*done);
                for (std::size_t i = 0; i < n; ++i) run(frames[i]);
                d::give_up_kept_back();
            }
        });
    }

  private:
    void run(std::coroutine_handle<> h) {
        std::optional<running> mark;
        if (lists_ > 1)
            mark.emplace(*this, threads_++);
        else
            mark.emplace(*this);
        resume(h);
    }
    const std::size_t lists_;
    std::size_t threads_ = 0;
};

/// Keeps what is posted, and never runs it once its workers are waiting: it is about to be destroyed.
class going final : public ctx::scheduler {
  public:
    going() : ctx::scheduler(std::make_shared<ctx::virtual_clock>(), 1) {}
    void post(std::coroutine_handle<> h) override {
        const std::lock_guard lock(mutex_);
        ready_.push_back(h);
        posts_.fetch_add(1);
    }
    void take_back(std::coroutine_handle<> h) noexcept override {
        for (;; d::yield()) {
            posts_.load(); // what the yield waits for
            const std::lock_guard lock(mutex_);
            if (std::erase(ready_, h) > 0) return;
        }
    }
    void call(std::function<void()>) override {}
    std::uint64_t random() noexcept override { return 0; }
    void hand_over(d::selectable& done) noexcept override {
        const std::lock_guard lock(mutex_);
        handed_over_.emplace_back(&done);
    }

    void run_ready() {
        const running mark(*this);
        while (!ready_.empty()) {
            const std::coroutine_handle<> h = ready_.front();
            ready_.pop_front();
            resume(h);
        }
    }
    void destroy() {
        destroy_workers();
        const std::lock_guard last(mutex_);
        handed_over_.clear();
    }

  private:
    d::mutex mutex_;
    d::atomic<int> posts_{0};
    std::deque<std::coroutine_handle<>> ready_;
    std::deque<d::ref<d::selectable>> handed_over_;
};

ctx::task<> wait_for(ctx::recv_chan<ctx::empty> done, int* left) {
    co_await done;
    ++*left;
}

ctx::task<> select_both(ctx::chan<int> values, ctx::recv_chan<ctx::empty> done, int* got, int* left) {
    int v = 0;
    const std::size_t taken = co_await ctx::select(ctx::recv(values, v), ctx::recv(done));
    *got += v;
    *left += static_cast<int>(taken);
}

ctx::task<> select_kept(ctx::chan<int> values, ctx::context c, int* got, int* left) {
    int v = 0;
    const std::size_t taken = co_await ctx::select(ctx::recv(values, v), ctx::recv(c.done()));
    *got += v;
    *left += static_cast<int>(taken);
}

ctx::task<> select_lent(ctx::chan<int> values, ctx::context c, int* got, int* left) {
    int v = 0;
    const std::size_t taken = co_await ctx::select(ctx::done(c), ctx::recv(values, v));
    *got += v;
    *left += static_cast<int>(1 - taken);
}

ctx::task<> start_another(ctx::scheduler* on, ctx::recv_chan<ctx::empty> done, int* left) {
    ctx::go(*on, wait_for, done, left);
    co_return;
}

void all_workers_hear_of_a_cancel() {
    const world w;
    any_order pool;
    const auto c = ctx::with_cancel(w.root);
    int left = 0;
    together({[&] {
                  for (int i = 0; i < 3; ++i) ctx::go(pool, wait_for, c.context.done(), &left);
              },
              [&] { c.cancel(); }});
    check(left == 3 && pool.live() == 0, "one did not come to its end");
}

void a_worker_is_handed_over_or_takes_a_value() {
    const world w;
    any_order pool;
    const auto c = ctx::with_cancel(w.root);
    const ctx::chan<int> values(0);
    int got = 0, left = 0, sent = 0;
    ctx::go(pool, wait_for, c.context.done(), &left);
    ctx::go(pool, select_both, values, c.context.done(), &got, &left);
    together({});
    check(pool.live() == 2, "one does not wait");
    together({[&] { sent += values.try_send(5); }, [&] { c.cancel(); }});
    check(got == 5 * sent && left == 2 - sent, "taken by both, or by none");
    check(pool.live() == 0, "one is still waiting");
    check(!values.try_send(1), "a case that lost is still queued");
}

void a_worker_keeps_what_it_waits_for() {
    const world w;
    any_order pool;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    const ctx::cancel_func cancel = c->cancel;
    const ctx::chan<int> values(0);
    int got = 0, left = 0, sent = 0;
    ctx::go(pool, select_kept, values, c->context, &got, &left);
    ctx::go(pool, select_lent, values, c->context, &got, &left);
    together({});
    check(pool.live() == 2, "one does not wait");
    c.reset();
    together({[&] { sent += values.try_send(5); }, [&] { cancel(); }});
    check(got == 5 * sent && left == 2 - sent, "taken by both, or by none");
    check(pool.live() == 0, "one is still waiting");
    check(!values.try_send(1), "a case that lost is still queued");
}

void a_worker_that_another_one_starts_ends_elsewhere() {
    const world w;
    any_order pool(8);
    const auto c = ctx::with_cancel(w.root);
    int left = 0;
    ctx::go(pool, start_another, &pool, c.context.done(), &left);
    together({[&] { c.cancel(); }});
    check(left == 1 && pool.live() == 0, "it did not come to its end");
}

void a_thread_hears_of_it_too() {
    const world w;
    any_order pool;
    const auto c = ctx::with_cancel(w.root);
    int left = 0;
    for (int i = 0; i < 2; ++i) ctx::go(pool, wait_for, c.context.done(), &left);
    together({});
    together({[&] { c.context.done().wait(); }, [&] { c.cancel(); }});
    check(left == 2 && pool.live() == 0, "one did not come to its end");
}

void two_cancels_hand_over_once() {
    const world w;
    any_order pool;
    const auto c = ctx::with_cancel(w.root);
    int left = 0;
    for (int i = 0; i < 3; ++i) ctx::go(pool, wait_for, c.context.done(), &left);
    together({});
    together({[&] { c.cancel(); }, [&] { c.cancel(); }});
    check(left == 3 && pool.live() == 0, "one did not come to its end");
}

void the_context_goes_while_it_is_handed_over() {
    const world w;
    any_order pool;
    std::optional<ctx::cancelable> c = ctx::with_cancel(w.root);
    const ctx::cancel_func cancel = c->cancel;
    int left = 0;
    for (int i = 0; i < 3; ++i) ctx::go(pool, wait_for, c->context.done(), &left);
    together({});
    together({[&] { c.reset(); }, [&] { cancel(); }});
    check(left == 3 && pool.live() == 0, "one did not come to its end");
}

void workers_are_destroyed_while_they_are_handed_over() {
    const world w;
    const auto c = ctx::with_cancel(w.root);
    const ctx::chan<int> values(0);
    int got = 0, left = 0;
    going pool;
    for (int i = 0; i < 2; ++i) ctx::go(pool, wait_for, c.context.done(), &left);
    ctx::go(pool, select_both, values, c.context.done(), &got, &left);
    pool.run_ready();
    together({[&] { c.cancel(); }, [&] { pool.destroy(); }});
    check(left == 0 && pool.live() == 0, "a worker is still there");
    check(!values.try_send(1), "a case is still queued");
}

} // namespace

void tst_explore_pool::handsOver_data() {
    rules({
        {"CTX-004 all workers hear of a cancel", all_workers_hear_of_a_cancel, 2},
        {"CHN-020 CHN-026 a worker is handed over or takes a value", a_worker_is_handed_over_or_takes_a_value,
         3},
        {"CHN-020 CHN-026 a worker keeps what it waits for", a_worker_keeps_what_it_waits_for, 2},
        {"CHN-060 a worker that another one starts ends elsewhere",
         a_worker_that_another_one_starts_ends_elsewhere, 3},
        {"CTX-004 a thread hears of it too", a_thread_hears_of_it_too, 3},
        {"CTX-190 two cancels hand over once", two_cancels_hand_over_once, 2},
        {"CTX-302 the context goes while it is handed over", the_context_goes_while_it_is_handed_over, 2},
    });
}

void tst_explore_pool::isDestroyed_data() {
    rules({
        {"CHN-026 workers are destroyed while they are handed over",
         workers_are_destroyed_while_they_are_handed_over, 3},
    });
}

QTEST_APPLESS_MAIN(tst_explore_pool)
#include "tst_explore_pool.moc"
