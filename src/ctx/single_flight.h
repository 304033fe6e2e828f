// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/cancel.h"
#include "ctx/go.h"
#include "ctx/select.h"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <unordered_map>
#include <utility>

/// Concurrent calls for the same thing share one execution (Go: golang.org/x/sync/singleflight).
///
///     ctx::single_flight<std::string, user> users;
///     auto [found, err, shared] = users.run(c, id, [&](const ctx::context& c) { return database.load(c, id);
///     });
///
///     auto answer = co_await users.running(c, id, load_user);      // the same in a worker
///
/// The function runs in a goroutine of its own, never in a caller's thread, and gets a context of its own:
/// the values of the first caller, but not its cancellation, so that a caller who leaves takes only itself
/// away (CHN-066, TEACH-041). When all callers have left, that context is cancelled, and the next call starts
/// anew. Each caller waits for the result or for its own Done, whichever is first.
///
/// What the function may be: f(context) giving Value, or std::pair<Value, error>, as a plain function: it is
/// started as an after_func's callback is; in running() also a coroutine, task<Value> or
/// task<std::pair<Value, error>>: it becomes a worker of the caller's scheduler. An exception that leaves it
/// is thrown to every caller.
///
/// Thread safety: every member may be called from any thread. Lifetime: a single_flight may go while calls
/// run; they finish. Value and Key are copied. Cost: one lock and, for the first caller, a few allocations.
namespace ctx {

template <class Value>
struct flight_result {
    Value value{};       ///< what the function gave; Value{} for a caller that left first
    error err;           ///< what the function gave; c.err() for a caller that left first
    bool shared = false; ///< others called for it too
};

namespace detail {

/// Go: `go f()` in the tree of `c`.
void start_in_tree_of(const context& c, std::function<void()> f);
/// The scheduler of the running worker. Throws std::logic_error in an ordinary thread.
scheduler& current_scheduler();
/// Why the context of a call is cancelled that nobody waits for any more.
const error& every_caller_left();

template <class T>
struct task_result {
    static constexpr bool is_task = false;
};
template <class T>
struct task_result<task<T>> {
    static constexpr bool is_task = true;
};

} // namespace detail

template <class Key, class Value, class Hash = std::hash<Key>>
class single_flight {
  public:
    using result = flight_result<Value>;

    single_flight() : calls_(std::make_shared<calls>()) {}

    /// Go: Group.Do, with a context. Blocks this thread. A context that is done already starts nothing.
    template <class F>
    result run(const context& c, const Key& key, F f) const {
        using given = std::invoke_result_t<F&, const context&>;
        static_assert(!detail::task_result<given>::is_task, "in a thread, give run() a plain function");
        if (error e = c.err()) return {.err = std::move(e)};
        seat at = enter(c, key, std::move(f));
        const bool arrived = select(recv(at.arrived()), recv(c.done())) == 0;
        return at.leave(arrived, c);
    }

    /// For `co_await` in a worker.
    template <class F>
    task<result> running(context c, Key key, F f) const {
        const single_flight self = *this; // the caller's may be gone when this goes on
        if (error e = c.err()) co_return result{.err = std::move(e)};
        seat at = self.enter(c, key, std::move(f));
        const bool arrived = co_await select(recv(at.arrived()), recv(c.done())) == 0;
        co_return at.leave(arrived, c);
    }

    /// Go: Group.Forget. The next call for that key starts anew, whatever is running.
    void forget(const Key& key) const {
        const std::lock_guard lock(calls_->mutex);
        calls_->running.erase(key);
    }

    /// Callers that wait for that key now.
    std::size_t waiting(const Key& key) const {
        const std::lock_guard lock(calls_->mutex);
        const auto at = calls_->running.find(key);
        return at == calls_->running.end() ? 0 : at->second->waiting;
    }

    /// Calls that run now and can be joined.
    std::size_t size() const {
        const std::lock_guard lock(calls_->mutex);
        return calls_->running.size();
    }

  private:
    /// One execution.
    struct flight {
        explicit flight(const context& first) : own(with_cancel_cause(without_cancel(first))) {}
        const cause_cancelable own;
        const chan<empty> arrived{0};
        std::size_t waiting = 0; // guarded by calls::mutex
        bool shared = false;     // guarded by calls::mutex
        // Set before `arrived` is closed, never after:
        Value value{};
        error err;
        std::exception_ptr failure;
    };
    struct calls {
        detail::mutex mutex;                                            // leaf lock
        std::unordered_map<Key, std::shared_ptr<flight>, Hash> running; // guarded by mutex
        void remove(const Key& key, const std::shared_ptr<flight>& f) {
            if (const auto at = running.find(key); at != running.end() && at->second == f) running.erase(at);
        }
    };

