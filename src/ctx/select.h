// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/chan.h"
#include "ctx/scheduler.h"

#include <array>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

/// Go's select, for threads and for workers.
///
///     int v = 0;
///     switch (ctx::select(ctx::recv(numbers, v), ctx::recv(c.done()))) {   // in a thread
///     case 0: use(v); break;
///     case 1: return c.err();
///     }
///     switch (co_await ctx::select(ctx::send(out, 7), ctx::done(c))) { ... }   // in a worker
///     if (ctx::select(ctx::done(c), ctx::otherwise()) == 0) return;  // with default: never blocks
///
/// The result is the position of the case that was taken. Exactly one is; if several are ready, each is as
/// likely (CHN-021). A case that lost leaves no trace (CHN-026). Cases on nil channels are never ready
/// (CHN-007); a select without any other blocks for ever (CHN-025). Channels and values are evaluated once,
/// also those of cases that lose (CHN-024), but in the order that C++ evaluates arguments in: any.
///
/// Lifetime: a select is made and awaited in one expression; a channel given by name has to outlive that
/// expression's beginning, not the wait. Thread safety: a select belongs to the thread or worker that makes
/// it. Cost: no allocation up to eight cases. Errors: a send case on a closed channel throws
/// std::invalid_argument `send on closed channel`.
namespace ctx {

class context;

namespace detail {

/// The channel of a case: borrowed, if it was given by name; kept, if it was made for this select; lent, if
/// somebody else keeps it until the select is over.
class case_channel {
  public:
    struct lent {
        selectable* channel;
    };

    explicit case_channel(const chan_handle& c) noexcept : it_(c.get()), how_(borrowed) {}
    explicit case_channel(lent c) noexcept : it_(c.channel), how_(given) {}
    explicit case_channel(ref<selectable> c) noexcept : it_(c.detach()), how_(it_ ? kept : given) {}
    case_channel(const case_channel& o) noexcept : it_(o.it_), how_(o.how_) {
        if (how_ == kept) it_->retain();
    }
    case_channel(case_channel&& o) noexcept : it_(o.it_), how_(std::exchange(o.how_, given)) {}
    case_channel& operator=(case_channel o) noexcept {
        std::swap(it_, o.it_);
        std::swap(how_, o.how_);
        return *this;
    }
    ~case_channel() {
        if (how_ == kept) it_->release();
    }

    case_link link(void* slot, direction way) const noexcept {
        return {.channel = it_, .slot = slot, .way = way, .borrowed = how_ == borrowed};
    }

  private:
    enum keeping : std::uint8_t { given, borrowed, kept };
    selectable* it_;
    keeping how_;
};

/// That of the Done of `c`, which the caller keeps.
case_channel lent_done(const context& c);

template <class T>
class recv_case {
  public:
    using value_type = T;
    static constexpr bool is_default = false;
    recv_case(case_channel from, T* value, bool* ok) : from_(std::move(from)), value_(value), ok_(ok) {}
    // Nothing was got yet. (It takes long to load what was stored just before in smaller pieces.)
    recv_case(const recv_case& o) noexcept : from_(o.from_), value_(o.value_), ok_(o.ok_) {}
    recv_case(recv_case&& o) noexcept : from_(std::move(o.from_)), value_(o.value_), ok_(o.ok_) {}

    case_link link() { return from_.link(&got_, direction::receive); }
    void finish(const case_link& l) {
        if (value_) *value_ = l.ok ? std::move(*got_) : T{};
        if (ok_) *ok_ = l.ok;
    }

  private:
    case_channel from_;
    T* value_;
    bool* ok_;
    std::optional<T> got_;
};

template <class T>
class send_case {
  public:
    using value_type = T;
    static constexpr bool is_default = false;
    send_case(case_channel to, T value) : to_(std::move(to)), value_(std::move(value)) {}

    case_link link() { return to_.link(&value_, direction::send); }
    void finish(const case_link&) {}

