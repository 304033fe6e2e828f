// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/promise.h"
#include "ctx/scheduler.h"

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

/// Goroutines: C++20 coroutines that a scheduler runs.
///
///     ctx::task<> worker(ctx::context c, ctx::chan<int> out) {
///         for (int n = 1;; ++n)                         // case <-ctx.Done(): return
///             if (co_await ctx::select(ctx::send(out, n), ctx::done(c)) == 1) co_return;
///     }
///     ctx::go(pool, worker, c, numbers);                // go worker(ctx, numbers)
///
/// A worker has no handle and cannot be stopped from outside (CHN-060): it ends when its function returns.
/// A task may await another task, which then runs as part of the same worker. Arguments are copied into the
/// worker; take them by value, as a reference would have to outlive it.
///
/// g++ before 12.3 drops the whole body of a coroutine that has a co_await in a condition and no local
/// variable at the top of its body (GCC bug 106188). Put the result into a variable first:
/// `const std::size_t taken = co_await ctx::select(...); if (taken == 1) ...`.
///
/// Errors: an exception that leaves a worker ends the process, as an uncaught panic does in Go (CHN-061).
/// Thread safety: a task belongs to one worker. Consecutive steps of a worker happen in order, on any thread
/// of its scheduler.
namespace ctx {

template <class T = void>
class task;
template <class T>
class chan;
template <class T>
class recv_chan;
template <class T>
class send_chan;

namespace detail {

template <class T>
class task_promise_base : public promise_base {
  public:
    std::suspend_always initial_suspend() const noexcept { return {}; }

    /// Goes on with whoever awaits this task, or ends the worker.
    struct hand_back {
        bool await_ready() const noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> h) const noexcept {
            h.promise().go_on();
        }
        void await_resume() const noexcept {}
    };
    hand_back final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept {
        if (is_outermost()) std::terminate();
        inner_.failure = std::current_exception();
    }
    void rethrow() const {
        if (inner_.failure) std::rethrow_exception(inner_.failure);
    }
    void run_as_part_of(worker* w, std::coroutine_handle<> continuation) noexcept {
        inner_.part_of = reinterpret_cast<std::uintptr_t>(w);
        inner_.continuation = continuation;
    }

  private:
    void go_on() noexcept {
        if (is_outermost())
            run_no_more(outermost_);
        else
            run_next(inner_.continuation);
    }
};

template <class T>
class task_promise : public task_promise_base<T> {
  public:
    task<T> get_return_object() noexcept;
    template <class U = T>
    void return_value(U&& v) {
        value_.emplace(std::forward<U>(v));
    }
    T result() {
        this->rethrow();
        return std::move(*value_);
    }

  private:
    std::optional<T> value_;
};

template <>
class task_promise<void> : public task_promise_base<void> {
  public:
    task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void result() const { rethrow(); }
};

/// The outermost coroutine of every worker is a task<>.
inline task_promise<void>& promise_of(worker& w) noexcept {
    return static_cast<task_promise<void>&>(*std::launder(reinterpret_cast<promise_base*>(&w)));
}

/// Runs a task as part of the worker that awaits it.
template <class T>
struct task_awaiter {
    std::coroutine_handle<task_promise<T>> frame;
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> parent) const noexcept {
        frame.promise().run_as_part_of(parent.promise().current_worker(), parent);
        run_next(frame);
    }
    T await_resume() { return frame.promise().result(); }
};

} // namespace detail

/// A piece of a worker. Does nothing until it is awaited or handed to go().
template <class T>
class [[nodiscard("a task does nothing until it is awaited (co_await) or handed to ctx::go")]] task {
  public:
    using promise_type = detail::task_promise<T>;

    // clang-format off
    task(task&& o) noexcept : frame_(std::exchange(o.frame_, {})) {}
    // clang-format on
    task& operator=(task&& o) noexcept {
        std::swap(frame_, o.frame_);
        return *this;
    }
    ~task() {
        if (frame_) frame_.destroy();
    }

    // clang-format off
    detail::task_awaiter<T> operator co_await() && noexcept { return {frame_}; }
    // clang-format on

