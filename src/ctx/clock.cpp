// SPDX-License-Identifier: MIT
#include "ctx/clock.h"

#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

namespace ctx {

time_point saturating_add(time_point t, duration d) noexcept {
    duration::rep sum = 0;
    if (!__builtin_add_overflow(t.time_since_epoch().count(), d.count(), &sum))
        return time_point(duration(sum));
    return d.count() > 0 ? time_point::max() : time_point::min();
}

duration saturating_sub(time_point a, time_point b) noexcept {
    duration::rep difference = 0;
    if (!__builtin_sub_overflow(a.time_since_epoch().count(), b.time_since_epoch().count(), &difference))
        return duration(difference);
    return a > b ? duration::max() : duration::min();
}

namespace detail {

bool timer_heap::before(const timer_entry* a, const timer_entry* b) noexcept {
    return a->due_ != b->due_ ? a->due_ < b->due_ : a->order_ < b->order_;
}

void timer_heap::put(std::size_t at, timer_entry* e) noexcept {
    heap_[at] = e;
    e->place_ = at;
}

void timer_heap::sift_up(std::size_t at) noexcept {
    timer_entry* e = heap_[at];
    for (; at > 0 && before(e, heap_[(at - 1) / 2]); at = (at - 1) / 2) put(at, heap_[(at - 1) / 2]);
    put(at, e);
}

void timer_heap::sift_down(std::size_t at) noexcept {
    timer_entry* e = heap_[at];
    for (;;) {
        std::size_t child = 2 * at + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
        if (!before(heap_[child], e)) break;
        put(at, heap_[child]);
        at = child;
    }
    put(at, e);
}

void timer_heap::push(timer_entry& e, time_point due) {
    e.due_ = due;
    e.order_ = armed_++;
    heap_.push_back(&e);
    e.place_ = heap_.size() - 1;
    sift_up(e.place_);
}

bool timer_heap::remove(timer_entry& e) noexcept {
    const std::size_t at = e.place_;
    if (at == nowhere) return false;
    e.place_ = nowhere;
    timer_entry* last = heap_.back();
    heap_.pop_back();
    if (last != &e) {
        put(at, last);
        sift_up(at);
        sift_down(last->place_);
    }
    return true;
}

timer_entry* timer_heap::pop_due(time_point now) noexcept {
    if (heap_.empty() || heap_.front()->due_ > now) return nullptr;
    timer_entry* e = heap_.front();
    remove(*e);
    return e;
}

std::optional<time_point> timer_heap::next() const noexcept {
    if (heap_.empty()) return std::nullopt;
    return heap_.front()->due_;
}

} // namespace detail

namespace {

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

    duration since_start(time_point t) const noexcept override { return saturating_sub(t, start_); }
    bool local_zone() const noexcept override { return true; }

    std::size_t pending() const noexcept override {
        std::lock_guard lock(mutex_);
        return timers_.size();
    }

    void arm(detail::timer_entry& e, time_point due) override {
        bool earlier = false;
        {
            std::lock_guard lock(mutex_);
            const auto first = timers_.next();
            earlier = !first || due < *first;
            timers_.push(e, due);
            if (!started_) {
                started_ = true;
                std::thread([this] {
                    run();
                }).detach(); // lives as long as the process, like the clock. CTX-307
            }
        }
        if (earlier) changed_.notify_one();
    }

    bool disarm(detail::timer_entry& e) noexcept override {
        std::lock_guard lock(mutex_);
        return timers_.remove(e);
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            const auto next = timers_.next();
            if (!next) {
                changed_.wait(lock);
            } else if (detail::timer_entry* e = timers_.pop_due(now())) {
                lock.unlock();
                detail::timer_heap::fire(*e);
                lock.lock();
            } else if (*next > now() + std::chrono::hours(24 * 365)) {
                changed_.wait_for(
                    lock, std::chrono::hours(24 * 365)); // wait_until would overflow near time_point::max()
            } else {
                changed_.wait_until(lock, *next);
            }
        }
    }

    mutable std::mutex mutex_; // leaf lock: fire() is called without it
    std::condition_variable changed_;
    detail::timer_heap timers_; // guarded by mutex_
    bool started_ = false;      // guarded by mutex_
    const time_point start_ = std::chrono::steady_clock::now();
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
