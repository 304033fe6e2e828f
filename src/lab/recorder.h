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

    void record(event e) { journal_.record(life_, std::move(e)); }
    void pass(gate::point p) { gate_.pass(p); }

    /// Called whenever a context has ended, by the thread that ended it. Set before the first context is made.
    void on_ended(std::function<void()> f) { on_ended_ = std::move(f); }
    /// From here on nobody is told any more.
    void close() { closed_.store(true, std::memory_order_release); }
    /// Has a context ended since the last call?
    bool take_ended() { return ended_.exchange(false, std::memory_order_acq_rel); }

    void created(const ctx::creation& c) override;
    void cancel_called(ctx::node_id id, const ctx::error& cause) override;
    void deadline_expired(ctx::node_id id) override;
    void visiting(ctx::node_id parent, ctx::node_id child) override;
    void done(ctx::node_id id, const ctx::error& err, const ctx::error& cause, ctx::node_id by) override;
    void wave_finished(ctx::node_id root, std::size_t count) override;
    void detached(ctx::node_id id, ctx::node_id parent) override;
    void timer_stopped(ctx::node_id id) override;
    void after_func_started(ctx::node_id id) override;
    void after_func_stopped(ctx::node_id id) override;
    void dropped(ctx::node_id id) override;
    void value_looked_up(ctx::node_id id, const std::string& key, bool found, const std::string& value,
                         std::span<const ctx::node_id> path) override;

    /// The display name for what this thread derives next; empty: none.
    static std::string& next_name();

  private:
    void record_and_pass(event e, gate::point p);

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
