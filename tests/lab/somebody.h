// SPDX-License-Identifier: MIT
#pragma once

#include "lab/laboratory.h"

#include <atomic>
#include <random>

namespace lives {

/// Somebody who does whatever comes to mind, at any moment.
class somebody {
  public:
    somebody(lab::laboratory& l, std::uint64_t seed) : lab_(l), random_(seed) {}

    void act() {
        lab_.post(anything(), [this](const lab::reply& r) {
            if (r.status == 201) ++made_;
        });
        // Some commands come together, some a while later.
        if (pick(3) == 0) lab_.log().wait_after(lab_.log().last_seq(), std::chrono::microseconds(pick(2000)));
    }

  private:
    std::uint64_t pick(std::uint64_t n) { return random_() % n; }
    lab::id_t some_context() { return 1 + pick(2 + made_); }
    std::chrono::nanoseconds some_time() { return std::chrono::milliseconds(pick(40)); }

    lab::command anything() {
        switch (pick(10)) {
        case 0:
        case 1:
            return lab::new_context{.parent = some_context(),
                                    .kind = pick(2) ? lab::context_kind::with_cancel_cause
                                                    : lab::context_kind::with_value,
                                    .key = "k",
                                    .value = "v"};
        case 2:
            return lab::new_context{
                .parent = some_context(), .kind = lab::context_kind::with_timeout, .timeout = some_time()};
        case 3:
        case 4:
            return some_worker();
        case 5:
        case 6:
            return lab::cancel_context{.context = some_context()};
        case 7:
            return pick(2) ? lab::command(lab::look_up_value{.context = some_context(), .key = "k"})
                           : lab::command(lab::sweep{});
        default:
            return some_clock();
        }
    }
    lab::new_worker some_worker() {
        switch (pick(4)) {
        case 0:
            return {.context = some_context(), .kind = "wait"};
        case 1:
            return {.context = some_context(),
                    .kind = "cpu",
                    .duration = some_time(),
                    .check_every = std::chrono::milliseconds(3)};
        case 2:
            return {.context = some_context(), .kind = "stubborn", .duration = some_time()};
        default:
            return {.context = some_context(),
                    .kind = "fanout",
                    .duration = std::chrono::milliseconds(9),
                    .fail_after = std::chrono::milliseconds(2),
                    .n = 3,
                    .fail_index = 1};
        }
    }
    lab::change_clock some_clock() {
        switch (pick(8)) {
        case 0:
            return {.action = lab::clock_action::run};
        case 1:
            return {.action = lab::clock_action::pause};
        case 2:
            return {.action = lab::clock_action::advance, .by = some_time()};
        case 3:
            return {.action = lab::clock_action::set_speed, .speed = pick(2) ? 16.0 : 1.0};
        case 4:
            return {.action = lab::clock_action::hold};
        default:
            return {.action = lab::clock_action::step, .size = static_cast<lab::step_size>(pick(5))};
        }
    }

    lab::laboratory& lab_;
    std::mt19937_64 random_;
    std::atomic<std::uint64_t> made_{0};
};

/// Lets the laboratory stand still, held or not, so that its log is not growing.
inline void stand_still(lab::laboratory& l, bool held) {
    l.call(lab::change_clock{.action = held ? lab::clock_action::hold : lab::clock_action::pause});
    // A thread that was on its way when it was told to hold has come to its hook, or to the end of its act.
    while (true) {
        const std::uint64_t last = l.log().last_seq();
        if (!l.log().wait_after(last, std::chrono::milliseconds(2))) return;
    }
}

} // namespace lives