    /// A caller's place. A worker that is destroyed while it waits gives it up too.
    class seat {
      public:
        seat(std::shared_ptr<calls> all, std::shared_ptr<flight> of, const Key& key)
            : all_(std::move(all)), of_(std::move(of)), key_(key) {}
        seat(seat&&) noexcept = default;
        ~seat() {
            if (of_) give_up(false);
        }

        const std::shared_ptr<flight>& of() const noexcept { return of_; }
        recv_chan<empty> arrived() const { return of_->arrived; }

        result leave(bool arrived, const context& c) {
            const std::shared_ptr<flight> fl = of_;
            const bool shared = give_up(arrived);
            if (!arrived) return {.err = c.err(), .shared = shared};
            if (fl->failure) std::rethrow_exception(fl->failure);
            return {.value = fl->value, .err = fl->err, .shared = shared};
        }

      private:
        /// Tells whether there were others.
        bool give_up(bool arrived) {
            const std::shared_ptr<flight> fl = std::move(of_);
            bool shared = false, last = false;
            {
                const std::lock_guard lock(all_->mutex);
                shared = fl->shared;
                last = --fl->waiting == 0;
                if (last && !arrived) all_->remove(key_, fl);
            }
            if (last && !arrived) fl->own.cancel(detail::every_caller_left());
            return shared;
        }

        std::shared_ptr<calls> all_;
        std::shared_ptr<flight> of_; // null: given up
        Key key_;
    };

    template <class F>
    seat enter(const context& c, const Key& key, F f) const {
        if constexpr (detail::task_result<std::invoke_result_t<F&, const context&>>::is_task)
            (void)detail::current_scheduler();
        if (std::shared_ptr<flight> running = join(key)) return {calls_, std::move(running), key};
        bool first = false;
        seat at(calls_, join_or_add(std::make_shared<flight>(c), key, first), key);
        if (first) start(c, key, at.of(), std::move(f));
        return at;
    }

    std::shared_ptr<flight> join(const Key& key) const {
        const std::lock_guard lock(calls_->mutex);
        const auto at = calls_->running.find(key);
        if (at == calls_->running.end()) return nullptr;
        at->second->shared = true;
        ++at->second->waiting;
        return at->second;
    }

    /// Making a flight derives contexts, which observers see: not under the lock. Somebody else may be first.
    std::shared_ptr<flight> join_or_add(std::shared_ptr<flight> made, const Key& key, bool& first) const {
        const std::lock_guard lock(calls_->mutex);
        const auto [at, added] = calls_->running.try_emplace(key, made);
        first = added;
        if (!added) at->second->shared = true;
        ++at->second->waiting;
        return at->second;
    }

    template <class F>
    void start(const context& c, const Key& key, const std::shared_ptr<flight>& fl, F f) const {
        try {
            if constexpr (detail::task_result<std::invoke_result_t<F&, const context&>>::is_task) {
                go(detail::current_scheduler(), work<F>, calls_, key, fl, std::move(f));
            } else {
                // std::function wants to copy; a function object may be movable only.
                auto function = std::make_shared<F>(std::move(f));
                detail::start_in_tree_of(c, [all = calls_, key, fl, function] {
                    try {
                        keep(*fl, std::invoke(*function, fl->own.context));
                    } catch (...) {
                        fl->failure = std::current_exception();
                    }
                    finish(*all, key, fl);
                });
            }
        } catch (...) { // no thread to be had: others may wait for this call already
            fl->failure = std::current_exception();
            finish(*calls_, key, fl);
        }
    }

    template <class F>
    static task<> work(std::shared_ptr<calls> all, Key key, std::shared_ptr<flight> fl, F f) {
        try {
            auto given = co_await std::invoke(f, fl->own.context);
            keep(*fl, std::move(given));
        } catch (...) {
            fl->failure = std::current_exception();
        }
        finish(*all, key, fl);
    }

    static void keep(flight& fl, std::pair<Value, error> given) {
        fl.value = std::move(given.first);
        fl.err = std::move(given.second);
    }
    static void keep(flight& fl, Value given) { fl.value = std::move(given); }

    static void finish(calls& all, const Key& key, const std::shared_ptr<flight>& fl) {
        {
            const std::lock_guard lock(all.mutex);
            all.remove(key, fl);
        }
        fl->arrived.close();
        fl->own.cancel();
    }

    std::shared_ptr<calls> calls_;
};

} // namespace ctx
