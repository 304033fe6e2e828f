// SPDX-License-Identifier: MIT
#include "ctx/scheduler.h"

#include "ctx/detail/select_core.h"
#include "ctx/go.h"

#include <stdexcept>
#include <utility>

/// What all schedulers have in common: their lists of workers, and how a worker is run.
namespace ctx {
namespace {

struct running_worker {
    scheduler* on = nullptr;
    const detail::worker* self = nullptr;
    std::coroutine_handle<> next;
    detail::worker* ended = nullptr;
    detail::worker_list* owned = nullptr; // of `on`
};

running_worker& running_here() noexcept {
    return detail::per_thread<running_worker>();
}

/// Of a number that nobody else writes meanwhile.
void count_one(detail::atomic<std::size_t>& n) noexcept {
    n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

} // namespace

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
}

detail::worker_list& detail::worker::list() const noexcept {
    // By address: workers that were started one after the other often end so, too.
    const auto at = reinterpret_cast<std::uintptr_t>(this) >> 12;
    return on().lists_[at % on().list_count_];
}

void detail::worker::link(worker_list& into) noexcept {
    next_ = into.first;
    if (next_) next_->prev_ = this;
    into.first = this;
}

void detail::worker::unlink(worker_list& from) noexcept {
    (prev_ ? prev_->next_ : from.first) = next_;
    if (next_) next_->prev_ = prev_;
}

std::coroutine_handle<> detail::worker::frame() noexcept {
    return std::coroutine_handle<task_promise<void>>::from_promise(promise_of(*this));
}

void detail::worker::start() {
    if (on().count_started()) {
        on_ |= fresh;
    } else {
        worker_list& in = list();
        const std::lock_guard lock(in.mutex);
        link(in);
        count_one(in.started);
    }
    on().post(frame());
}

void detail::worker::enlist() noexcept {
    worker_list& in = list();
    const std::lock_guard lock(in.mutex);
    link(in);
    count_one(in.enlisted);
}

void detail::worker::leave_list() noexcept {
    worker_list& in = list();
    for (unsigned round = 0;; wait_a_little(round++)) {
        in.enlisted.load(std::memory_order_relaxed); // what it may have to wait for
        const std::lock_guard lock(in.mutex);
        if (next_ != this) return unlink(in);
    }
}

void detail::worker::end(bool listed) noexcept {
    scheduler& where = on();
    const std::uint64_t tag = tag_;
    const std::coroutine_handle<> outermost = frame();
    if (listed) leave_list();
    outermost.destroy();
    if (where.observer_) where.observer_->exited(tag);
    where.count_ended();
}

void detail::worker::parked() {
    if (on().observer_) on().observer_->parked(tag_);
}
void detail::worker::entered() noexcept {
    running_here().self = this;
}

std::string detail::worker::text() const {
    if (std::string name = on().observer_ ? on().observer_->name(tag_) : std::string(); !name.empty())
        return "worker \"" + name + '"';
    return tag_ ? "worker " + std::to_string(tag_) : "a worker";
}

std::string detail::running_worker_text() {
    const worker* const w = running_here().self;
    return w ? w->text() : std::string();
}

void detail::worker::resumed() {
    entered();
    if (on().observer_) on().observer_->resumed(tag_);
}
scheduler::scheduler(std::shared_ptr<clock> c)
    : clock_(std::move(c)), any_order_(false), list_count_(1), lists_(new detail::worker_list[1]) {}
scheduler::scheduler(std::shared_ptr<clock> c, std::size_t lists)
    : clock_(std::move(c)), any_order_(true), list_count_(lists), lists_(new detail::worker_list[lists]) {}
scheduler::~scheduler() = default;

std::size_t scheduler::live() const noexcept {
    const auto sum = [&](detail::atomic<std::size_t> detail::worker_list::*of) {
        std::size_t n = 0;
        for (std::size_t i = 0; i < list_count_; ++i) n += (lists_[i].*of).load(std::memory_order_acquire);
        return n;
    };
    // If nobody started meanwhile, the difference was true at one moment in between: the ended only grow.
    const auto all_started = [&] {
        return sum(&detail::worker_list::started) + sum(&detail::worker_list::started_by_owner);
    };
    for (std::size_t started = all_started();;) {
        const std::size_t ended =
            sum(&detail::worker_list::ended) + sum(&detail::worker_list::ended_by_owner);
        const std::size_t again = all_started();
        if (again == started) return started - ended;
        started = again;
    }
}

/// False, and it counts nothing, if this is not a thread of a pool that runs workers here.
bool scheduler::count_started() noexcept {
    const running_worker& here = running_here();
    if (!here.owned || here.on != this) return false;
    count_one(here.owned->started_by_owner);
    return true;
}

void scheduler::count_ended() noexcept {
    if (const running_worker& here = running_here(); here.owned && here.on == this)
        return count_one(here.owned->ended_by_owner);
    // Anywhere, but each thread mostly where no other one does.
    const auto here = reinterpret_cast<std::uintptr_t>(&running_here()) >> 12;
    lists_[here % list_count_].ended.fetch_add(1, std::memory_order_acq_rel);
}

scheduler* scheduler::current() noexcept {
    return running_here().on;
}

scheduler::running::running(scheduler& s) noexcept
    : before_(running_here().on), owned_before_(running_here().owned) {
    running_here().on = &s;
    running_here().owned = nullptr;
}
scheduler::running::running(scheduler& s, std::size_t list) noexcept : running(s) {
    running_here().owned = &s.lists_[list];
}
scheduler::running::~running() {
    running_here().on = before_;
    running_here().owned = owned_before_;
}

void detail::run_next(std::coroutine_handle<> h) noexcept {
    running_here().next = h;
}

void detail::run_no_more(worker& w) noexcept {
    running_here().ended = &w;
}

void scheduler::resume(std::coroutine_handle<> h) {
    running_worker& here = running_here();
    detail::worker* const begun = detail::promise_of(h).begun_worker();
    while (h) {
        h.resume(); // afterwards its worker may be running elsewhere, or gone
        h = std::exchange(here.next, {});
    }
    if (detail::worker* const w = std::exchange(here.ended, nullptr))
        w->end(!begun);
    else if (begun)
        begun->enlist();
    here.self = nullptr;
}

void scheduler::destroy_workers() noexcept {
    // What a worker holds may start others as it goes.
    for (bool again = true; again;) {
        again = false;
        for (std::size_t i = 0; i < list_count_; ++i) {
            detail::worker_list& in = lists_[i];
            for (;; again = true) {
                std::coroutine_handle<> frame;
                {
                    const std::lock_guard lock(in.mutex);
                    if (!in.first) break;
                    frame = in.first->frame();
                    in.first->unlink(in);
                }
                frame.destroy();
                count_ended();
            }
        }
    }
}

} // namespace ctx
