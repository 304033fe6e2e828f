// SPDX-License-Identifier: MIT
#include "lab/lab_clock.h"

#include <algorithm>
#include <cmath>

namespace lab {
namespace {

std::int64_t steady_ns() noexcept {
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

} // namespace

lab_clock::pace lab_clock::read() const noexcept {
    for (;;) {
        const std::uint64_t before = version_.load(std::memory_order_acquire);
        const pace p{from_.load(std::memory_order_acquire), anchor_.load(std::memory_order_acquire),
                     speed_.load(std::memory_order_acquire)};
        if (before % 2 == 0 && version_.load(std::memory_order_acquire) == before) return p;
    }
}

void lab_clock::write(const pace& p) noexcept {
    version_.fetch_add(1, std::memory_order_acq_rel);
    from_.store(p.from, std::memory_order_release);
    anchor_.store(p.anchor, std::memory_order_release);
    speed_.store(p.speed, std::memory_order_release);
    version_.fetch_add(1, std::memory_order_acq_rel);
}

std::int64_t lab_clock::at(const pace& p) noexcept {
    if (p.speed == 0) return p.from;
    return p.from + static_cast<std::int64_t>(static_cast<double>(steady_ns() - p.anchor) * p.speed);
}

ctx::time_point lab_clock::shown() const noexcept {
    return ctx::time_point(ctx::duration(at(read())));
}

ctx::time_point lab_clock::own() const noexcept {
    return shared() ? shown() : ctx::time_point(ctx::duration(own_));
}

ctx::time_point lab_clock::now() const noexcept {
    return on_own_thread() ? own() : shown();
}

void lab_clock::catch_up() noexcept {
    if (!runs()) return;
    const ctx::time_point reached = std::min(shown(), next().value_or(ctx::time_point::max()));
    own_ = std::max<std::int64_t>(own_, reached.time_since_epoch().count());
}

ctx::system_time lab_clock::to_system(ctx::time_point t) const noexcept {
    // As the Go playground, virtual time begins at its release: the same text in every run.
    constexpr ctx::duration epoch = std::chrono::seconds(1257894000);
    const ctx::time_point moved = ctx::saturating_add(t, epoch);
    return ctx::system_time(moved.time_since_epoch());
}

std::size_t lab_clock::pending() const noexcept {
    const std::lock_guard lock(mutex_);
    return timers_.size();
}

void lab_clock::arm(ctx::detail::timer_entry& e, ctx::time_point due) {
    if (!on_own_thread()) share();
    bool earlier = false;
    {
        const std::lock_guard lock(mutex_);
        const auto first = timers_.next();
        earlier = !first || due < *first;
        timers_.push(e, due);
    }
    if (earlier && earlier_) earlier_();
}

bool lab_clock::disarm(ctx::detail::timer_entry& e) noexcept {
    if (!on_own_thread()) share();
    const std::lock_guard lock(mutex_);
    return timers_.remove(e);
}

void lab_clock::start(double speed) {
    write({own().time_since_epoch().count(), steady_ns(), speed});
}

void lab_clock::stop() {
    write({own().time_since_epoch().count(), 0, 0});
}

void lab_clock::jump_to(ctx::time_point t) {
    const pace p = read();
    own_ = std::max<std::int64_t>(own_, t.time_since_epoch().count());
    write({std::max<std::int64_t>(p.from, own_), p.anchor, p.speed});
}

std::optional<ctx::time_point> lab_clock::next() const noexcept {
    const std::lock_guard lock(mutex_);
    return timers_.next();
}

std::chrono::nanoseconds lab_clock::wall_until(ctx::time_point t) const noexcept {
    const pace p = read();
    const double ahead = static_cast<double>(t.time_since_epoch().count() - at(p)) / p.speed;
    constexpr double day = 24.0 * 3600e9;
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(std::clamp(ahead, 0.0, day))));
}

bool lab_clock::fire_next(ctx::time_point limit) {
    ctx::detail::timer_entry* due = nullptr;
    {
        const std::lock_guard lock(mutex_);
        const auto next = timers_.next();
        if (!next || *next > limit) return false;
        if (runs())
            own_ = std::max<std::int64_t>(own_, next->time_since_epoch().count());
        else
            jump_to(*next);
        due = timers_.pop_due(*next);
    }
    ++fired_;
    ctx::detail::timer_heap::fire(*due);
    return true;
}

} // namespace lab
