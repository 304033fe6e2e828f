// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/detail/biased_mutex.h"
#include "ctx/detail/timer_wheel.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

/// The timers of the real clock: wheels, each for some of the threads, and one thread that fires them all.
///
/// A timer goes into the wheel (the shard) of the thread that arms it. Shards are made when threads first
/// arm, are shared when there are more threads than shards, and are never freed: a timer outlives its thread,
/// and another thread gets the shard.
///
/// The timer thread sleeps until `wakes_at_`, the earliest time in any wheel. Arming wakes it only for a time
/// before that, and disarming never does: it may wake once for a timer that has gone since.
///
/// How an arm and the thread cannot miss each other: before it looks at the shards, the thread sets
/// `wakes_at_` to the end of time; afterwards, to what it found. Who arms in a shard that it has looked at
/// already sees, by the shard's lock, one of these two: with the first, or if due before the second, it sets
/// `told_`, which the thread looks at before it sleeps.
///
/// Locks: each shard's, `growing_` and `sleeping_`, all leaf locks of which a thread holds one at a time; but
/// pending() holds all shards' at once, taken in order. Timers fire without any.
namespace ctx::detail {

class timer_service {
  public:
    timer_service();

    /// May throw what making a thread throws, when this thread arms for the first time.
    void arm(timer_entry& e, time_point due);
    /// True: `e` will not fire, and nobody looks at it any more. May be called from any thread, also while
    /// another one is in arm().
    bool disarm(timer_entry& e) noexcept;
    std::size_t pending() const noexcept;

  private:
    struct alignas(64) shard {
        explicit shard(std::uint16_t n) noexcept : number(n) {}
        biased_mutex mutex; // mostly the thread's own
        const std::uint16_t number;
        std::atomic<std::uint32_t> threads{0}; // alive, that arm here
        timer_wheel wheel;                     // guarded by mutex
    };
    struct own_shard {
        shard* at = nullptr;
        own_shard() = default;
        own_shard(const own_shard&) = delete;
        own_shard& operator=(const own_shard&) = delete;
        ~own_shard() {
            if (at) at->threads.fetch_sub(1, std::memory_order_relaxed);
        }
    };
    static constexpr std::size_t most_shards = 128;

    shard& of_this_thread();
    shard& next_shard();
    void tell() noexcept;
    void run() noexcept;
    time_point fire_due() noexcept;
    time_point fire_shard(shard& s, time_point until) noexcept;

    alignas(64) std::atomic<time_point> wakes_at_{time_point::max()};
    std::atomic<bool> told_{false}; // set under sleeping_
    std::mutex sleeping_;
    std::condition_variable changed_;

    const std::size_t shard_limit_;
    std::mutex growing_;
    bool started_ = false;             // guarded by growing_
    std::atomic<std::size_t> made_{0}; // shards, each made under growing_
    std::array<std::unique_ptr<shard>, most_shards> shards_;
};

/// Those of the real clock, for contexts of the real world.
timer_service& real_timers() noexcept;

} // namespace ctx::detail
