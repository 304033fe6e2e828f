// SPDX-License-Identifier: MIT
#include "ctx/clock.h"
#include "ctx/detail/timer_service.h"

#include <mutex>

namespace ctx {

namespace {

/// When the process began: contexts read the time without asking for the clock first.
const time_point process_start = std::chrono::steady_clock::now();

class steady final : public clock {
  public:
    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }

    system_time to_system(time_point t) const noexcept override {
        const duration ahead = saturating_sub(t, now());
        const system_time wall = std::chrono::system_clock::now();
        duration::rep sum = 0;
        if (__builtin_add_overflow(wall.time_since_epoch().count(), ahead.count(), &sum))
            return ahead.count() > 0 ? system_time::max() : system_time::min();
        return system_time(duration(sum));
    }

    duration since_start(time_point t) const noexcept override { return saturating_sub(t, process_start); }
    bool local_zone() const noexcept override { return true; }

    std::size_t pending() const noexcept override { return detail::real_timers().pending(); }
    void arm(detail::timer_entry& e, time_point due) override { detail::real_timers().arm(e, due); }
    bool disarm(detail::timer_entry& e) noexcept override { return detail::real_timers().disarm(e); }
};

} // namespace

std::shared_ptr<clock> real_clock() {
    // Leaked on purpose: its thread and late timers may use it while the process exits.
    static auto* const instance = new std::shared_ptr<clock>(std::make_shared<steady>());
    return *instance;
}

time_point virtual_clock::now() const noexcept {
    return time_point(duration(now_.load(std::memory_order_acquire)));
}

system_time virtual_clock::to_system(time_point t) const noexcept {
    constexpr duration go_playground_epoch = std::chrono::seconds(1257894000); // 2009-11-10 23:00:00 UTC
    duration::rep sum = 0;
    if (__builtin_add_overflow(t.time_since_epoch().count(), go_playground_epoch.count(), &sum))
        return system_time::max();
    return system_time(duration(sum));
}

std::size_t virtual_clock::pending() const noexcept {
    std::lock_guard lock(mutex_);
    return timers_.size();
}

void virtual_clock::arm(detail::timer_entry& e, time_point due) {
    bool earlier = false;
    {
        std::lock_guard lock(mutex_);
        const auto first = timers_.next();
        earlier = !first || due < *first;
        timers_.push(e, due);
    }
    if (earlier && earlier_) earlier_();
}

bool virtual_clock::disarm(detail::timer_entry& e) noexcept {
    std::lock_guard lock(mutex_);
    return timers_.remove(e);
}

std::optional<time_point> virtual_clock::next() const noexcept {
    std::lock_guard lock(mutex_);
    return timers_.next();
}

bool virtual_clock::fire_next_until(time_point t) {
    detail::timer_entry* due = nullptr;
    {
        std::lock_guard lock(mutex_);
        const auto next = timers_.next();
        const time_point to = next && *next <= t ? *next : t;
        if (to > now()) now_.store(to.time_since_epoch().count(), std::memory_order_release);
        due = timers_.pop_due(to);
    }
    if (due) detail::timer_heap::fire(*due);
    return due != nullptr;
}

void virtual_clock::advance_to(time_point t) {
    while (fire_next_until(t)) {
    }
}

void virtual_clock::on_earlier_timer(std::function<void()> f) {
    earlier_ = std::move(f);
}

} // namespace ctx
