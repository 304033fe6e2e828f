// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "ctx/go.h"
#include "ctx/select.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

/// Waiting for workers: Go's sync.WaitGroup and golang.org/x/sync/errgroup.
///
///     auto [group, c] = ctx::err_group::with_context(parent, pool);
///     for (auto& url : urls) group.go(fetch, c, url);    // each a task<ctx::error>
///     if (ctx::error e = group.wait()) ...               // the first error; it has cancelled the others
///
/// In a thread wait with wait(); in a worker with `co_await group.waiting()`.
/// Thread safety: every member may be called from any thread. Lifetime: handles share what is behind them.
namespace ctx {

/// Go: sync.WaitGroup. CHN-062
class wait_group {
  public:
    wait_group();
    /// Throws std::invalid_argument `sync: negative WaitGroup counter`.
    void add(std::int64_t delta) const;
    void done() const { add(-1); }
    /// Closed while the counter is 0.
    recv_chan<empty> zero() const;
    /// Blocks this thread until the counter is 0.
    void wait() const {
        detail::refuse_in_worker("wait", "group.waiting()");
        zero().wait();
    }
    /// For `co_await`.
    auto waiting() const { return select(recv(zero())); }
    /// Counts and starts (Go 1.25: WaitGroup.Go).
    template <class F, class... A>
    void go(scheduler& on, F function, A... arguments) const {
        add(1);
        ctx::go(on, run<F, A...>, *this, std::move(function), std::move(arguments)...);
    }

  private:
    template <class F, class... A>
    static task<> run(wait_group self, F function, A... arguments) {
        co_await std::invoke(function, std::move(arguments)...);
        self.done();
    }

    struct counter;
    std::shared_ptr<counter> counter_;
};

/// Go: errgroup.Group. CHN-064, CHN-065
class err_group {
  public:
    /// Without a context: only wait and first error.
    explicit err_group(scheduler& on);

    struct with_context_result;
    /// The context is cancelled by the first error, with that error as its cause, or when wait returns.
    static with_context_result with_context(const context& parent, scheduler& on,
                                            call_site where = call_site::current());

    /// At most `n` at once; 0 lets nothing start, a negative one removes the limit.
    /// Throws std::invalid_argument while functions run.
    void set_limit(std::int64_t n) const;

    /// Starts `function(arguments...)`, a task<error>. With a limit, blocks this thread until there is room.
    template <class F, class... A>
    void go(F function, A... arguments) const {
        enter();
        start(std::move(function), std::move(arguments)...);
    }
    /// False if there is no room.
    template <class F, class... A>
    bool try_go(F function, A... arguments) const {
        if (!try_enter()) return false;
        start(std::move(function), std::move(arguments)...);
        return true;
    }

    /// Blocks this thread until all have returned; gives the first error.
    error wait() const;
    /// For `co_await`: the same in a worker.
    task<error> waiting() const;

  private:
    struct core;
    void enter() const;
    bool try_enter() const;
    scheduler& on() const;
    static void leave(core& c, const error& e);
    error finish() const;

    template <class F, class... A>
    static task<> run(std::shared_ptr<core> c, F function, A... arguments) {
        const error e = co_await std::invoke(function, std::move(arguments)...);
        leave(*c, e);
    }
    template <class F, class... A>
    void start(F function, A... arguments) const {
        static_assert(std::is_invocable_r_v<task<error>, F&, A...>,
                      "err_group: the function must be a coroutine that returns ctx::task<ctx::error>");
        ctx::go(on(), run<F, A...>, core_, std::move(function), std::move(arguments)...);
    }

    std::shared_ptr<core> core_;
};

struct err_group::with_context_result {
    err_group group;
    ctx::context context;
};

} // namespace ctx
