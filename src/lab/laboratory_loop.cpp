// SPDX-License-Identifier: MIT
#include "lab/laboratory_impl.h"
#include "lab/scenario_runner.h"

namespace lab {
namespace {

reply refused(const rerun& r) {
    return {.status = 409,
            .error = "this run is recorded, but cannot be executed again: " + r.what.recorded_only};
}

/// A step goes through at most so much of what is not worth stopping at (the ticks of pollers).
constexpr int most_activities_a_step = 1'000;

} // namespace

laboratory::impl::impl(options o)
    : fast_(o.as_fast_as_possible), journal_(!fast_), mode_(o.mode), running_(o.running), speed_(o.speed),
      seed_(o.seed) {
    if (o.from && !o.from->what.recorded_only.empty()) {
        replayed_ = refused(*o.from);
        o.from = nullptr;
    }
    if (o.from)
        start_life(o.from->what, o.from);
    else
        start_life({.with = o.with,
                    .seed = o.with ? o.with->seed : o.seed,
                    .mode = mode_,
                    .running = running_,
                    .speed = speed_});
    world_->clock().belong_to({}); // to the thread that comes now
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

life laboratory::impl::inputs() const {
    const std::uint64_t seq = journal_.log().last_seq();
    const bool held = gate_.held();
    const std::lock_guard lock(mutex_);
    life l = life_;
    l.here = {.seq = seq, .turn = turn_, .at = world_->clock().shown().time_since_epoch(), .held = held};
    if (real_clock_used_)
        l.recorded_only = "it ran on the real clock";
    else if (sockets_used_)
        l.recorded_only = "it sent requests over sockets";
    else if (world_->clock().shared())
        l.recorded_only = "threads of the HTTP half, or of others, worked in it";
    return l;
}

std::vector<life> laboratory::impl::lives() const {
    for (;;) {
        life now = inputs();
        const std::lock_guard lock(mutex_);
        if (now.first_seq != life_.first_seq) continue; // a new life began meanwhile
        std::vector<life> all = over_;
        all.push_back(std::move(now));
        return all;
    }
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
    // The laboratory's thread may be waiting for one that is held: what lets that go does not wait in the
    // queue.
    if (gate_.others_held()) {
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
    world_->clock().belong_to(std::this_thread::get_id());
    gate_.set_server(std::this_thread::get_id(),
                     [this](bool let_go) { return serve_one_while_held(let_go); });
    for (;;) {
        std::optional<posted> next;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) break;
            if (!queue_.empty() && !replay_) {
                next = std::move(queue_.front());
                queue_.pop_front();
            }
        }
        if (next)
            execute(std::move(*next), false);
        else if (replay_)
            replay_one();
        else if (!act())
            sleep();
    }
    if (replay_) {
        replay_->fail("the laboratory is closing");
        replay_ends();
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
    return act_by(fast_ || replay_ ? ctx::time_point::max() : world_->clock().shown());
}

bool laboratory::impl::act_by(ctx::time_point limit) {
    ++turn_;
    if (world_->scheduler().run_one() || world_->flag_leaks() || wait_for_woken() ||
        world_->clock().fire_next(limit))
        return true;
    --turn_;
    return false;
}

bool laboratory::impl::wait_for_woken() {
    std::unique_lock lock(mutex_);
    const std::uint64_t seen = pokes_;
    lock.unlock();
    const auto until = world_->time_stands_until();
    if (!until) return false;
    lock.lock();
    work_.wait_until(lock, *until, [&] { return pokes_ != seen; });
    return true;
}

bool laboratory::impl::act_in_step() {
    if (!gate_.wants_more()) {
        keep_pace();
        return false;
    }
    ++turn_; // also if it finds nothing: the step is over then
    lab_clock& clock = world_->clock();
    const bool real = mode_ == clock_mode::real_time;
    bool acted = world_->scheduler().run_one() || world_->flag_leaks();
    bool time_goes_on = false; // to the next timer; the virtual clock jumps there
    if (!acted && (wait_for_woken() || !gate_.wants_more())) return true; // perhaps it is another's turn now
    if (!acted) {
        acted = clock.fire_next(real ? clock.shown() : ctx::time_point::max());
        time_goes_on = real && !acted && clock.pending() > 0;
        if (gate_.size() == step_size::timer && !time_goes_on) gate_.finish_step();
    }
    const bool over = !acted && !time_goes_on;
    if (over || ++step_activities_ > most_activities_a_step) gate_.finish_step();
    keep_pace();
    return acted;
}

void laboratory::impl::sleep() {
    std::unique_lock lock(mutex_);
    const std::uint64_t seen = pokes_;
    lock.unlock();
    // What became ready before this point is found here; what comes after it changes pokes_.
    const bool ready = running_ && !gate_.stepping() && !world_->scheduler().idle();
    const bool turn = gate_.stepping() ? gate_.wants_more() : running_;
    const auto due = turn && world_->clock().runs() ? world_->clock().next() : std::nullopt;
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

void laboratory::impl::start_life(life l, std::shared_ptr<const rerun> from) {
    const auto seed = static_cast<std::uint64_t>(l.seed);
    auto fresh = std::make_shared<world>(journal_, gate_, seed);
    fresh->scheduler().on_ready([this] { poke(); });
    // An end on another thread may leave a worker behind that does not look: the loop sees to that.
    fresh->events().on_ended([this] { poke(); });
    fresh->clock().on_earlier_timer([this] { poke(); });
    if (l.mode == clock_mode::real_time) fresh->clock().share();
    life over = world_ ? inputs() : life();
    std::shared_ptr<world> before;
    std::function<void()> restarted;
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(world_, fresh);
        restarted = on_restart_;
    }
    if (before) before->end();
    turn_ = 0;
    mode_ = l.mode;
    running_ = l.running;
    speed_ = l.speed;
    if (from) {
        const std::lock_guard lock(mutex_);
        replaying_ = true;
    }
    if (from) replay_ = std::make_unique<replayer>(std::move(from));
    journal_.watch(replay_ ? [this](const event& e) { replay_->saw(e); }
                           : std::function<void(const event&)>());
    const std::shared_ptr<const scenario> with = l.with;
    l.first_seq = journal_.record({.kind = event_kind::lab_started,
                                   .value = l.seed,
                                   .name = with ? with->name : "",
                                   .text = with ? with->title : ""});
    {
        const std::lock_guard lock(mutex_);
        if (before) {
            over.here.seq = l.first_seq - 1;
            over_.push_back(std::move(over));
        }
        l.inputs.clear();
        life_ = std::move(l);
        real_clock_used_ = life_.mode == clock_mode::real_time;
        sockets_used_ = with && with->needs_sockets() && sender_.load(std::memory_order_acquire);
    }
    fresh->begin(seed);
    clock_event();
    pace();
    if (restarted) restarted();
    if (with)
        play(*fresh, with, [this, of = fresh.get()](const command& c) {
            // A world that ends lets its scenario run on.
            return world_.get() == of ? carry_out_for_scenario(c) : reply{.status = 409};
        });
    if (replay_) gate_.watch([this] { replay_at_point(); });
}

/// Ends this life, and begins the next one.
void laboratory::impl::begin_again(posted p) {
    const reset_lab& c = std::get<reset_lab>(p.what);
    if (c.from && !c.from->what.recorded_only.empty()) {
        if (p.done) p.done(refused(*c.from));
        return;
    }
    gate_.open();
    if (c.from) {
        replay_done_ = std::move(p.done);
        start_life(c.from->what, c.from);
        return;
    }
    start_life({.with = c.with,
                .seed = c.with ? c.with->seed : seed_,
                .mode = mode_,
                .running = running_,
                .speed = speed_});
    if (p.done) p.done({});
}

/// On the real clock time passes while a step is under way: it cannot jump to what is due.
bool laboratory::impl::time_passes() const {
    if (fast_ || replay_) return false;
    if (gate_.stepping()) return mode_ == clock_mode::real_time && gate_.under_way();
    return running_;
}

/// Lets the world's clock follow the wall clock, or stand still, as the mode says.
void laboratory::impl::pace() {
    if (time_passes())
        world_->clock().start(speed_);
    else
        world_->clock().stop();
}

/// A step has begun or is over, perhaps on another thread.
void laboratory::impl::keep_pace() {
    if (world_->clock().runs() != time_passes()) pace();
}

void laboratory::impl::clock_event() {
    journal_.record({.kind = event_kind::clock_changed,
                     .mode = mode_,
                     .on = running_,
                     .speed = speed_,
                     .value = gate_.stepping() ? 1 : 0});
}

bool laboratory::impl::serve_one_while_held(bool let_go) {
    if (replay_) return replay_while_held(let_go);
    keep_pace();
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
    execute(std::move(*next), true);
    return true;
}

} // namespace lab
