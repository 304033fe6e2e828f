// SPDX-License-Identifier: MIT
#include "ctx/func_timer.h"

#include "ctx/detail/atomics.h"
#include "ctx/timer.h"

#include <algorithm>
#include <utility>

namespace ctx {

/// The function and its place in the clock.
class func_timer::core final : public detail::timer_entry, public std::enable_shared_from_this<core> {
  public:
    core(std::function<void()> f, std::shared_ptr<clock> c, scheduler* on)
        : function_(std::move(f)), clock_(std::move(c)), on_(on) {}
    ~core() override = default;

    bool stop() {
        std::shared_ptr<core> last;
        const std::lock_guard lock(mutex_);
        return disarm(last);
    }

    bool reset(duration d) {
        std::shared_ptr<core> last;
        bool active = false, due = false;
        {
            const std::lock_guard lock(mutex_);
            active = disarm(last);
            const time_point now = clock_->now();
            const time_point when = saturating_add(now, std::max(d, duration{}));
            due = when <= now;
            if (!due) arm(when);
        }
        if (due) start();
        return active;
    }

  private:
    void arm(time_point when) {
        armed_ = true;
        ++expected_;
        self_ = shared_from_this();
        clock_->arm(*this, when);
    }

    bool disarm(std::shared_ptr<core>& last) {
        if (!armed_) return false;
        armed_ = false;
        if (clock_->disarm(*this))
            take_back(last);
        else
            ++stale_;
        return true;
    }

    /// One call of fire() less to live for.
    void take_back(std::shared_ptr<core>& last) {
        if (--expected_ == 0) last = std::move(self_);
    }

    void start() {
        if (on_)
            on_->call(function_);
        else
            detail::run_in_thread(function_);
    }

    void fire() noexcept override {
        std::shared_ptr<core> last;
        {
            const std::lock_guard lock(mutex_);
            take_back(last);
            if (stale_ > 0) {
                --stale_;
                return;
            }
            armed_ = false;
        }
        start();
    }

    const std::function<void()> function_;
    const std::shared_ptr<clock> clock_;
    scheduler* const on_; // null: a thread each
    detail::mutex mutex_; // Lock order: this, then the clock's.
    // Guarded by mutex_:
    bool armed_ = false;
    unsigned expected_ = 0; // calls of fire() that may still come
    unsigned stale_ = 0;    // of these, those for an arming that was taken back
    std::shared_ptr<core> self_;
};

func_timer::func_timer(duration d, std::function<void()> f)
    : core_(std::make_shared<core>(std::move(f), current_clock(), scheduler::current())) {
    core_->reset(d);
}

func_timer::func_timer(duration d, std::function<void()> f, scheduler& on)
    : core_(std::make_shared<core>(std::move(f), on.time(), &on)) {
    core_->reset(d);
}

bool func_timer::stop() {
    return core_->stop();
}

bool func_timer::reset(duration d) {
    return core_->reset(d);
}

} // namespace ctx
