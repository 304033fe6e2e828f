// SPDX-License-Identifier: MIT
#pragma once

#include "lab/gate.h"
#include "lab/journal.h"
#include "lab/laboratory.h"
#include "lab/replayer.h"
#include "lab/world.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lab {

/// The laboratory's thread: takes commands, runs ready workers, fires timers, in this order, and otherwise
/// sleeps.
struct laboratory::impl {
    explicit impl(options o);
    ~impl();

    struct posted {
        command what;
        on_reply done;
        std::string who;
    };

    void post(posted p);
    std::shared_ptr<world> current() const;
    life inputs() const;
    std::vector<life> lives() const;
    /// Wakes the loop, and a laboratory thread that is held.
    void poke();

    // The laboratory's thread:
    void loop();
    bool act();
    bool act_in_step();
    bool act_by(ctx::time_point limit);
    /// Before time jumps: lets threads that Done has woken come to what they do then, each a little while.
    /// False: nobody is waited for.
    bool wait_for_woken();
    void sleep();
    void start_life(life l, std::shared_ptr<const rerun> from = {});
    void begin_again(posted p);
    bool serve_one_while_held(bool let_go);
    void execute(posted p, bool held);
    /// Keeps the command as an input, and carries it out.
    reply take(command c, std::string who, bool held);
    reply carry_out(const command& c, const std::string& who);
    reply carry_out_for_scenario(const command& c);
    std::uint64_t issue(const command& c, const std::string& who);
    reply change(const change_clock& c);
    reply go_to(const change_clock& c);
    bool time_passes() const;
    void pace();
    void keep_pace();
    void clock_event();

    // While an earlier life is executed again:
    void replay_one();
    bool replay_while_held(bool let_go);
    void replay_at_point();
    bool cuts_advance();
    /// It goes live between two acts.
    void go_live();
    void replay_ends();

    const bool fast_; ///< options::as_fast_as_possible
    gate gate_;
    journal journal_;
    std::atomic<request_sender*> sender_{nullptr};
    std::atomic<id_t> request_ids_{0};
    std::atomic<id_t> client_ids_{0};

    mutable std::mutex mutex_; // leaf lock
    std::condition_variable work_;
    mutable std::condition_variable idle_changed_;
    std::deque<posted> queue_; // guarded by mutex_, like what follows
    std::uint64_t pokes_ = 0;
    bool stopping_ = false;
    bool idle_ = false;
    std::shared_ptr<world> world_; // written by the laboratory's thread only
    std::function<void()> on_restart_;
    life life_;
    std::vector<life> over_; ///< the lives before this one
    bool sockets_used_ = false;
    bool real_clock_used_ = false;
    bool replaying_ = false;
    mutable std::condition_variable replay_over_;
    reply replayed_; // of the last replay

    // The laboratory's thread alone:
    clock_mode mode_;
    bool running_;
    double speed_;
    int step_activities_ = 0;
    std::int64_t seed_;
    std::atomic<std::uint64_t> turn_{0}; ///< acts begun in this life
    std::unique_ptr<replayer> replay_;
    on_reply replay_done_;
    bool advance_cut_ = false; ///< the replay ends within an advance

    std::thread thread_;
};

} // namespace lab
