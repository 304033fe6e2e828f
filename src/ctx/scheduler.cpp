// SPDX-License-Identifier: MIT
#include "ctx/scheduler.h"

#include "ctx/detail/select_core.h"

#include <stdexcept>
#include <utility>

namespace ctx {
namespace {

struct running_worker {
    scheduler* on = nullptr;
    const detail::worker* self = nullptr;
    std::coroutine_handle<> next;
};

running_worker& running_here() noexcept {
    return detail::per_thread<running_worker>();
}

std::uint64_t split_mix(std::uint64_t& state) noexcept {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// Threads for callbacks that may block as long as they like: as many as are busy, kept for a moment when
/// idle.
class thread_cache {
  public:
    void run(std::function<void()> f) {
        std::unique_lock lock(mutex_);
        queue_.push_back(std::move(f));
        if (idle_ >= queue_.size()) {
            work_.notify_one();
            return;
        }
        lock.unlock();
        std::thread([this] { serve(); }).detach();
    }

  private:
    void serve() {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (queue_.empty()) {
                ++idle_;
                const bool more =
                    work_.wait_for(lock, std::chrono::milliseconds(500), [&] { return !queue_.empty(); });
                --idle_;
                if (!more) return;
            }
            std::function<void()> f = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            f();
            f = nullptr; // what it holds may run code of its own when it goes
            lock.lock();
        }
    }

    std::mutex mutex_; // leaf lock
    std::condition_variable work_;
    std::deque<std::function<void()>> queue_; // guarded by mutex_
    std::size_t idle_ = 0;                    // threads in wait_for; guarded by mutex_
};

} // namespace

void detail::run_in_thread(std::function<void()> f) {
    static auto* const cache = new thread_cache; // leaked on purpose: its threads may outlive main
    cache->run(std::move(f));
}

void detail::worker_waiter::set(std::coroutine_handle<> h, scheduler& on) noexcept {
    handle_ = h;
    on_ = &on;
    wake = [](waiter* w) {
        auto* self = static_cast<worker_waiter*>(w);
        scheduler* const where = self->on_;
        const std::coroutine_handle<> frame = self->handle_;
        if (self->visits_.fetch_add(1, std::memory_order_acq_rel) == 1) where->post(frame);
    };
}

void detail::worker_waiter::wait_until_woken() const noexcept {
    // The waker is between letting go of a channel's lock and its visit: a few instructions, but never under
    // a lock that could be waited for, and it may not touch this object afterwards.
    while (visits_.load(std::memory_order_acquire) < 2) yield();
    on_->take_back(handle_);
}

std::uint64_t detail::choice_random() noexcept {
    scheduler* const s = running_here().on;
    return s ? s->random() : thread_random();
}

void detail::refuse_in_worker(const char* what, const char* instead) {
    if (running_here().on)
        throw std::logic_error(std::string("ctx: a blocking ") + what +
                               " in a worker would block its scheduler; write co_await " + instead);
}

detail::worker::~worker() {
    if (running_here().self == this) running_here().self = nullptr;
    const std::lock_guard lock(on_.workers_mutex_);
    if (!frame_) return;
    (prev_ ? prev_->next_ : on_.workers_) = next_;
    if (next_) next_->prev_ = prev_;
    on_.live_.fetch_sub(1, std::memory_order_acq_rel);
}

void detail::worker::start(std::coroutine_handle<> frame) {
    {
        const std::lock_guard lock(on_.workers_mutex_);
        frame_ = frame;
        next_ = on_.workers_;
        if (next_) next_->prev_ = this;
        on_.workers_ = this;
        on_.live_.fetch_add(1, std::memory_order_relaxed);
    }
    on_.post(frame);
}

void detail::worker::parked() {
    if (on_.observer_) on_.observer_->parked(tag_);
}
void detail::worker::entered() noexcept {
    running_here().self = this;
}

std::string detail::worker::text() const {
    if (std::string name = on_.observer_ ? on_.observer_->name(tag_) : std::string(); !name.empty())
        return "worker \"" + name + '"';
    return tag_ ? "worker " + std::to_string(tag_) : "a worker";
}

std::string detail::running_worker_text() {
    const worker* const w = running_here().self;
    return w ? w->text() : std::string();
}

void detail::worker::resumed() {
    entered();
    if (on_.observer_) on_.observer_->resumed(tag_);
}
void detail::worker::exited() {
    if (on_.observer_) on_.observer_->exited(tag_);
}

scheduler::~scheduler() = default;

scheduler* scheduler::current() noexcept {
    return running_here().on;
}

scheduler::running::running(scheduler& s) noexcept : before_(running_here().on) {
    running_here().on = &s;
}
scheduler::running::~running() {
    running_here().on = before_;
}

void detail::run_next(std::coroutine_handle<> h) noexcept {
    running_here().next = h;
}

void scheduler::resume(std::coroutine_handle<> h) {
    while (h) {
        h.resume(); // afterwards its worker may be running elsewhere, or gone
        h = std::exchange(running_here().next, {});
    }
    running_here().self = nullptr;
}

void scheduler::destroy_workers() noexcept {
    for (;;) {
        std::coroutine_handle<> frame;
        {
            const std::lock_guard lock(workers_mutex_);
            if (!workers_) return;
            frame = workers_->frame_;
        }
        frame.destroy(); // takes itself off the list
    }
}

pool_scheduler::pool_scheduler(unsigned threads, std::shared_ptr<clock> c) : scheduler(std::move(c)) {
    if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

pool_scheduler::~pool_scheduler() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    ready_.notify_all();
    for (std::thread& t : threads_) t.join();
    destroy_workers();
}

// Under the lock: the worker may run at once, and what it does may be what its owner waits for to destroy the
// scheduler.
void pool_scheduler::post(std::coroutine_handle<> h) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(h);
    ready_.notify_one();
}

