// SPDX-License-Identifier: MIT
#include "ctx/scheduler.h"

#include <stdexcept>
#include <utility>

namespace ctx {
namespace {

std::uint64_t split_mix(std::uint64_t& state) noexcept {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace

step_scheduler::step_scheduler(std::shared_ptr<clock> c, std::uint64_t seed)
    : scheduler(c), virtual_time_(dynamic_cast<virtual_clock*>(c.get())), random_state_(seed) {}

step_scheduler::~step_scheduler() {
    destroy_workers();
}

void step_scheduler::add(item i) {
    {
        const std::lock_guard lock(mutex_);
        if (abandoned_) return;
        queue_.push_back(std::move(i));
    }
    if (on_ready_) on_ready_();
}

void step_scheduler::post(std::coroutine_handle<> h) {
    add({.worker = h, .callback = {}});
}
void step_scheduler::call(std::function<void()> f) {
    add({.worker = {}, .callback = std::move(f)});
}

std::uint64_t step_scheduler::random() noexcept {
    const std::lock_guard lock(mutex_);
    return split_mix(random_state_);
}

bool step_scheduler::run_one() {
    item next;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) return false;
        // Which of several ready workers goes first is not defined in Go either: the seed decides.
        const std::size_t at = queue_.size() == 1 ? 0 : split_mix(random_state_) % queue_.size();
        next = std::exchange(queue_[at], std::move(queue_.back()));
        queue_.pop_back();
    }
    const running mark(*this);
    if (next.worker)
        resume(next.worker);
    else
        next.callback();
    return true;
}

void step_scheduler::run_until_idle() {
    while (run_one()) {
    }
}

void step_scheduler::run_until(time_point t) {
    if (!virtual_time_) throw std::logic_error("ctx: step_scheduler::run_until needs a virtual_clock");
    do {
        run_until_idle();
    } while (virtual_time_->fire_next_until(t));
}

void step_scheduler::abandon() {
    std::deque<item> forgotten; // callbacks are destroyed without the lock
    {
        const std::lock_guard lock(mutex_);
        abandoned_ = true;
        forgotten.swap(queue_);
    }
    destroy_workers();
}

bool step_scheduler::idle() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

} // namespace ctx