    /// Starts it as a worker of its own; for go().
    void start(scheduler & on, std::uint64_t tag)&& {
        std::exchange(frame_, {}).promise().begin_worker(on, tag).start();
    }

  private:
    friend promise_type;
    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    std::coroutine_handle<promise_type> frame_;
};

template <class T>
task<T> detail::task_promise<T>::get_return_object() noexcept {
    return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}
inline task<void> detail::task_promise<void>::get_return_object() noexcept {
    return task<void>(std::coroutine_handle<task_promise>::from_promise(*this));
}

namespace detail {

template <class F, class... A>
constexpr void check_worker() {
    static_assert(std::is_invocable_v<F&, A...>,
                  "go: the function cannot be called with these arguments (each is copied into the worker)");
    if constexpr (std::is_invocable_v<F&, A...>)
        static_assert(std::is_same_v<std::invoke_result_t<F&, A...>, task<>>,
                      "go: the function must be a coroutine that returns ctx::task<>");
}

/// A parameter that can be made from an argument of type A once and for all: it keeps no reference to it.
template <class Parameter, class A>
struct is_owned : std::bool_constant<std::is_same_v<Parameter, A> ||
                                     (std::is_scalar_v<Parameter> && std::is_scalar_v<A>)> {};
template <class T>
struct is_owned<recv_chan<T>, chan<T>> : std::true_type {};
template <class T>
struct is_owned<send_chan<T>, chan<T>> : std::true_type {};

/// A function without state, all of whose parameters are its own: its frame needs nobody to keep anything for
/// it, and is the worker's only one.
template <class Signature, class... A>
struct owns_all : std::false_type {};
template <class... Parameters, class... A>
requires(sizeof...(Parameters) == sizeof...(A)) struct owns_all<task<> (*)(Parameters...), A...>
    : std::conjunction<is_owned<Parameters, A>...> {
};
template <class F, class... Parameters, class... A>
requires(sizeof...(Parameters) == sizeof...(A)) struct owns_all<task<> (F::*)(Parameters...) const, A...>
    : std::conjunction<is_owned<Parameters, A>...> {
};

template <class F, class... A>
constexpr bool needs_no_owner() {
    if constexpr (std::is_pointer_v<F>)
        return owns_all<F, A...>::value;
    else if constexpr (std::is_empty_v<F> && requires { &F::operator(); })
        return owns_all<decltype(&F::operator()), A...>::value;
    else
        return false;
}

/// Owns a function and its arguments while it runs.
template <class F, class... A>
task<> run_owned(F function, A... arguments) {
    co_await std::invoke(function, std::move(arguments)...);
}

} // namespace detail

/// Starts a worker with a tag by which its scheduler's observer knows it.
template <class F, class... A>
void go_tagged(scheduler& on, std::uint64_t tag, F function, A... arguments) {
    detail::check_worker<F, A...>();
    if constexpr (detail::needs_no_owner<F, A...>())
        std::invoke(function, std::move(arguments)...).start(on, tag);
    else
        detail::run_owned(std::move(function), std::move(arguments)...).start(on, tag);
}

/// Go: `go function(arguments...)`. Returns at once; the worker starts when the scheduler gets to it.
template <class F, class... A>
void go(scheduler& on, F function, A... arguments) {
    go_tagged(on, 0, std::move(function), std::move(arguments)...);
}

/// `co_await ctx::tag_worker{7}`: from here on the scheduler's observer knows this worker by that tag.
struct tag_worker {
    std::uint64_t tag;
    bool await_ready() const noexcept { return false; }
    template <class P>
    bool await_suspend(std::coroutine_handle<P> h) const noexcept {
        h.promise().current_worker()->set_tag(tag);
        return false;
    }
    void await_resume() const noexcept {}
};

/// Lets other workers run (Go: runtime.Gosched).
struct yield {
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> h) {
        worker = h.promise().current_worker();
        worker->on().post_last(h);
    }
    void await_resume() const noexcept { worker->entered(); }
    detail::worker* worker = nullptr; ///< its own
};

} // namespace ctx
