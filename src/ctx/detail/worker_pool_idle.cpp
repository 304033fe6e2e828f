// SPDX-License-Identifier: MIT
#include "ctx/detail/worker_pool.h"

#include <algorithm>

/// The threads of a pool that have nothing to run.
namespace ctx::detail {
namespace {

constexpr std::chrono::microseconds first_watch{64}, longest_watch{1024}, longest_watch_of_fleeting{128};
/// What it takes to bring a worker over from another thread; more where everything takes longer.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__)
constexpr std::chrono::nanoseconds bringing_over{300};
#else
constexpr std::chrono::nanoseconds bringing_over{10'000};
#endif
/// How many workers say something about the others.
constexpr std::uint32_t sample = 8;

} // namespace

void* worker_pool::brought_over(lane& me, void* frame) noexcept {
    me.taken = haul{std::chrono::steady_clock::now(), me.turns.load(std::memory_order_relaxed)};
    return frame;
}

/// Was what this thread has taken from others worth it? It has run all of that.
void worker_pool::judge_haul(lane& me) noexcept {
    if (!me.taken) return;
    const auto took = std::chrono::steady_clock::now() - me.taken->at;
    const std::uint32_t workers = me.turns.load(std::memory_order_relaxed) - me.taken->turns;
    me.taken.reset();
    if (workers >= sample && took < workers * bringing_over) fleeting_.store(true, std::memory_order_relaxed);
}

void worker_pool::enter_idle(lane& me) {
    idle_.push_back(&me);
    me.looks_around = false;
    // Who sees somebody idle sees that he watches, too, and does not wake him for that.
    me.watches = idle_.size() < lanes_.size() && !watched_.load(std::memory_order_relaxed);
    if (me.watches) watched_.store(true, std::memory_order_relaxed);
    idle_count_.store(idle_.size(), std::memory_order_seq_cst);
}

void worker_pool::leave_idle(lane& me) noexcept {
    std::erase(idle_, &me);
    idle_count_.store(idle_.size(), std::memory_order_seq_cst);
    stop_watching(me, true);
}

bool worker_pool::is_idle(const lane& l) const noexcept {
    return std::find(idle_.begin(), idle_.end(), &l) != idle_.end();
}

worker_pool::lane* worker_pool::pop_idle(bool to_look_around) noexcept {
    if (idle_.empty()) return nullptr;
    lane* const l = idle_.back();
    idle_.pop_back();
    l->looks_around = to_look_around;
    idle_count_.store(idle_.size(), std::memory_order_seq_cst);
    return l;
}

void* worker_pool::sleep(lane& me, lock& held) {
    if (me.watches) {
        void* const frame = watch(me, held);
        const bool awake = frame || !is_idle(me);
        stop_watching(me, awake);
        if (awake) return frame;
    }
    held.unlock();
    me.parked.park();
    held.lock();
    return nullptr;
}

/// `awake`: it is about to run something. Then the next one watches, if somebody is left.
void worker_pool::stop_watching(lane& me, bool awake) noexcept {
    if (!std::exchange(me.watches, false)) return;
    watched_.store(false, std::memory_order_relaxed);
    if (lane* const l = awake ? pop_idle(false) : nullptr) l->parked.unpark();
}

void* worker_pool::watch(lane& me, lock& held) {
    glances before = look_at_all();
    auto at = std::chrono::steady_clock::now();
    for (auto period = first_watch;;) {
        held.unlock();
        const bool woken = me.parked.park_for(period);
        held.lock();
        if (woken) return nullptr;
        if (!is_idle(me)) { // woken at the last moment
            me.parked.park();
            return nullptr;
        }
        if (idle_.size() == lanes_.size()) return nullptr;
        const glances now = look_at_all();
        if (void* const frame = take_stale(before, now)) {
            leave_idle(me);
            return frame;
        }
        const auto begun = std::exchange(at, std::chrono::steady_clock::now());
        const bool fleeting = fleeting_.load(std::memory_order_relaxed);
        if (fleeting && somebody_is_slow(before, now, at - begun)) {
            fleeting_.store(false, std::memory_order_relaxed);
            leave_idle(me);
            return nullptr;
        }
        before = now;
        period = std::min(2 * period, fleeting ? longest_watch_of_fleeting : longest_watch);
    }
}

worker_pool::glances worker_pool::look_at_all() const {
    glances all;
    for (const auto& l : lanes_) all.push_back({l->turns.load(std::memory_order_relaxed), l->ready.next()});
    return all;
}

void* worker_pool::take_stale(const glances& before, const glances& now) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        void* const next = now[i].next;
        if (next && next == before[i].next && now[i].turns == before[i].turns && steal_next(*lanes_[i], next))
            return next;
    }
    return nullptr;
}

bool worker_pool::somebody_is_slow(const glances& before, const glances& now,
                                   std::chrono::nanoseconds between) const noexcept {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        const std::uint32_t workers = now[i].turns - before[i].turns;
        if (lanes_[i]->has_work() && workers * bringing_over < between) return true;
    }
    return false;
}

} // namespace ctx::detail
