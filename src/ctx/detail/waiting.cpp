// SPDX-License-Identifier: MIT
#include "ctx/detail/select_core.h"
#include "ctx/go.h"
#include "ctx/scheduler.h"

#include <algorithm>
#include <array>
#include <utility>

/// Threads and workers that wait in a select, and how they are woken.
namespace ctx::detail {

namespace {

struct thread_waiter : calling_waiter {
    /// Outlives the waiter: whoever wakes it may still be inside notify_one when the woken thread has moved
    /// on.
    struct parking_place {
        atomic<std::uint32_t> refs{1};
        atomic<std::int32_t> awake{0};
        void retain() noexcept { refs.fetch_add(1, std::memory_order_relaxed); }
        void release() noexcept {
            if (refs.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
        }
    };

    /// A thread waits in one place at a time, so one does for all its waits.
    struct parking {
        ref<parking_place> place = ref<parking_place>::adopt(new parking_place);
    };

    ref<parking_place> place;

    thread_waiter() {
        place = per_thread<parking>().place;
        place->awake.store(0, std::memory_order_relaxed);
        call = [](waiter* w) {
            parking_place& at = *static_cast<thread_waiter*>(w)->place;
            at.retain();
            at.awake.store(1, std::memory_order_release);
            at.awake.notify_one();
            at.release();
        };
    }
    void park() noexcept { place->awake.wait(0, std::memory_order_acquire); }
};

struct choices {
    std::uint64_t state = random_seed();
};

/// So many workers are woken by wake_done itself.
#ifdef CTX_EXPLORE
constexpr std::size_t woken_at_once = 1;
#else
constexpr std::size_t woken_at_once = 16;
#endif

/// Some microseconds before it waits for a Done: who closes that meanwhile need not wake anybody.
void look_before_waiting(const selectable& done) noexcept {
    for (int look = 0; look < looks_before_wait && !done.is_closed(); ++look)
        for (int breath = 0; breath < 32; ++breath) wait_a_little(0);
}

} // namespace

std::uint32_t block_on(std::span<case_link> cases, std::uint64_t random) {
    if (cases.size() == 1 && cases[0].channel && cases[0].channel->stands_for_done())
        look_before_waiting(*cases[0].channel);
    thread_waiter w;
    std::uint32_t winner = poll_or_enqueue(cases, random, w);
    if (winner == waiter::unclaimed) {
        w.park();
        winner = w.winner.load(std::memory_order_acquire);
        dequeue_losers(cases, winner);
    }
    check_completed(cases[winner]);
    return winner;
}

std::uint64_t thread_random() noexcept {
    std::uint64_t& state = per_thread<choices>().state;
    state += 0x9E3779B97F4A7C15u; // SplitMix64
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

bool worker_waiter::suspend(std::coroutine_handle<> h, worker& self, std::span<case_link> cases) {
    scheduler& where = self.on();
    std::uint64_t random = 0;
    std::uint8_t waiting = queued;
    any_order = where.any_order();
    sole = any_order && cases.size() == 1;
    if (!any_order || where.observed()) {
        // One that nobody has to wait for is not parked, as far as an observer is told.
        const std::uint32_t done = poll_cases(cases, where.random());
        if (done != unclaimed) {
            winner.store(done, std::memory_order_relaxed);
            return false;
        }
        self.parked();
        waiting = queued_told;
        random = where.random();
    } else if (cases.size() > 1) {
        random = thread_random();
    }
    handle_ = h;
    state_ = waiting;
    if (poll_or_enqueue(cases, random, *this) == unclaimed) return true;
    state_ = waiting - queued;
    return false;
}

std::uint32_t worker_waiter::resume(std::span<case_link> cases) {
    const std::uint32_t won = winner.load(std::memory_order_acquire);
    if (state_ == passing) return won;
    const std::uint8_t was = std::exchange(state_, passing);
    if (was >= queued) {
        if (cases.size() == 1)
            give_back(cases[0]);
        else
            dequeue_losers(cases, won);
    }
    if (was == told || was == queued_told)
        self().resumed();
    else
        self().entered();
    return won;
}

void worker_waiter::abandon(std::span<case_link> cases) noexcept {
    if (withdraw(cases, *this)) return;
    // The waker is between letting go of a channel's lock and of this: a few instructions, but never under
    // a lock that could be waited for.
    while (!let_go_.load(std::memory_order_acquire)) yield();
    give_back(cases[winner.load(std::memory_order_relaxed)]);
    on().take_back(handle_);
}

void wake_done(selectable& done) noexcept {
    wake_list wakes; // destroyed, and so woken, after the lock is gone
    bool last = false;
    const worker_waiter* others = nullptr;
    const scheduler* const by = scheduler::current();
    {
        const std::lock_guard lock(done);
        link_queue& waiters = done_waiters(done);
        if (waiters.empty()) return;
        waiters.claim_urgent(wakes);
        std::array<case_link*, woken_at_once> some;
        const std::size_t n = waiters.claim_deferred(some, by);
        for (std::size_t i = 0; i < n; ++i) wakes.add(some[i]);
        if (waiters.has_deferred()) others = static_cast<worker_waiter*>(some[0]->owner);
        last = done.done_queue_left();
    }
    // It does not go away as long as a worker of its own is claimed and not yet woken.
    if (others) others->on().hand_over(done);
    if (last) done.left();
}

std::size_t take_waiting(selectable& done, std::span<std::coroutine_handle<>> frames, bool& more) noexcept {
    std::size_t n = 0;
    bool last = false;
    const scheduler* const by = scheduler::current();
    {
        const std::lock_guard lock(done);
        link_queue& waiters = done_waiters(done);
        std::array<case_link*, 64> some;
        while (n < frames.size()) {
            const std::size_t got =
                waiters.claim_deferred({some.data(), std::min(some.size(), frames.size() - n)}, by);
            for (std::size_t i = 0; i < got; ++i) {
                auto* const w = static_cast<worker_waiter*>(some[i]->owner);
                frames[n++] = w->frame();
                w->let_go();
            }
            if (got < some.size()) break;
        }
        more = waiters.has_deferred();
        last = done.done_queue_left();
    }
    if (last) done.left(); // the caller has a reference
    return n;
}

} // namespace ctx::detail
