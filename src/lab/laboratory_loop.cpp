// SPDX-License-Identifier: MIT
#include "lab/laboratory_impl.h"
#include "lab/scenario_runner.h"

namespace lab {
namespace {

/// A step goes through at most so much of what is not worth stopping at (the ticks of pollers).
constexpr int most_activities_a_step = 10'000;

} // namespace

laboratory::impl::impl(options o)
    : options_(o), journal_(!o.as_fast_as_possible), mode_(o.mode), running_(o.running), seed_(o.seed) {
    start_life(options_.with);
    thread_ = std::thread([this] { loop(); });
}

laboratory::impl::~impl() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    gate_.open();
    poke();
    thread_.join();
    journal_.log().close();
}

std::shared_ptr<world> laboratory::impl::current() const {
    const std::lock_guard lock(mutex_);
    return world_;
}

void laboratory::impl::poke() {
    {
        const std::lock_guard lock(mutex_);
        ++pokes_;
        idle_ = false;
    }
    work_.notify_one();
    gate_.poke();
}

void laboratory::impl::post(posted p) {
    // A thread that is held cannot take commands, so what lets it go does not wait in the queue for it.
    if (gate_.held()) {
        if (const auto* c = std::get_if<change_clock>(&p.what)) {
            if (c->action == clock_action::run || c->action == clock_action::pause) gate_.open();
            if (c->action == clock_action::step && gate_.server_waits()) {
                gate_.step(c->size);
                if (p.done) p.done({});
                return;
            }
        } else if (std::holds_alternative<reset_lab>(p.what)) {
            gate_.open();
        }
    }
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(p));
    }
    poke();
}

void laboratory::impl::loop() {
    gate_.on_turn([this] { poke(); });
    gate_.set_server(std::this_thread::get_id(), [this] { return serve_one_while_held(); });
    for (;;) {
        std::optional<posted> next;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) break;
            if (!queue_.empty()) {
                next = std::move(queue_.front());
                queue_.pop_front();
            }
        }
        if (next)
            execute(std::move(*next));
        else if (!act())
            sleep();
    }
    std::deque<posted> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(queue_);
    }
    for (posted& p : left)
        if (p.done) p.done({.status = 409, .error = "the laboratory is closing"});
    gate_.open();
    world_->end();
}

/// Does one thing that is due. False if there is nothing.
bool laboratory::impl::act() {
    if (gate_.stepping()) return act_in_step();
    if (!running_) return false;
    if (world_->scheduler().run_one()) return true;
    world_->flag_leaks();
    lab_clock& clock = world_->clock();
    return clock.fire_next(options_.as_fast_as_possible ? ctx::time_point::max() : clock.now());
}

bool laboratory::impl::act_in_step() {
    if (!gate_.wants_more()) return false;
    bool acted = world_->scheduler().run_one();
    if (!acted) {
        world_->flag_leaks();
        acted = world_->clock().fire_next(ctx::time_point::max());
        if (gate_.size() == step_size::timer) gate_.finish_step();
    }
    if (!acted || ++step_activities_ > most_activities_a_step) gate_.finish_step();
    return acted;
}

void laboratory::impl::sleep() {
    std::unique_lock lock(mutex_);
    const std::uint64_t seen = pokes_;
    lock.unlock();
    // What became ready before this point is found here; what comes after it changes pokes_.
    const bool paced = running_ && !gate_.stepping() && !options_.as_fast_as_possible;
    const bool ready = running_ && !gate_.stepping() && !world_->scheduler().idle();
    const auto due = paced ? world_->clock().next() : std::nullopt;
    lock.lock();
    if (ready || pokes_ != seen || !queue_.empty() || stopping_) return;
    idle_ = !due;
    if (idle_) idle_changed_.notify_all();
    const auto woken = [&] { return pokes_ != seen || stopping_; };
    if (due)
        work_.wait_for(lock, world_->clock().wall_until(*due), woken);
    else
        work_.wait(lock, woken);
    idle_ = false;
}

void laboratory::impl::start_life(std::shared_ptr<const scenario> with) {
    const std::int64_t seed = with ? with->seed : seed_;
    auto fresh = std::make_shared<world>(journal_, gate_, static_cast<std::uint64_t>(seed));
    fresh->scheduler().on_ready([this] { poke(); });
    // An end on another thread may leave a worker behind that does not look: the loop sees to that.
    fresh->events().on_ended([this] { poke(); });
    fresh->clock().on_earlier_timer([this] { poke(); });
    std::shared_ptr<world> before;
    std::function<void()> restarted;
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(world_, fresh);
        restarted = on_restart_;
    }
    if (before) before->end();
    journal_.record({.kind = event_kind::lab_started,
                     .value = seed,
                     .name = with ? with->name : "",
                     .text = with ? with->title : ""});
    fresh->begin(static_cast<std::uint64_t>(seed));
    clock_event();
    pace();
    if (restarted) restarted();
    if (with) play(*fresh, with, [this](const command& c) { return execute(c, "scenario"); });
}

/// Lets the world's clock follow the wall clock, or stand still, as the mode says.
void laboratory::impl::pace() {
    if (running_ && !gate_.stepping() && !options_.as_fast_as_possible)
        world_->clock().start(speed_);
    else
        world_->clock().stop();
}

void laboratory::impl::clock_event() {
    journal_.record({.kind = event_kind::clock_changed,
                     .mode = mode_,
                     .on = running_,
                     .speed = speed_,
                     .value = gate_.stepping() ? 1 : 0});
}

bool laboratory::impl::serve_one_while_held() {
    std::optional<posted> next;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty() || !gate_.stepping()) return false;
        if (!std::holds_alternative<reset_lab>(queue_.front().what)) {
            next = std::move(queue_.front());
            queue_.pop_front();
        }
    }
    if (!next) { // a reset must wait until this thread has left the library
        gate_.open();
        return false;
    }
    const auto* clock = std::get_if<change_clock>(&next->what);
    if (clock && (clock->action == clock_action::advance || clock->action == clock_action::finish)) {
        if (next->done)
            next->done({.status = 409,
                        .error = "action: a step is held inside the library; step on, or run, first"});
        return true;
    }
    const recorder::actor held = std::exchange(recorder::acting(), {});
    execute(std::move(*next));
    recorder::acting() = held;
    return true;
}

} // namespace lab