  private:
    case_channel to_;
    T value_;
};

struct default_case {
    static constexpr bool is_default = true;
    case_link link() { return {}; }
    void finish(const case_link&) {}
};

/// Links point into the cases, so an operation is neither copied nor moved; it lives in one full expression.
template <class... Cases>
class [[nodiscard("use which case was taken; in a worker: co_await ctx::select(...)")]] select_operation {
  public:
    static constexpr std::size_t count = sizeof...(Cases);
    static constexpr std::size_t defaults = (std::size_t{Cases::is_default} + ... + 0);
    static_assert(defaults <= 1, "a select has at most one otherwise()");

    explicit select_operation(Cases... cases)
        : cases_(std::move(cases)...),
          links_(std::apply([](auto&... c) { return std::array<case_link, count>{c.link()...}; }, cases_)) {}
    select_operation(const select_operation&) = delete;
    select_operation& operator=(const select_operation&) = delete;
    /// A worker that is destroyed while it waits (its scheduler is going away) leaves the queues.
    ~select_operation() {
        waiter_.leave(links_);
    }

    /// Blocks this thread until one case was taken; gives its position.
    operator std::size_t() {
        return wait();
    }
    std::size_t wait() {
        if constexpr (defaults == 0) {
            refuse_in_worker("select");
            return finish(block_on(links_, choice_random()));
        } else {
            return finish(poll());
        }
    }

    bool await_ready() {
        if constexpr (defaults == 0) return false;
        waiter_.passed(poll());
        return true;
    }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> h) {
        worker& self = *h.promise().current_worker();
        if constexpr (count == 1 && defaults == 0) {
            return suspend_sole<value_type<0>>(waiter_, links_[0], h, self);
        } else {
            if constexpr (count == 2 && defaults == 0) {
                links_[1].index = 1;
                if (is_pair<0, 1>(self)) return suspend_pair<0, 1>(h, self);
                if (is_pair<1, 0>(self)) return suspend_pair<1, 0>(h, self);
            }
            return waiter_.suspend(h, self, links_);
        }
    }

    std::size_t await_resume() {
        if constexpr (count == 1 && defaults == 0)
            return finish(waiter_.resume_sole(links_[0]));
        else
            return finish(waiter_.resume(links_));
    }

  private:
    template <std::size_t I>
    using value_type = typename std::tuple_element_t<I, std::tuple<Cases...>>::value_type;

    /// The usual select of a worker: of a channel and a Done, and nobody observes it.
    template <std::size_t Channel, std::size_t Done>
    bool is_pair(worker & self) const noexcept {
        if constexpr (!std::is_same_v<value_type<Done>, empty>) return false;
        const case_link &c = links_[Channel], &d = links_[Done];
        return self.on().plain() && c.channel && c.channel->is_channel() && d.channel &&
               d.channel->stands_for_done() && d.way == direction::receive;
    }
    template <std::size_t Channel, std::size_t Done>
    bool suspend_pair(std::coroutine_handle<> h, worker & self) {
        auto& c = static_cast<channel<value_type<Channel>>&>(*links_[Channel].channel);
        return c.pass_or_wait(links_[Channel], links_[Done], waiter_, h, self.on());
    }

    /// With a default.
    std::uint32_t poll() {
        const std::uint64_t random = choice_random();
        if constexpr (count == 2 && defaults == 1) { // nothing to choose
            constexpr std::uint32_t at = 1 - default_position();
            return poll_cases({&links_[at], 1}, random) == 0 ? at : 1 - at;
        } else {
            const std::uint32_t done = poll_cases(links_, random);
            return done == waiter::unclaimed ? static_cast<std::uint32_t>(default_position()) : done;
        }
    }

    static constexpr std::size_t default_position() {
        std::size_t at = 0;
        (void)((Cases::is_default || (++at, false)) || ...);
        return at;
    }