void pool_scheduler::take_back(std::coroutine_handle<> h) noexcept {
    for (;; std::this_thread::yield()) {
        const std::lock_guard lock(mutex_);
        if (std::erase(queue_, h) > 0) return;
    }
}

void pool_scheduler::call(std::function<void()> f) {
    detail::run_in_thread(std::move(f));
}

std::uint64_t pool_scheduler::random() noexcept {
    return detail::thread_random();
}

void pool_scheduler::run() {
    const running mark(*this);
    std::unique_lock lock(mutex_);
    for (;;) {
        ready_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const std::coroutine_handle<> h = queue_.front();
        queue_.pop_front();
        lock.unlock();
        resume(h);
        lock.lock();
    }
}

step_scheduler::step_scheduler(std::shared_ptr<clock> c, std::uint64_t seed)
    : scheduler(c), virtual_time_(dynamic_cast<virtual_clock*>(c.get())), random_state_(seed) {}

step_scheduler::~step_scheduler() {
    destroy_workers();
}

void step_scheduler::add(item i) {
    {
        const std::lock_guard lock(mutex_);
        if (abandoned_) return;
        queue_.push_back(std::move(i));
    }
    if (on_ready_) on_ready_();
}

void step_scheduler::post(std::coroutine_handle<> h) {
    add({.worker = h, .callback = {}});
}
void step_scheduler::call(std::function<void()> f) {
    add({.worker = {}, .callback = std::move(f)});
}

std::uint64_t step_scheduler::random() noexcept {
    const std::lock_guard lock(mutex_);
    return split_mix(random_state_);
}

bool step_scheduler::run_one() {
    item next;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) return false;
        // Which of several ready workers goes first is not defined in Go either: the seed decides.
        const std::size_t at = queue_.size() == 1 ? 0 : split_mix(random_state_) % queue_.size();
        next = std::exchange(queue_[at], std::move(queue_.back()));
        queue_.pop_back();
    }
    const running mark(*this);
    if (next.worker)
        resume(next.worker);
    else
        next.callback();
    return true;
}

void step_scheduler::run_until_idle() {
    while (run_one()) {
    }
}

void step_scheduler::run_until(time_point t) {
    if (!virtual_time_) throw std::logic_error("ctx: step_scheduler::run_until needs a virtual_clock");
    do {
        run_until_idle();
    } while (virtual_time_->fire_next_until(t));
}

void step_scheduler::abandon() {
    std::deque<item> forgotten; // callbacks are destroyed without the lock
    {
        const std::lock_guard lock(mutex_);
        abandoned_ = true;
        forgotten.swap(queue_);
    }
    destroy_workers();
}

bool step_scheduler::idle() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

} // namespace ctx
