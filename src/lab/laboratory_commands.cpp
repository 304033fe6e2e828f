// SPDX-License-Identifier: MIT
#include "lab/describe.h"
#include "lab/laboratory_impl.h"
#include "lab/scenario_runner.h"

#include <utility>

namespace lab {
namespace {

constexpr double slowest = 1.0 / 16;
constexpr double fastest = 16;

/// What a person may want to undo: not the clock, and not a question.
bool makes_a_change(const command& c) {
    return !std::holds_alternative<change_clock>(c) && !std::holds_alternative<look_up_value>(c);
}

reply refuse(int status, std::string why) {
    return {.status = status, .error = std::move(why)};
}

} // namespace

void laboratory::impl::execute(posted p, bool held) {
    if (std::holds_alternative<reset_lab>(p.what)) {
        begin_again(std::move(p));
        return;
    }
    const reply r = take(std::move(p.what), std::move(p.who), held);
    if (p.done) p.done(r);
}

reply laboratory::impl::take(command c, std::string who, bool held) {
    if (!held && world_->settled()) world_->clock().catch_up();
    const lab_time at = world_->clock().lab_now();
    const std::uint64_t seq = issue(c, who);
    std::size_t place = 0;
    {
        const std::lock_guard lock(mutex_);
        place = life_.inputs.size();
        life_.inputs.push_back({.seq = seq,
                                .turn = turn_,
                                .at = at,
                                .held = held,
                                .changed = makes_a_change(c),
                                .who = who,
                                .what = c});
    }
    // What somebody asks for is nobody's act, though a worker's or a callback's may be held meanwhile.
    const recorder::actor interrupted = std::exchange(recorder::acting(), {});
    reply r = carry_out(c, who);
    recorder::acting() = interrupted;
    if (!r.ok()) {
        const std::lock_guard lock(mutex_);
        life_.inputs[place].changed = false;
    }
    return r;
}

reply laboratory::impl::carry_out_for_scenario(const command& c) {
    issue(c, "scenario");
    return carry_out(c, "scenario");
}

/// Gives the number of its first event. A question is in the log by its answer.
std::uint64_t laboratory::impl::issue(const command& c, const std::string& who) {
    if (std::holds_alternative<look_up_value>(c)) return journal_.log().last_seq() + 1;
    return journal_.record({.kind = event_kind::command_issued, .name = who, .text = describe(c)});
}

reply laboratory::impl::carry_out(const command& c, const std::string& who) {
    request_sender* const sender = sender_.load(std::memory_order_acquire);
    reply r;
    if (const auto* made = std::get_if<new_context>(&c)) {
        r = world_->make(*made);
    } else if (const auto* ended = std::get_if<cancel_context>(&c)) {
        r = world_->cancel(*ended);
    } else if (const auto* asked = std::get_if<look_up_value>(&c)) {
        r = world_->look_up(*asked);
        if (r.status == 200) r.path = journal_.snapshot().lookup().path;
    } else if (const auto* started = std::get_if<new_worker>(&c)) {
        r = world_->start(*started);
    } else if (const auto* clock = std::get_if<change_clock>(&c)) {
        r = change(*clock);
    } else if (std::holds_alternative<sweep>(c)) {
        r = world_->sweep(journal_.snapshot());
    } else if (!sender) {
        r = refuse(409, "this laboratory runs without its HTTP half, so no request can be sent");
    } else {
        {
            const std::lock_guard lock(mutex_);
            sockets_used_ = true;
        }
        if (const auto* request = std::get_if<send_request>(&c))
            r = sender->send(*request);
        else if (const auto* aborted = std::get_if<abort_request>(&c))
            r = sender->abort(*aborted);
    }
    if (!r.ok()) journal_.record({.kind = event_kind::command_refused, .name = who, .text = r.error});
    return r;
}

reply laboratory::impl::change(const change_clock& c) {
    const bool real = mode_ == clock_mode::real_time;
    switch (c.action) {
    case clock_action::run:
        gate_.open();
        running_ = true;
        break;
    case clock_action::pause:
        gate_.open();
        running_ = false;
        break;
    case clock_action::step:
        running_ = false;
        step_activities_ = 0;
        world_->step_begins();
        gate_.step(c.size);
        break;
    case clock_action::hold:
        running_ = false;
        gate_.stay();
        break;
    case clock_action::advance:
    case clock_action::finish:
        if (real) return refuse(409, "action: the real clock moves by itself; switch to the virtual one");
        if (c.by.count() < 0)
            return refuse(400, "by: time does not go backwards; expected a duration from 0s");
        return go_to(c);
    case clock_action::set_speed:
        if (real) return refuse(409, "speed: the real clock has but one; switch to the virtual one");
        if (!(c.speed >= slowest && c.speed <= fastest))
            return refuse(400, "speed: expected a number from 0.0625 to 16");
        speed_ = c.speed;
        break;
    case clock_action::set_mode:
        gate_.open();
        mode_ = c.mode;
        speed_ = 1;
        if (mode_ == clock_mode::real_time) {
            world_->clock().share();
            const std::lock_guard lock(mutex_);
            real_clock_used_ = true;
        }
        break;
    }
    pace();
    clock_event();
    return {};
}

/// Does everything that is due on the way; the clock ends at the target, or, to finish, where the last thing
/// happened. The reply's `found` tells that something was left when it stopped.
reply laboratory::impl::go_to(const change_clock& c) {
    constexpr int most_timers = 1'000'000; // a poller on a context that nobody ends never comes to an end
    lab_clock& clock = world_->clock();
    clock.stop();
    const ctx::time_point target = ctx::saturating_add(clock.now(), c.by);
    bool cut = false;
    for (int fired = 0; fired <= most_timers && !(cut = cuts_advance());) {
        if (clock.runs()) clock.stop(); // somebody has let a held thread run on
        const std::size_t before = clock.fired();
        if (!act_by(target)) break;
        if (clock.fired() != before) ++fired;
    }
    if (c.action == clock_action::advance && !cut) {
        clock.jump_to(target);
        clock_event(); // the time of the picture moves even if nothing else happened
    }
    pace();
    reply r;
    r.found = clock.pending() > 0;
    return r;
}

} // namespace lab