    std::size_t finish(std::size_t winner) {
        check_completed(links_[winner]);
        std::size_t i = 0;
        std::apply([&](auto&... c) { ((i == winner ? c.finish(links_[i]) : void(), ++i), ...); }, cases_);
        return winner;
    }

    std::tuple<Cases...> cases_;
    std::array<case_link, count> links_;
    worker_waiter waiter_;
};

} // namespace detail

/// `case <-c`, `case v = <-c`, `case v, ok = <-c`. When the channel is closed v becomes T{} and ok false.
template <class T>
detail::recv_case<T> recv(const recv_chan<T>& c) {
    return {detail::case_channel(c), nullptr, nullptr};
}
template <class T>
detail::recv_case<T> recv(const recv_chan<T>& c, T& value) {
    return {detail::case_channel(c), &value, nullptr};
}
template <class T>
detail::recv_case<T> recv(const recv_chan<T>& c, T& value, bool& ok) {
    return {detail::case_channel(c), &value, &ok};
}
template <class T>
detail::recv_case<T> recv(recv_chan<T>&& c) {
    return {detail::case_channel(std::move(c).keep()), nullptr, nullptr};
}
template <class T>
detail::recv_case<T> recv(recv_chan<T>&& c, T& value) {
    return {detail::case_channel(std::move(c).keep()), &value, nullptr};
}
template <class T>
detail::recv_case<T> recv(recv_chan<T>&& c, T& value, bool& ok) {
    return {detail::case_channel(std::move(c).keep()), &value, &ok};
}
template <class T>
detail::recv_case<T> recv(const chan<T>& c) {
    return {detail::case_channel(c), nullptr, nullptr};
}
template <class T>
detail::recv_case<T> recv(const chan<T>& c, T& value) {
    return {detail::case_channel(c), &value, nullptr};
}
template <class T>
detail::recv_case<T> recv(const chan<T>& c, T& value, bool& ok) {
    return {detail::case_channel(c), &value, &ok};
}
template <class T>
detail::recv_case<T> recv(chan<T>&& c) {
    return {detail::case_channel(std::move(c).keep()), nullptr, nullptr};
}
template <class T>
detail::recv_case<T> recv(chan<T>&& c, T& value) {
    return {detail::case_channel(std::move(c).keep()), &value, nullptr};
}
template <class T>
detail::recv_case<T> recv(chan<T>&& c, T& value, bool& ok) {
    return {detail::case_channel(std::move(c).keep()), &value, &ok};
}

/// `case <-c.Done()`: as recv(c.done()), but no handle is counted, so `c` has to outlive the select. The
/// cheapest way to be cancelled while waiting for something else.
inline detail::recv_case<empty> done(const context& c) {
    return {detail::lent_done(c), nullptr, nullptr};
}

/// `case c <- value`. The value is evaluated here, also if another case wins (CHN-024).
template <class T>
detail::send_case<T> send(const send_chan<T>& c, std::type_identity_t<T> value) {
    return {detail::case_channel(c), std::move(value)};
}
template <class T>
detail::send_case<T> send(send_chan<T>&& c, std::type_identity_t<T> value) {
    return {detail::case_channel(std::move(c).keep()), std::move(value)};
}
template <class T>
detail::send_case<T> send(const chan<T>& c, std::type_identity_t<T> value) {
    return {detail::case_channel(c), std::move(value)};
}
template <class T>
detail::send_case<T> send(chan<T>&& c, std::type_identity_t<T> value) {
    return {detail::case_channel(std::move(c).keep()), std::move(value)};
}

/// `default:` is taken exactly when no other case is ready (CHN-023).
inline detail::default_case otherwise() {
    return {};
}

template <class... Cases>
detail::select_operation<Cases...> select(Cases... cases) {
    static_assert((requires { Cases::is_default; } && ...),
                  "select: each case is recv(channel), send(channel, value) or otherwise()");
    return detail::select_operation<Cases...>(std::move(cases)...);
}

} // namespace ctx
