// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/after_func.h"
#include "ctx/cancel.h"

#include <memory>
#include <stop_token>

/// Contexts and std::stop_token, both ways.
///
///     ctx::stop_bridge bridge(c);
///     std::thread t(legacy_work, bridge.token());        // asked to stop when c is done
///
///     std::jthread u(legacy_loop);                       // takes a std::stop_token
///     ctx::stop_bridge also(c, u.get_stop_source());     // asked to stop when c is done, and at its end
///
///     void serve(std::stop_token t) {
///         ctx::from_stop_token life(t);
///         handle(life.context());                        // done when the jthread is asked to stop
///     }
///
/// Thread safety: as the things they join. Lifetime: the join lasts as long as the object.
namespace ctx {

/// A stop_token that is asked to stop when a context is done: by an after_func, so a moment later and in
/// another thread; at once if it is done already.
class stop_bridge {
  public:
    explicit stop_bridge(const context& c, call_site where = call_site::current());
    /// Asks one that exists, such as a jthread's get_stop_source().
    stop_bridge(const context& c, std::stop_source source, call_site where = call_site::current());
    ~stop_bridge() { stop_(); }
    stop_bridge(const stop_bridge&) = delete;
    stop_bridge& operator=(const stop_bridge&) = delete;

    std::stop_token token() const { return source_.get_token(); }

  private:
    std::stop_source source_;
    stop_func stop_;
};

/// A context that is done, with err canceled, when a stop_token is asked to stop; at the end of the scope at
/// the latest.
class from_stop_token {
  public:
    explicit from_stop_token(std::stop_token t, const ctx::context& parent = background(),
                             call_site where = call_site::current());
    ~from_stop_token() { made_.cancel(where_); }
    from_stop_token(const from_stop_token&) = delete;
    from_stop_token& operator=(const from_stop_token&) = delete;

    const ctx::context& context() const noexcept { return made_.context; }
    const cancel_func& cancel() const noexcept { return made_.cancel; }

  private:
    struct request {
        cancel_func cancel;
        call_site where;
        void operator()() const { cancel(where); }
    };
    cancelable made_;
    const call_site where_;
    std::stop_callback<request> link_;
};

} // namespace ctx
