// SPDX-License-Identifier: MIT
#pragma once

#include "lab/gate.h"
#include "lab/journal.h"
#include "lab/laboratory.h"
#include "lab/world.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

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
    /// Wakes the loop, and a laboratory thread that is held.
    void poke();

    // The laboratory's thread:
    void loop();
    bool act();
    bool act_in_step();
    void sleep();
    void start_life(std::shared_ptr<const scenario> with);
    bool serve_one_while_held();
    void execute(posted p);
    reply execute(const command& c, const std::string& who);
    reply change(const change_clock& c);
    reply go_to(const change_clock& c);
    void pace();
    void clock_event();

    const options options_;
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

    // The laboratory's thread alone:
    clock_mode mode_;
    bool running_;
    double speed_ = 1;
    int step_activities_ = 0;
    std::int64_t seed_;

    std::thread thread_;
};

} // namespace lab
