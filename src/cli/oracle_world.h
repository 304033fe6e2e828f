// SPDX-License-Identifier: MIT
#pragma once

#include "cli/oracle_customs.h"
#include "cli/oracle_keys.h"
#include "ctx/ctx.h"

#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

/// What one oracle script lives in: its clock, its contexts, its registrations. Gone with all of it when the
/// next script begins.
namespace cli {

/// How a context shows its parent's state, which decides what a cancel must have reached when it returns.
enum class origin {
    root,
    node,     ///< made by with_cancel, with_deadline, with_timeout
    view,     ///< shows its parent's state and hands the link to the node behind it on to its children
    screen,   ///< shows its parent's state, but its children need a watcher
    detached, ///< shows nothing of its parent
    own,      ///< a custom context with a Done of its own
};

struct oracle_context {
    std::string id;
    origin from = origin::root;
    const oracle_context* parent = nullptr; ///< null for roots
    ctx::context context;
    std::function<void(const ctx::error&)> cancel; ///< empty if it has no cancel function
    bool takes_cause = false;                      ///< `cause` may be given to cancel
    std::shared_ptr<const oracle_custom> custom;   ///< null for the library's own
    bool has_deadline = false;                     ///< asked for with a deadline
};

class oracle_world {
  public:
    oracle_world();
    /// Cancels every context, stops every registration and runs what follows from that.
    ~oracle_world();
    oracle_world(const oracle_world&) = delete;
    oracle_world& operator=(const oracle_world&) = delete;

    const ctx::context& root() const { return root_; }
    ctx::step_scheduler& scheduler() { return scheduler_; }
    ctx::time_point now() const { return clock_->now(); }
    void advance(ctx::duration d) { scheduler_.run_until(ctx::saturating_add(now(), d)); }
    void run_until_idle() { scheduler_.run_until_idle(); }

    bool knows(const std::string& id) const { return contexts_by_id_.contains(id) || stops_.contains(id); }
    oracle_context* find(const std::string& id) const;
    void add(oracle_context c);

    /// Registers a callback that reports its id, and cancels `also` if that is not null.
    void after_func(const std::string& id, const ctx::context& c, const oracle_context* also);
    const ctx::stop_func* find_stop(const std::string& id) const;

    /// Of the contexts that a cancel of `cancelled` must have reached when it returns, those that are still
    /// open.
    std::vector<std::string> late(std::span<const oracle_context* const> cancelled) const;
    /// Contexts that are done and were not last time, oldest first.
    std::vector<const oracle_context*> newly_done();
    /// Callbacks that ran since last time, in order of their ids.
    std::vector<std::string> newly_ran();

    oracle_keys keys;

  private:
    const std::shared_ptr<ctx::virtual_clock> clock_;
    ctx::step_scheduler scheduler_;
    const ctx::context root_;
    std::deque<oracle_context> contexts_; // in order of creation
    std::vector<oracle_context*> open_;   // not found done yet
    std::unordered_map<std::string, oracle_context*> contexts_by_id_;
    std::map<std::string, ctx::stop_func> stops_;
    std::vector<std::string> ran_; // callbacks run in the thread that runs the script
};

} // namespace cli
