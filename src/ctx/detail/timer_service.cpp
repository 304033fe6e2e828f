// SPDX-License-Identifier: MIT
#include "ctx/detail/timer_service.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace ctx::detail {
namespace {

time_point steady_now() noexcept {
    return std::chrono::steady_clock::now();
}

} // namespace

// Twice the cores: few threads share one while others are free.
timer_service::timer_service()
    : shard_limit_(
          std::clamp<std::size_t>(2 * std::size_t{std::thread::hardware_concurrency()}, 8, most_shards)) {}

timer_service& real_timers() noexcept {
    // Leaked on purpose: its thread and late timers may use it while the process exits.
    static auto* const instance = new timer_service;
    return *instance;
}

timer_service::shard& timer_service::of_this_thread() {
    own_shard& own = per_thread<own_shard>();
    if (!own.at) own.at = &next_shard();
    return *own.at;
}

timer_service::shard& timer_service::next_shard() {
    bool made = false;
    shard* s = nullptr;
    {
        const std::lock_guard lock(growing_);
        if (!started_) {
            std::thread([this] { run(); }).detach(); // lives as long as the process, like the clock. CTX-307
            started_ = true;
        }
        const std::size_t n = made_.load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < n; ++i)
            if (!s || shards_[i]->threads.load(std::memory_order_relaxed) < s->threads) s = shards_[i].get();
        if (n < shard_limit_ && (!s || s->threads.load(std::memory_order_relaxed) > 0)) {
            shards_[n] = std::make_unique<shard>(static_cast<std::uint16_t>(n));
            s = shards_[n].get();
            made_.store(n + 1, std::memory_order_release);
            made = true;
        }
        s->threads.fetch_add(1, std::memory_order_relaxed);
    }
    if (made) tell();
    return *s;
}

void timer_service::arm(timer_entry& e, time_point due) {
    shard& s = of_this_thread();
    {
        const std::lock_guard lock(s.mutex);
        std::atomic_ref(e.shard_).store(s.number, std::memory_order_release);
        s.wheel.arm(e, due);
    }
    if (due < wakes_at_.load(std::memory_order_relaxed) && !told_.load(std::memory_order_relaxed)) tell();
}

bool timer_service::disarm(timer_entry& e) noexcept {
    for (;;) {
        const std::uint16_t in = std::atomic_ref(e.shard_).load(std::memory_order_acquire);
        if (in == timer_entry::nowhere) return false;
        shard& s = *shards_[in];
        const std::lock_guard lock(s.mutex);
        if (std::atomic_ref(e.shard_).load(std::memory_order_relaxed) != in) continue; // armed anew
        s.wheel.disarm(e);
        std::atomic_ref(e.shard_).store(timer_entry::nowhere, std::memory_order_relaxed);
        return true;
    }
}

std::size_t timer_service::pending() const noexcept {
    const std::size_t made = made_.load(std::memory_order_acquire);
    std::size_t sum = 0;
    for (std::size_t i = 0; i < made; ++i) shards_[i]->mutex.lock();
    for (std::size_t i = 0; i < made; ++i) sum += shards_[i]->wheel.size();
    for (std::size_t i = 0; i < made; ++i) shards_[i]->mutex.unlock();
    return sum;
}

void timer_service::tell() noexcept {
    {
        const std::lock_guard lock(sleeping_);
        told_.store(true, std::memory_order_relaxed);
    }
    changed_.notify_one();
}

void timer_service::run() noexcept {
    constexpr duration longest_sleep = std::chrono::hours(24 * 365); // beyond, waiting may overflow
    for (;;) {
        {
            const std::lock_guard lock(sleeping_);
            told_.store(false, std::memory_order_relaxed);
        }
        wakes_at_.store(time_point::max(), std::memory_order_relaxed);
        const time_point next = fire_due();
        wakes_at_.store(next, std::memory_order_relaxed);

        const auto told = [this] { return told_.load(std::memory_order_relaxed); };
        std::unique_lock lock(sleeping_);
        if (next == time_point::max())
            changed_.wait(lock, told);
        else
            changed_.wait_until(lock, std::min(next, steady_now() + longest_sleep), told);
    }
}

/// Fires what is due in all shards, in order of time. Gives the time when the next may be.
time_point timer_service::fire_due() noexcept {
    std::array<time_point, most_shards> first;
    const std::size_t made = made_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < made; ++i) {
        const std::lock_guard lock(shards_[i]->mutex);
        first[i] = shards_[i]->wheel.earliest().value_or(time_point::max());
    }
    time_point now = steady_now();
    for (;;) {
        std::size_t at = 0;
        time_point least = time_point::max(), second = time_point::max();
        for (std::size_t i = 0; i < made; ++i) {
            if (first[i] < least) {
                second = std::exchange(least, first[i]);
                at = i;
            } else {
                second = std::min(second, first[i]);
            }
        }
        if (least > now) {
            // What was armed meanwhile may be due before: it is looked at first.
            if (told_.load(std::memory_order_relaxed)) return least;
            now = steady_now();
            if (least > now) return least;
        }
        first[at] = fire_shard(*shards_[at], std::min(now, second));
    }
}

/// Fires what one shard has up to `until`. A timer leaves its wheel just before it fires: until then it can
/// be disarmed.
time_point timer_service::fire_shard(shard& s, time_point until) noexcept {
    for (;;) {
        timer_entry* e = nullptr;
        {
            const std::lock_guard lock(s.mutex);
            e = s.wheel.take_due(until);
            if (!e) return s.wheel.earliest().value_or(time_point::max());
            std::atomic_ref(e->shard_).store(timer_entry::nowhere, std::memory_order_relaxed);
        }
        e->fire();
    }
}

} // namespace ctx::detail
