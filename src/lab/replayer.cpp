// SPDX-License-Identifier: MIT
#include "lab/replayer.h"

#include "lab/event_json.h"

namespace lab {

replayer::replayer(std::shared_ptr<const rerun> what)
    : what_(std::move(what)), before_(what_->what.first_seq - 1) {}

const input* replayer::next() const {
    const std::vector<input>& all = what_->what.inputs;
    return taken_ < all.size() && all[taken_].seq <= what_->up_to ? &all[taken_] : nullptr;
}

bool replayer::due(std::uint64_t turn, bool held) const {
    const input* const n = next();
    return n && n->held == held && n->seq - before_ == events_ + 1 && (held || n->turn == turn);
}

bool replayer::reached(std::uint64_t turn, bool held) const {
    if (next() || events_ + before_ < what_->up_to) return false;
    const auto& exactly = what_->exactly;
    return !exactly || (exactly->held == held && (held || exactly->turn <= turn));
}

std::optional<lab_time> replayer::ends_at() const {
    return what_->exactly ? std::optional(what_->exactly->at) : std::nullopt;
}

void replayer::saw(const event& e) {
    if (over_) return;
    hash_.add(e);
    if (events_ < what_->expected.size() && what_->expected[events_] != hash_.value())
        fail("event " + std::to_string(before_ + events_ + 1) +
             " is the first that differs from the log; now it is " + to_line(e));
    ++events_;
}

void replayer::fail(std::string why) {
    if (wrong_.empty()) wrong_ = std::move(why);
}

} // namespace lab
