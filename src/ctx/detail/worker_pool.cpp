// SPDX-License-Identifier: MIT
#include "ctx/detail/worker_pool.h"

#include <algorithm>
#include <array>

namespace ctx::detail {
namespace {

/// So many workers may take the front place of a lane in a row before the others get a turn.
constexpr unsigned nexts_in_a_row = 32;
/// After so many from its own queue a thread looks whether something was posted from outside.
constexpr unsigned pops_in_a_row = 61;
/// How many workers a thread takes at once that others could run, too.
constexpr std::size_t batch = 64;
/// How long a thread looks around before it sleeps: some ten microseconds.
constexpr int looks = 256;

} // namespace

worker_pool::worker_pool(pool_scheduler& owner, unsigned threads) : owner_(owner), alone_(threads == 1) {
    for (unsigned i = 0; i < threads; ++i) {
        lanes_.push_back(std::make_unique<lane>());
        lanes_.back()->pool = this;
        lanes_.back()->number = i;
    }
    idle_.reserve(threads);
    for (const auto& l : lanes_) l->thread = std::thread([this, at = l.get()] { run(*at); });
}

worker_pool::~worker_pool() {
    while (wakers_.load(std::memory_order_acquire) > 0) yield();
    // Who has posted the last one may still be about to let go of the lock.
    const std::lock_guard last(mutex_);
}

void worker_pool::stop() {
    {
        const std::lock_guard held(mutex_);
        stopping_ = true;
        while (lane* const l = pop_idle(false)) l->parked.unpark();
    }
    for (const auto& l : lanes_) l->thread.join();
}

worker_pool::lane*& worker_pool::lane_here() noexcept {
    thread_local lane* here = nullptr;
    return here;
}

void worker_pool::run(lane& me) {
    lane_here() = &me;
    const pool_scheduler::running mark(owner_, me.number);
    for (;;) {
        void* frame = take(me);
        if (!frame) frame = wait_for_work(me);
        if (!frame) return;
        me.turns.store(me.turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        pool_scheduler::resume(std::coroutine_handle<>::from_address(frame));
        if (me.of_done > 0 && --me.of_done == 0) give_up_kept_back();
    }
}

void* worker_pool::take(lane& me) {
    if (me.nexts < nexts_in_a_row) {
        if (void* const frame = take_next(me)) {
            ++me.nexts;
            return frame;
        }
    }
    me.nexts = 0;
    if (++me.pops >= pops_in_a_row) {
        me.pops = 0;
        if (void* const frame = from_outside(me)) return frame;
    }
    if (void* const frame = me.ready.pop(alone_)) return frame;
    if (void* const frame = from_spilled(me, me)) return frame;
    if (void* const frame = from_outside(me)) return frame;
    return take_next(me);
}

void* worker_pool::take_next(lane& me) noexcept {
    if (alone_ || !fences_.uneven()) return me.ready.take_next(alone_);
    return me.ready.take_next_unless_stolen();
}

bool worker_pool::steal_next(lane& from, void* frame) noexcept {
    return from.ready.steal_next(frame, [this] { fences_.seldom(); });
}

void* worker_pool::from_outside(lane& me) {
    if (outside_count_.load(std::memory_order_relaxed) == 0) return nullptr;
    lock held(mutex_);
    if (outside_.empty() || (turn_of_closed_ && !closed_.empty())) return from_done(me, held);
    turn_of_closed_ = true;
    void* const first = outside_.front();
    outside_.pop_front();
    const std::size_t share =
        std::min<std::size_t>({outside_.size() / lanes_.size(), batch, me.ready.room()});
    for (std::size_t i = 0; i < share; ++i) {
        me.ready.push(outside_.front());
        outside_.pop_front();
    }
    count_outside();
    return first;
}

void* worker_pool::from_done(lane& me, lock& held) {
    turn_of_closed_ = false;
    if (closed_.empty()) return nullptr;
    // It stays there meanwhile, for the other threads.
    std::rotate(closed_.begin(), closed_.begin() + 1, closed_.end());
    const ref<selectable> done = closed_.back();
    held.unlock();

    std::array<std::coroutine_handle<>, batch> frames;
    const std::size_t room = std::min<std::size_t>(batch, me.ready.room() + 1);
    bool more = false;
    const std::size_t n = take_waiting(*done, {frames.data(), room}, more);
    if (!more) {
        held.lock();
        std::erase(closed_, done); // not the last reference
        count_outside();
        held.unlock();
    }
    if (n > 1) {
        keep_refs_back(*done);
        me.of_done = n;
    }
    for (std::size_t i = 1; i < n; ++i) me.ready.push(frames[i].address());
    if (more || n > 1) signal();
    return n > 0 ? frames[0].address() : nullptr;
}

/// What a lane had no room for.
void* worker_pool::from_spilled(lane& from, lane& me) {
    if (from.spilled_count.load(std::memory_order_relaxed) == 0) return nullptr;
    const std::lock_guard held(mutex_);
    const std::size_t n = std::min<std::size_t>({from.spilled.size(), batch, me.ready.room() + 1});
    if (n == 0) return nullptr;
    void* const first = from.spilled.front();
    for (std::size_t i = 1; i < n; ++i) me.ready.push(from.spilled[i]);
    from.spilled.erase(from.spilled.begin(), from.spilled.begin() + static_cast<std::ptrdiff_t>(n));
    from.spilled_count.store(from.spilled.size(), std::memory_order_seq_cst);
    return first;
}

void* worker_pool::steal(lane& me) {
    if (fleeting_.load(std::memory_order_relaxed)) return nullptr;
    const std::size_t n = lanes_.size();
    const std::size_t first = n > 2 ? thread_random() % n : 0;
    for (std::size_t i = 0; i < n; ++i) {
        lane& from = *lanes_[(first + i) % n];
        if (&from == &me) continue;
        if (void* const frame = from.ready.steal_into(me.ready)) return brought_over(me, frame);
        if (void* const frame = from_spilled(from, me)) return brought_over(me, frame);
    }
    return nullptr;
}

bool worker_pool::work_in_sight() const noexcept {
    if (outside_count_.load(std::memory_order_acquire) > 0) return true;
    if (fleeting_.load(std::memory_order_relaxed)) return false;
    return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& l) { return l->has_work(); });
}

