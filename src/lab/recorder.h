// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/observer.h"
#include "ctx/scheduler.h"
#include "lab/gate.h"
#include "lab/journal.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

/// Turns the library's hooks into events, and lets the gate hold whoever acts. One for each life of the
/// laboratory; its tree keeps it, and with it the scheduler and the clock, alive for as long as any context
/// of that life exists.
namespace lab {

class recorder final : public ctx::observer {
  public:
    recorder(journal& j, gate& g, std::shared_ptr<lab_clock> clock, std::uint64_t seed);

    std::uint64_t life() const { return life_; }
    lab_clock& clock() const { return *clock_; }
    const std::shared_ptr<lab_clock>& shared_clock() const { return clock_; }
    ctx::step_scheduler& scheduler() { return scheduler_; }

    std::uint64_t record(event e) { return journal_.record(life_, std::move(e)); }
    /// What a worker does when its context is done: a point where a step can end.
    void react(event e) { record_and_pass(std::move(e), {.at = gate::point::reaction, .last = true}); }

    /// In whose code this thread is.
    struct actor {
        id_t worker = 0;
        id_t by = 0; ///< the AfterFunc registration whose function it runs
    };
    static actor& acting();

    /// Called whenever a context has ended, by the thread that ended it. Set before the first context is
    /// made.
    void on_ended(std::function<void()> f) { on_ended_ = std::move(f); }
    /// Calls that for another reason to look.
    void tell() const {
        if (on_ended_ && !closed_.load(std::memory_order_acquire)) on_ended_();
    }
    /// From here on nobody is told any more.
    void close() { closed_.store(true, std::memory_order_release); }
    bool has_ended() const { return ended_.load(std::memory_order_acquire); }
    /// Has a context ended since the last call?
    bool take_ended() { return ended_.exchange(false, std::memory_order_acq_rel); }

    void created(const ctx::creation& c) override;
    void cancel_called(ctx::node_id id, const ctx::error& cause) override;
    void deadline_expired(ctx::node_id id) override;
    void visiting_nth(ctx::node_id parent, ctx::node_id child, std::size_t nth, std::size_t of) override;
    void done_with(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by,
                   std::size_t waiters) override;
    void woken(ctx::node_id id, std::size_t waiters) override;
    void found_done(ctx::node_id id, ctx::node_id by, bool waits) override;
    void wave_finished(ctx::node_id root, std::size_t count) override;
    void detached(ctx::node_id id, ctx::node_id parent) override;
    void timer_stopped(ctx::node_id id) override;
    void after_func_started(ctx::node_id id) override;
    void after_func_stopped(ctx::node_id id) override;
    void dropped(ctx::node_id id) override;
    void value_asked(ctx::node_id at, ctx::node_id from, const std::string& key, bool found) override;
    void value_looked_up(ctx::node_id id, const std::string& key, bool found, const std::string& value,
                         std::span<const ctx::node_id> path) override;

    /// The display name for what this thread derives next; empty: none.
    static std::string& next_name();

  private:
    void record_and_pass(event e, gate::passage here);

    journal& journal_;
    gate& gate_;
    const std::shared_ptr<lab_clock> clock_;
    const std::uint64_t life_;
    ctx::step_scheduler scheduler_;
    std::function<void()> on_ended_;
    std::atomic<bool> closed_{false};
    std::atomic<bool> ended_{false};
};

} // namespace lab
