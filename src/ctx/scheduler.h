// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"

#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// What runs workers (goroutines): a pool of threads, or one thread step by step under virtual time.
///
///     ctx::pool_scheduler pool;                         // one thread a core
///     ctx::go(pool, serve, c);                          // see go.h
///
///     auto time = std::make_shared<ctx::virtual_clock>();
///     ctx::step_scheduler steps(time, 7);               // deterministic for a seed
///     ctx::go(steps, poll_every, c, 100ms);
///     steps.run_until(ctx::time_point(2s));             // Go's testing/synctest: time moves only when all
///     are blocked
///
/// Thread safety: post, call, live and random may be called from any thread.
/// Lifetime: a scheduler outlives its workers' use of it; the destructor destroys workers that are still
/// blocked.
namespace ctx {

class scheduler;

/// Hooks into the life of workers. Called on the thread that runs the worker, without a lock.
class worker_observer {
  public:
    virtual ~worker_observer() = default;
    virtual void parked(std::uint64_t /*tag*/) {}
    virtual void resumed(std::uint64_t /*tag*/) {}
    virtual void exited(std::uint64_t /*tag*/) {}
    /// What a worker is called, for explain(); empty: by its tag.
    virtual std::string name(std::uint64_t /*tag*/) const { return {}; }
};

namespace detail {

/// A started worker: the record in its outermost coroutine frame.
class worker {
  public:
    worker(scheduler& on, std::uint64_t tag) noexcept : on_(on), tag_(tag) {}
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    scheduler& on() const noexcept { return on_; }
    std::uint64_t tag() const noexcept { return tag_; }
    void set_tag(std::uint64_t tag) noexcept { tag_ = tag; }
    void start(std::coroutine_handle<> frame);
    /// From here on this thread runs it.
    void entered() noexcept;
    /// `worker "poller"`, `worker 7`, `a worker`.
    std::string text() const;
    void parked();
    void resumed();
    void exited();

  private:
    friend class ctx::scheduler;
    scheduler& on_;
    std::uint64_t tag_;
    std::coroutine_handle<> frame_;
    worker* prev_ = nullptr; // in the scheduler's list; guarded by its lock
    worker* next_ = nullptr;
};

} // namespace detail

class scheduler {
  public:
    scheduler(const scheduler&) = delete;
    scheduler& operator=(const scheduler&) = delete;
    virtual ~scheduler();

    /// Resumes the worker soon.
    virtual void post(std::coroutine_handle<> h) = 0;
    /// Waits for a post of `h` that another thread has begun, and forgets it: the worker is being destroyed.
    /// A scheduler that is only destroyed when nobody can wake its workers need not do anything.
    virtual void take_back(std::coroutine_handle<> /*h*/) noexcept {}
    /// Runs `f` soon, where it may take its time: what `go f()` does for callbacks of after_func and for
    /// watchers.
    virtual void call(std::function<void()> f) = 0;
    /// The choices of select; also which of several ready workers goes first, if the scheduler has a choice.
    virtual std::uint64_t random() noexcept = 0;

    const std::shared_ptr<clock>& time() const noexcept { return clock_; }
    /// Workers started and not yet exited.
    std::size_t live() const noexcept { return live_.load(std::memory_order_acquire); }

    /// Set it before the first worker starts.
    void observe(worker_observer* o) noexcept { observer_ = o; }

    /// The scheduler whose worker or callback this thread is running; null in an ordinary thread.
    static scheduler* current() noexcept;

  protected:
    explicit scheduler(std::shared_ptr<clock> c) : clock_(std::move(c)) {}
    /// Runs a worker to its next wait: this coroutine, and whatever else run_next asks for on the way.
    static void resume(std::coroutine_handle<> h);
    /// Destroys every worker that has not exited. Only when none of them can be running.
    void destroy_workers() noexcept;

    /// Marks the calling thread as one that runs workers of `s`.
    class running {
      public:
        explicit running(scheduler& s) noexcept;
        ~running();
        running(const running&) = delete;
        running& operator=(const running&) = delete;

      private:
        scheduler* before_;
    };

  private:
    friend class detail::worker;
    std::shared_ptr<clock> clock_;
    worker_observer* observer_ = nullptr;
    detail::atomic<std::size_t> live_{0};
    detail::mutex workers_mutex_;       // leaf lock
    detail::worker* workers_ = nullptr; // guarded by workers_mutex_
};

/// A fixed number of threads that share one queue. Callbacks get threads of their own.
class pool_scheduler final : public scheduler {
  public:
    /// 0: as many threads as the machine has cores.
    explicit pool_scheduler(unsigned threads = 0, std::shared_ptr<clock> c = real_clock());
    /// Finishes what is ready, then joins its threads.
    ~pool_scheduler() override;

    void post(std::coroutine_handle<> h) override;
    void take_back(std::coroutine_handle<> h) noexcept override;
    void call(std::function<void()> f) override;
    std::uint64_t random() noexcept override;

  private:
    void run();

    std::mutex mutex_; // leaf lock
    std::condition_variable ready_;
    std::deque<std::coroutine_handle<>> queue_; // guarded by mutex_
    bool stopping_ = false;                     // guarded by mutex_
    std::vector<std::thread> threads_;
};

/// Runs workers and callbacks one at a time, when told to, in the calling thread, in an order that a seed
/// decides.
class step_scheduler final : public scheduler {
  public:
    step_scheduler(std::shared_ptr<clock> c, std::uint64_t seed);
    ~step_scheduler() override;

    void post(std::coroutine_handle<> h) override;
    void call(std::function<void()> f) override;
    std::uint64_t random() noexcept override;

    /// Runs one ready worker to its next wait, or one callback. False if nothing is ready.
    bool run_one();
    /// Until everything is blocked.
    void run_until_idle();
    /// Runs everything, moving the clock from timer to timer, up to and including `t`.
    /// Throws std::logic_error if the clock is not a virtual_clock.
    void run_until(time_point t);
    bool idle() const;
    /// Destroys every worker where it waits, and forgets what was ready. What is posted later never runs.
    void abandon();

    /// Called, without a lock, when something becomes ready; from any thread. Set it before other threads
    /// post.
    void on_ready(std::function<void()> f) { on_ready_ = std::move(f); }

  private:
    struct item {
        std::coroutine_handle<> worker;
        std::function<void()> callback;
    };
    void add(item i);

    virtual_clock* const virtual_time_; // null: another kind of clock
    std::function<void()> on_ready_;
    mutable detail::mutex mutex_; // leaf lock
    std::deque<item> queue_;      // guarded by mutex_
    std::uint64_t random_state_;  // guarded by mutex_
    bool abandoned_ = false;      // guarded by mutex_
};

namespace detail {
/// Which worker this thread runs, in words; empty if none.
std::string running_worker_text();

/// Called by a coroutine of a worker as it suspends: that worker goes on in `h`. The scheduler resumes it, so
/// the stack does not grow however often a task awaits another, in every build.
void run_next(std::coroutine_handle<> h) noexcept;

/// Runs `f` in a thread of its own, taken from a cache of idle ones. The process does not wait for it.
/// CTX-307
void run_in_thread(std::function<void()> f);
} // namespace detail

} // namespace ctx