void* worker_pool::wait_for_work(lane& me) {
    if (std::exchange(me.of_done, 0) > 0) give_up_kept_back();
    judge_haul(me);
    if (void* const frame = steal(me)) return frame;
    bool looking = !spinning_.exchange(true, std::memory_order_seq_cst);
    for (;;) {
        if (looking) {
            if (void* const frame = look_around(me)) return frame;
        }
        lock held(mutex_);
        enter_idle(me);
        fences_.seldom();
        if (work_in_sight()) {
            leave_idle(me);
            held.unlock();
            if (void* const frame = from_outside(me)) return frame;
            if (void* const frame = steal(me)) return frame;
            looking = false;
            continue; // somebody else was faster
        }
        if (stopping_) {
            leave_idle(me);
            return nullptr;
        }
        if (void* const frame = sleep(me, held)) return frame;
        looking = std::exchange(me.looks_around, false);
    }
}

void* worker_pool::look_around(lane& me) {
    for (int i = 0; i < looks; ++i) {
        if (work_in_sight()) {
            void* frame = from_outside(me);
            if (!frame) frame = steal(me);
            if (frame) {
                spinning_.store(false, std::memory_order_seq_cst);
                // While this thread was looking around, nobody else was woken.
                if (idle_count_.load(std::memory_order_relaxed) > 0) {
                    fences_.seldom();
                    if (work_in_sight()) wake_another();
                }
                return frame;
            }
        }
        wait_a_little(0);
    }
    spinning_.store(false, std::memory_order_seq_cst);
    return nullptr;
}

void worker_pool::push(lane& me, void* frame) {
    if (me.ready.push(frame)) return;
    std::array<void*, run_queue::capacity / 2> moved;
    const std::uint32_t n = me.ready.pop_many(moved);
    const std::lock_guard held(mutex_);
    me.spilled.insert(me.spilled.end(), moved.begin(), moved.begin() + n);
    me.spilled.push_back(frame);
    me.spilled_count.store(me.spilled.size(), std::memory_order_seq_cst);
}

void worker_pool::signal() noexcept {
    if (alone_) return; // it is the one that calls this
    fences_.often();
    if (idle_count_.load(std::memory_order_relaxed) == 0 || spinning_.load(std::memory_order_relaxed)) return;
    if (fleeting_.load(std::memory_order_relaxed) && watched_.load(std::memory_order_relaxed)) return;
    wake_another();
}

void worker_pool::wake_another() noexcept {
    if (spinning_.exchange(true, std::memory_order_seq_cst)) return;
    lane* l = nullptr;
    {
        const std::lock_guard held(mutex_);
        l = pop_idle(true);
    }
    if (l)
        l->parked.unpark();
    else
        spinning_.store(false, std::memory_order_seq_cst);
}

void worker_pool::post(void* frame) {
    if (lane* const me = own_lane()) {
        push(*me, frame);
        signal();
    } else {
        add_from_outside([&] { outside_.push_back(frame); });
    }
}

void worker_pool::post_next(void* frame) {
    lane* const me = own_lane();
    if (!me) return post(frame);
    if (void* const displaced = me->ready.put_next(frame)) {
        push(*me, displaced);
        signal();
    } else if (idle_count_.load(std::memory_order_acquire) > 0 && !watched_.load(std::memory_order_relaxed)) {
        wake_another();
    }
}

// Without waking anybody: the thread is about to be free for it.
void worker_pool::post_last(void* frame) {
    if (lane* const me = own_lane())
        push(*me, frame);
    else
        post(frame);
}

// The worker may run as soon as it is in the queue, and what it does may be what its owner waits for to
// destroy the pool: after unlocking, only a lane is touched, and wakers_ keeps that.
template <class Add>
void worker_pool::add_from_outside(Add add) {
    lane* l = nullptr;
    {
        const std::lock_guard held(mutex_);
        add();
        count_outside();
        if (!idle_.empty() && !spinning_.exchange(true, std::memory_order_seq_cst)) {
            l = pop_idle(true);
            wakers_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    if (!l) return;
    l->parked.unpark();
    wakers_.fetch_sub(1, std::memory_order_release);
}

void worker_pool::hand_over(selectable& done) noexcept {
    add_from_outside([&] { closed_.emplace_back(&done); });
}

void worker_pool::take_back(void* frame) noexcept {
    for (;; yield()) {
        const std::lock_guard held(mutex_);
        if (std::erase(outside_, frame) > 0) return;
    }
}

void worker_pool::count_outside() noexcept {
    outside_count_.store(outside_.size() + closed_.size(), std::memory_order_seq_cst);
}

} // namespace ctx::detail
