// SPDX-License-Identifier: MIT
#include "ctx/timer.h"

#include "ctx/scheduler.h"

#include <algorithm>
#include <optional>

namespace ctx {
namespace detail {

/// The channel of a timer or ticker, and its place in the clock.
class timer_core final : public channel_base, private timer_entry {
  public:
    explicit timer_core(std::shared_ptr<clock> on) : clock_(std::move(on)) {}

    void retain() noexcept override { refs_.fetch_add(one_ref, std::memory_order_relaxed); }

    /// The clock holds a reference while the timer is armed. When that is the last one, nobody can receive
    /// any more.
    void release() noexcept override {
        std::uint64_t refs = refs_.load(std::memory_order_acquire);
        for (;;) {
            if (count_of(refs) == 2) refs = disarm_if_last();
            if (!refs_.compare_exchange_weak(refs, refs - one_ref, std::memory_order_acq_rel)) continue;
            if (count_of(refs) == 1) delete this;
            return;
        }
    }

    void start(duration delay, duration interval) {
        wake_list wakes;
        lock();
        interval_ = interval;
        arm_after(delay, wakes);
        unlock();
    }

    /// True if it was armed or had a value that nobody received.
    bool stop() {
        lock();
        const bool active = disarm() || pending_;
        pending_.reset();
        interval_ = duration{};
        unlock();
        return active;
    }

    bool reset(duration delay, duration interval) {
        wake_list wakes;
        lock();
        const bool active = disarm() || pending_;
        pending_.reset();
        interval_ = interval;
        arm_after(delay, wakes);
        unlock();
        return active;
    }

    bool try_complete(case_link& l, wake_list&) override {
        if (l.way == direction::send || !pending_) return false;
        static_cast<std::optional<time_point>*>(l.slot)->emplace(*pending_);
        pending_.reset();
        l.ok = true;
        return true;
    }
    void enqueue(case_link& l) noexcept override { receivers_.push(l); }
    bool dequeue(case_link& l) noexcept override {
        receivers_.remove(l);
        return false;
    }
    bool is_closed() const noexcept override { return false; }

  private:
    ~timer_core() = default;

    void arm_after(duration delay, wake_list& wakes) {
        const time_point now = clock_->now();
        arm_at(saturating_add(now, std::max(delay, duration{})), now, wakes);
    }

    void arm_at(time_point due, time_point now, wake_list& wakes) {
        if (due <= now) {
            deliver(now, wakes);
            if (interval_ == duration{}) return;
            due = saturating_add(due, interval_);
        }
        armed_ = true;
        refs_.fetch_add(one_arming + one_ref, std::memory_order_relaxed);
        clock_->arm(*this, due);
    }

    /// While it is armed, one of two references is the clock's, and the other is the caller's. Gives the word
    /// that the decision was made by: if others have come or gone, or armed it again, before the caller gives
    /// its reference up, the word differs, even with the same count, and the caller asks again.
    std::uint64_t disarm_if_last() noexcept {
        lock();
        std::uint64_t refs = refs_.load(std::memory_order_acquire);
        if (armed_ && count_of(refs) == 2) {
            disarm();
            interval_ = duration{};
            refs = refs_.load(std::memory_order_acquire);
        }
        unlock();
        return refs;
    }

    bool disarm() {
        if (!armed_) return false;
        armed_ = false;
        if (clock_->disarm(*this))
            refs_.fetch_sub(one_ref, std::memory_order_relaxed);
        else
            ++stale_fires_; // that call gives the clock's reference back
        return true;
    }

    /// Ticks that are over already are left out; the others keep their rhythm.
    time_point next_tick(time_point now) const {
        const duration late = std::max(saturating_sub(now, due()), duration{});
        const time_point last_missed = due() + late / interval_ * interval_;
        return saturating_add(last_missed, interval_);
    }

    void deliver(time_point now, wake_list& wakes) {
        if (case_link* l = receivers_.claim_first()) {
            static_cast<std::optional<time_point>*>(l->slot)->emplace(now);
            l->ok = true;
            wakes.add(l);
        } else if (!pending_) {
            pending_ = now;
        }
    }

    void fire() noexcept override {
        {
            wake_list wakes;
            lock();
            if (stale_fires_ > 0) {
                --stale_fires_;
            } else {
                const time_point now = clock_->now();
                armed_ = false;
                deliver(now, wakes);
                if (interval_ > duration{}) {
                    // At the end of time there is no next tick.
                    const time_point next = next_tick(now);
                    if (next > due()) arm_at(next, now, wakes);
                }
            }
            unlock();
        }
        release();
    }

    static constexpr std::uint64_t one_ref = 1;
    static constexpr std::uint64_t one_arming = std::uint64_t{1} << 32;
    static constexpr std::uint32_t count_of(std::uint64_t refs) { return static_cast<std::uint32_t>(refs); }

    const std::shared_ptr<clock> clock_;
    atomic<std::uint64_t> refs_{one_ref}; // references, and above them how often it was armed
    // Guarded by the lock. Lock order: this lock, then the clock's.
    bool armed_ = false;
    unsigned stale_fires_ = 0; // calls of fire() that are on their way for an arming that was taken back
    duration interval_{};      // zero: not a ticker
    std::optional<time_point> pending_; // fired, not received
    link_queue receivers_;
};

} // namespace detail

namespace {

detail::ref<detail::selectable> make(duration delay, duration interval, const std::shared_ptr<clock>& on) {
    auto* core = new detail::timer_core(on);
    auto r = detail::ref<detail::selectable>::adopt(core);
    core->start(delay, interval);
    return r;
}

detail::timer_core& core_of(const detail::ref<detail::selectable>& c) {
    return static_cast<detail::timer_core&>(*c);
}

} // namespace

std::shared_ptr<clock> current_clock() {
    const scheduler* s = scheduler::current();
    return s ? s->time() : real_clock();
}

timer::timer(duration d) : timer(d, current_clock()) {}
timer::timer(duration d, const std::shared_ptr<clock>& on) : core_(make(d, duration{}, on)) {}
recv_chan<time_point> timer::channel() const {
    return recv_chan<time_point>(core_);
}
bool timer::stop() {
    return core_of(core_).stop();
}
bool timer::reset(duration d) {
    return core_of(core_).reset(d, duration{});
}

recv_chan<time_point> after(duration d) {
    return after(d, current_clock());
}
recv_chan<time_point> after(duration d, const std::shared_ptr<clock>& on) {
    return recv_chan<time_point>(make(d, duration{}, on));
}

ticker::ticker(duration interval) : ticker(interval, current_clock()) {}
ticker::ticker(duration interval, const std::shared_ptr<clock>& on) {
    if (interval <= duration{}) detail::panic("non-positive interval for NewTicker");
    core_ = make(interval, interval, on);
}
recv_chan<time_point> ticker::channel() const {
    return recv_chan<time_point>(core_);
}
void ticker::stop() {
    core_of(core_).stop();
}
void ticker::reset(duration interval) {
    if (interval <= duration{}) detail::panic("non-positive interval for Ticker.Reset");
    core_of(core_).reset(interval, interval);
}

} // namespace ctx
