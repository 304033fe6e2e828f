// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"

#include <atomic>
#include <memory>
#include <mutex>

/// A tree of contexts to test in: virtual time, callbacks that run when told to, and a count of what is
/// alive.
namespace test {

using namespace std::chrono_literals;

/// Counts contexts and registrations.
class census : public ctx::observer {
  public:
    void created(const ctx::creation&) override { ++live_; }
    void dropped(ctx::node_id) override { --live_; }
    long live() const { return live_; }

  private:
    std::atomic<long> live_{0};
};

struct world {
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::step_scheduler steps{clock, 1};
    std::shared_ptr<census> count = std::make_shared<census>();
    ctx::context root =
        ctx::background({.clock = clock, .scheduler = &steps, .observer = count, .sibling_seed = {}});

    /// Contexts that are alive beside the root.
    long live() const { return count->live() - 1; }
    /// Moves time and runs what that sets free.
    void advance(ctx::duration d) { steps.run_until(clock->now() + d); }
    void run() { steps.run_until_idle(); }
};

/// A Done channel and an Err that the library cannot see into.
class foreign : public ctx::custom_context {
  public:
    std::optional<ctx::time_point> deadline() const override { return std::nullopt; }
    ctx::recv_chan<ctx::empty> done() const override { return done_; }
    ctx::error err() const override {
        const std::lock_guard lock(mutex_);
        return err_;
    }
    ctx::any_value value(const ctx::any_key&) const override { return {}; }
    std::string string() const override { return "*test.foreign"; }

    void cancel(const ctx::error& e = ctx::canceled) {
        const std::lock_guard lock(mutex_);
        if (err_) return;
        err_ = e;
        done_.close();
    }

  private:
    mutable std::mutex mutex_;
    const ctx::chan<ctx::empty> done_{0};
    ctx::error err_;
};

/// Hands everything on to another context.
class wrapper : public ctx::custom_context {
  public:
    explicit wrapper(ctx::context inner) : inner_(std::move(inner)) {}
    std::optional<ctx::time_point> deadline() const override { return inner_.deadline(); }
    ctx::recv_chan<ctx::empty> done() const override { return inner_.done(); }
    ctx::error err() const override { return inner_.err(); }
    ctx::any_value value(const ctx::any_key& k) const override { return inner_.value(k); }
    std::string string() const override { return "test.wrapper"; }

  protected:
    const ctx::context inner_;
};

template <class T, class... A>
ctx::context make(const ctx::context& tree, A&&... arguments) {
    return ctx::context(std::make_shared<T>(std::forward<A>(arguments)...), tree);
}

} // namespace test
