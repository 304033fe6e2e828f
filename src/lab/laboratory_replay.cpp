// SPDX-License-Identifier: MIT
#include "lab/laboratory_impl.h"

/// How the laboratory's thread executes an earlier life again. It takes inputs instead of commands: each one
/// when the log has as many events as then, and as many acts have begun, with the clock moved to its time
/// first. Between them it acts as always, as fast as it can. What is done at hooks of the library (inputs
/// that came while the thread was held, and the end, if that is in the middle of an act) the gate asks for.
namespace lab {
namespace {

bool is_hold(const command& c) {
    const auto* clock = std::get_if<change_clock>(&c);
    return clock && clock->action == clock_action::hold;
}

} // namespace

/// Between two acts: the next input, or the next act.
void laboratory::impl::replay_one() {
    if (!replay_->wrong().empty() || replay_->reached(turn_, false)) {
        go_live();
    } else if (replay_->due(turn_, false)) {
        input next = replay_->take();
        world_->clock().jump_to(ctx::time_point(next.at));
        take(std::move(next.what), std::move(next.who), false);
    } else if (const input* const next = replay_->next(); next && !next->held && next->turn <= turn_) {
        replay_->fail("the log is at event " + std::to_string(replay_->events()) +
                      " where the input of event " + std::to_string(next->seq) + " came");
    } else if (const std::uint64_t before = turn_; !act() && turn_ == before) {
        replay_->fail("everything came to rest after event " + std::to_string(replay_->events()));
    }
}

/// Held in the middle of an act. False: the thread goes on, or waits.
bool laboratory::impl::replay_while_held(bool let_go) {
    if (replay_->wrong().empty()) {
        if (replay_->due(turn_, true)) {
            input next = replay_->take();
            take(std::move(next.what), std::move(next.who), true);
            return true;
        }
        if (replay_->reached(turn_, true)) {
            replay_->finish();
            if (let_go) take(change_clock{.action = clock_action::hold}, replays, true);
            replay_ends();
            return true;
        }
        if (let_go) return false;
        replay_->fail("a thread is held after event " + std::to_string(replay_->events()) +
                      ", and nothing lets it go");
    }
    gate_.open(); // the loop sees to the rest
    return false;
}

/// At a hook of the library at which nobody is held. An input can have come here only if a replay ended here.
void laboratory::impl::replay_at_point() {
    if (!replay_ || !replay_->wrong().empty()) return;
    if (replay_->due(turn_, true) && is_hold(replay_->next()->what)) {
        const input next = replay_->take();
        take(next.what, next.who, true);
    } else if (replay_->reached(turn_, true)) {
        replay_->finish();
        take(change_clock{.action = clock_action::hold}, replays, true);
        // The thread is held next, and then it ends.
    }
}

/// An advance is one command of many acts; a replay that ended in it has made its pause the end of the
/// advance.
bool laboratory::impl::cuts_advance() {
    if (!replay_) return false;
    if (replay_->reached(turn_, false)) advance_cut_ = true;
    return advance_cut_ || replay_->due(turn_, false) || !replay_->wrong().empty();
}

void laboratory::impl::go_live() {
    replay_->finish();
    if (const auto at = replay_->ends_at(); at && replay_->wrong().empty())
        world_->clock().jump_to(
            std::min(ctx::time_point(*at), world_->clock().next().value_or(ctx::time_point::max())));
    if (!replay_->wrong().empty()) {
        gate_.open();
        running_ = false;
        clock_event();
    } else if (gate_.stepping()) {
        if (gate_.wants_more()) take(change_clock{.action = clock_action::hold}, replays, false);
    } else if (running_ || advance_cut_) {
        take(change_clock{.action = clock_action::pause}, replays, false);
    }
    replay_ends();
}

void laboratory::impl::replay_ends() {
    reply r{.id = replay_->events()};
    if (!replay_->wrong().empty()) r = {.status = 409, .error = replay_->wrong()};
    journal_.watch({});
    gate_.watch({});
    replay_.reset();
    advance_cut_ = false;
    pace();
    {
        const std::lock_guard lock(mutex_);
        replaying_ = false;
        replayed_ = r;
        replay_over_.notify_all();
    }
    if (const on_reply done = std::exchange(replay_done_, {})) done(r);
}

} // namespace lab
