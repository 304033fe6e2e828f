// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/atomics.h"
#include "ctx/detail/sync.h"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

/// Something that is done once, by whoever needs it first (Go: sync.Once, OnceFunc, OnceValue).
///
///     ctx::once opened;
///     void use() {
///         opened.run([] { open_log(); });                // here the log is open, whoever opened it
///     }
///     const auto config = ctx::once_value([] { return read_config("app.json"); });
///     listen(config().port);                             // the first call reads the file, later ones do not
///
/// An exception counts as done: unlike std::call_once, nobody tries again (CHN-063). With `once` only the
/// caller that ran the function gets it; with once_func and once_value every caller does.
///
/// Thread safety: everything may be called from any thread; what the function wrote is visible to every
/// caller that returns. Waiting blocks the thread as a mutex does, also that of a worker, so keep the
/// function short there. A function that calls its own `once` waits for itself for ever, as in Go. Lifetime:
/// a `once` outlives its callers; copies of what once_func and once_value give share one run. Cost: one
/// atomic load when it is done.
namespace ctx {

class once {
  public:
    once() = default;
    once(const once&) = delete;
    once& operator=(const once&) = delete;

    /// Go: Once.Do. Returns when the function has returned, whoever ran it.
    template <class F>
    void run(F&& f) {
        if (done_.load(std::memory_order_acquire)) return;
        const std::lock_guard lock(mutex_);
        if (done_.load(std::memory_order_relaxed)) return;
        struct finished {
            detail::atomic<bool>& done;
            ~finished() { done.store(true, std::memory_order_release); }
        } const at_the_end{done_};
        std::invoke(std::forward<F>(f));
    }

    /// Has it been done?
    bool done() const noexcept { return done_.load(std::memory_order_acquire); }

  private:
    detail::atomic<bool> done_{false};
    detail::small_mutex mutex_; // held while the function runs
};

namespace detail {

/// What the copies of a once_func or once_value share.
template <class F, class Result>
struct once_state {
    explicit once_state(F f) : function(std::move(f)) {}

    void run() {
        first.run([this] {
            try {
                if constexpr (std::is_void_v<Result>)
                    std::invoke(*function);
                else
                    result.emplace(std::invoke(*function));
            } catch (...) {
                failure = std::current_exception();
            }
            function.reset(); // what it holds is not needed any more
        });
        if (failure) std::rethrow_exception(failure);
    }

    once first;
    std::optional<F> function;
    std::exception_ptr failure;
    std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> result;
};

} // namespace detail

/// Go: sync.OnceFunc. The function given back runs `f` at its first call; an exception is thrown at every
/// call.
template <class F>
[[nodiscard]] auto once_func(F f) {
    auto state = std::make_shared<detail::once_state<F, void>>(std::move(f));
    return [state] { state->run(); };
}

/// Go: sync.OnceValue. Every call gives a reference to what the one run of `f` gave; it lives as long as a
/// copy of the function does.
template <class F>
requires(!std::is_void_v<std::invoke_result_t<F&>>) [[nodiscard]] auto once_value(F f) {
    using result = std::decay_t<std::invoke_result_t<F&>>;
    auto state = std::make_shared<detail::once_state<F, result>>(std::move(f));
    return [state]() -> const result& {
        state->run();
        return *state->result;
    };
}

} // namespace ctx
