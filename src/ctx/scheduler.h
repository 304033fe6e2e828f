// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/clock.h"

#include "ctx/detail/sync.h"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

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

class worker_pool;
class selectable;
class worker;

/// Some of a scheduler's workers, so that threads which start and end workers seldom meet.
struct alignas(64) worker_list {
    tiny_mutex mutex;        // leaf lock
    worker* first = nullptr; // guarded by mutex
    /// Workers started, by some of the threads: written with mutex held.
    atomic<std::size_t> started{0};
    /// Put into this list after they had begun: written with mutex held.
    atomic<std::size_t> enlisted{0};
    /// Workers ended, of any list, by some of the threads.
    alignas(64) atomic<std::size_t> ended{0};
    /// Both by the one thread that this list was given to.
    atomic<std::size_t> ended_by_owner{0};
    atomic<std::size_t> started_by_owner{0};
};

/// A started worker: the record in its outermost coroutine frame.
///
/// Its scheduler finds it in a list, to destroy it where it waits. A thread of a pool runs what it starts, or
/// has another one run it, so there a worker need not be in the list before it waits for the first time; one
/// that never does costs no lock. Whoever runs it first puts it into the list as soon as it waits, and by
/// then it may be running elsewhere: who ends it later waits for that.
class worker {
  public:
    worker(scheduler& on, std::uint64_t tag) noexcept
        : on_(reinterpret_cast<std::uintptr_t>(&on) | mark), tag_(tag) {}
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    /// Stands in the first word of a record, and in no pointer to one: tells them apart (go.h).
    static constexpr std::uintptr_t mark = 1;

    scheduler& on() const noexcept { return *reinterpret_cast<scheduler*>(on_ & ~(mark | fresh)); }
    std::uint64_t tag() const noexcept { return tag_; }
    void set_tag(std::uint64_t tag) noexcept { tag_ = tag; }
    void start();
    /// From here on this thread runs it.
    void entered() noexcept;
    /// `worker "poller"`, `worker 7`, `a worker`.
    std::string text() const;
    void parked();
    void resumed();
    /// Before it is resumed: true if that is the first time, and it is in no list yet.
    bool begins() noexcept {
        if (!(on_ & fresh)) return false;
        on_ -= fresh;
        return true;
    }
    /// Puts it into its list.
    void enlist() noexcept;
    /// Its function has returned: destroys the frame, and with it this record.
    void end(bool listed) noexcept;

  private:
    friend class ctx::scheduler;
    static constexpr std::uintptr_t fresh = 2;
    worker_list& list() const noexcept;
    void link(worker_list& into) noexcept;   // with its lock held
    void unlink(worker_list& from) noexcept; // with its lock held
    void leave_list() noexcept;
    std::coroutine_handle<> frame() noexcept;

    std::uintptr_t on_; // with the mark; does not change any more once it was resumed
    std::uint64_t tag_;
    worker* prev_ = nullptr; // in its list; guarded by the list's lock
    worker* next_ = this;    // itself: not in the list
};

} // namespace detail

class scheduler {
  public:
    scheduler(const scheduler&) = delete;
    scheduler& operator=(const scheduler&) = delete;
    virtual ~scheduler();

    /// Resumes the worker soon.
    virtual void post(std::coroutine_handle<> h) = 0;
    /// The same for a worker that somebody else has just woken: before others, if the scheduler has a choice.
    virtual void post_next(std::coroutine_handle<> h) { post(h); }
    /// The same for the worker that this thread is running and that is about to give its turn to others.
    virtual void post_last(std::coroutine_handle<> h) { post(h); }
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
    std::size_t live() const noexcept;

    /// Set it before the first worker starts.
    void observe(worker_observer* o) noexcept {
        observer_ = o;
        plain_ = any_order_ && !o;
    }
    bool observed() const noexcept { return observer_ != nullptr; }

    /// It may resume workers that were woken together in any order, and some a while after others.
    bool any_order() const noexcept { return any_order_; }
    /// The same, and nobody observes it.
    bool plain() const noexcept { return plain_; }
    /// Of a scheduler that works in any order: resumes, as its threads get to it, all of its workers that
    /// wait for this Done, which is closed (detail::take_waiting).
    virtual void hand_over(detail::selectable& /*done*/) noexcept {}

    /// The scheduler whose worker or callback this thread is running; null in an ordinary thread.
    static scheduler* current() noexcept;

  protected:
    explicit scheduler(std::shared_ptr<clock> c);
    /// One with several threads, which works in any order. `lists`: how many parts its list of workers has.
    scheduler(std::shared_ptr<clock> c, std::size_t lists);
    /// Runs a worker to its next wait: this coroutine, and whatever else run_next asks for on the way.
    static void resume(std::coroutine_handle<> h);
    /// Destroys every worker that has not exited. Only when none of them can be running, and no thread is
    /// marked as one that runs workers here.
    void destroy_workers() noexcept;

    /// Marks the calling thread as one that runs workers of `s`.
    class running {
      public:
        explicit running(scheduler& s) noexcept;
        /// The only thread that counts in that list as its owner.
        running(scheduler& s, std::size_t list) noexcept;
        ~running();
        running(const running&) = delete;
        running& operator=(const running&) = delete;

      private:
        scheduler* before_;
        detail::worker_list* owned_before_;
    };

  private:
    friend class detail::worker;
    bool count_started() noexcept;
    void count_ended() noexcept;

    const std::shared_ptr<clock> clock_;
    worker_observer* observer_ = nullptr;
    const bool any_order_;
    bool plain_ = any_order_;
    const std::size_t list_count_;
    const std::unique_ptr<detail::worker_list[]> lists_;
};

/// A fixed number of threads. Each has a queue of its own, and takes from the others' when that is empty; a
/// worker that another one has woken runs next. A thread without work sleeps. Callbacks get threads of their
/// own.
///
/// Cost: a worker that wakes another and then waits itself is one switch on the same thread, without a system
/// call. A worker that stays on its thread without waiting may keep one that it has woken for up to two
/// milliseconds, while other threads of the pool are free; with one thread, as long as it stays. Workers that
/// end within a fraction of a microsecond are left to the thread that started them, as to bring them over to
/// another takes longer; that ends a quarter of a millisecond, at the latest, after they no longer do.
class pool_scheduler final : public scheduler {
  public:
    /// 0: as many threads as the machine has cores.
    explicit pool_scheduler(unsigned threads = 0, std::shared_ptr<clock> c = real_clock());
    /// Finishes what is ready, then joins its threads.
    ~pool_scheduler() override;

    void post(std::coroutine_handle<> h) override;
    void post_next(std::coroutine_handle<> h) override;
    void post_last(std::coroutine_handle<> h) override;
    void take_back(std::coroutine_handle<> h) noexcept override;
    void hand_over(detail::selectable& done) noexcept override;
    void call(std::function<void()> f) override;
    std::uint64_t random() noexcept override;

  private:
    friend class detail::worker_pool;
    const std::unique_ptr<detail::worker_pool> pool_;
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
/// Called by the outermost coroutine of a worker as it suspends for the last time: the scheduler ends `w`.
void run_no_more(worker& w) noexcept;

/// Runs `f` in a thread of its own, taken from a cache of idle ones. The process does not wait for it.
/// CTX-307
void run_in_thread(std::function<void()> f);
} // namespace detail

} // namespace ctx
