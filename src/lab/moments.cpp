// SPDX-License-Identifier: MIT
#include "lab/moments.h"

#include <algorithm>
#include <utility>

namespace lab {

namespace {

// Others wait no longer than for so many.
constexpr std::size_t batch = 1024;

// Between two checkpoints there is room for so many finer ones.
constexpr std::size_t steps_between = 16;
constexpr std::size_t shortest_step = 16;

/// What folding `e` costs, in ordinary events: a sweep walks the whole picture, a lookup copies its path.
std::size_t cost_of(const event& e, const state& before) {
    std::size_t cost = 1 + e.path.size() / 16;
    if (e.kind == event_kind::swept) cost += (before.contexts().size() + before.workers().size()) / 32;
    return cost;
}

/// About how many bytes a picture has that shares nothing.
std::size_t size_of(const state& s) {
    return s.contexts().size() * sizeof(context_info) + s.workers().size() * sizeof(worker_info) +
           s.requests().size() * sizeof(request_info) + s.clients().size() * sizeof(client_info);
}

/// The last of `all`, which are in order, that is not after `seq`.
template <class List, class SeqOf>
auto last_until(const List& all, std::uint64_t seq, SeqOf seq_of) -> decltype(&all[0]) {
    const auto after = std::upper_bound(all.begin(), all.end(), seq,
                                        [&](std::uint64_t s, const auto& x) { return s < seq_of(x); });
    return after == all.begin() ? nullptr : &*(after - 1);
}

} // namespace

moments::moments(events_after source, limits l)
    : source_(std::move(source)), most_bytes_(l.bytes), spacing_(std::max<std::size_t>(l.spacing, 1)) {}

moments::moments(const event_log& log, limits l)
    : moments([&log](std::uint64_t since) { return log.after(since); }, l) {}

moments::moments(std::span<const event> all, limits l)
    : moments([all](std::uint64_t since) { return all.subspan(std::min<std::size_t>(since, all.size())); },
              l) {}

bool moments::advance(std::size_t most, const visitor& each) {
    while (most > 0) {
        const std::lock_guard lock(mutex_);
        std::span<const event> events = source_(head_.seq());
        if (events.empty()) return false;
        events = events.first(std::min({events.size(), most, batch}));
        most -= events.size();
        for (const event& e : events) {
            fold(e);
            if (each) each(e, head_);
        }
    }
    return true;
}

void moments::fold(const event& e) {
    spent_ += cost_of(e, head_);
    head_.apply(e);
    subjects_.add(e);
    causes_.add(e);
    if (spent_ >= spacing_) keep();
}

void moments::keep() {
    const state none;
    checkpoint made{head_, 0};
    made.bytes = made.picture.bytes_beside(checkpoints_.empty() ? none : checkpoints_.back().picture);
    bytes_ += made.bytes;
    checkpoints_.push_back(std::move(made));
    spent_ = 0;
    while (bytes_ > most_bytes_ + 2 * size_of(head_) && checkpoints_.size() > 1) thin();
}

void moments::thin() {
    std::vector<checkpoint> kept;
    kept.reserve(checkpoints_.size() / 2);
    bytes_ = 0;
    const state none;
    for (std::size_t i = 1; i < checkpoints_.size(); i += 2) {
        checkpoint& c = checkpoints_[i];
        c.bytes = c.picture.bytes_beside(kept.empty() ? none : kept.back().picture);
        bytes_ += c.bytes;
        kept.push_back(std::move(c));
    }
    checkpoints_ = std::move(kept);
    spacing_ *= 2;
}

std::uint64_t moments::seq() const {
    const std::lock_guard lock(mutex_);
    return head_.seq();
}

state moments::head() const {
    const std::lock_guard lock(mutex_);
    return head_;
}

std::optional<std::uint64_t> moments::next(subject of, std::uint64_t seq) const {
    const std::lock_guard lock(mutex_);
    return subjects_.next(of, seq);
}

std::optional<std::uint64_t> moments::previous(subject of, std::uint64_t seq) const {
    const std::lock_guard lock(mutex_);
    return subjects_.previous(of, seq);
}

std::optional<std::uint64_t> moments::cause_of(std::uint64_t seq) const {
    const std::lock_guard lock(mutex_);
    return causes_.cause_of(seq);
}

std::vector<std::uint64_t> moments::effects_of(std::uint64_t seq) const {
    const std::lock_guard lock(mutex_);
    return causes_.effects_of(seq);
}

moments::figures moments::costs() const {
    const std::lock_guard lock(mutex_);
    return {.checkpoints = checkpoints_.size(), .spacing = spacing_, .bytes = bytes_};
}

state moments::base_of(std::uint64_t seq, std::size_t& step) const {
    const std::lock_guard lock(mutex_);
    step = std::max(spacing_ / steps_between, shortest_step);
    if (head_.seq() <= seq) return head_;
    const checkpoint* far =
        last_until(checkpoints_, seq, [](const checkpoint& c) { return c.picture.seq(); });
    const state* near = last_until(near_, seq, [](const state& s) { return s.seq(); });
    if (near && (!far || near->seq() >= far->picture.seq())) return *near;
    return far ? far->picture : state();
}

state moments::at(std::uint64_t seq) const {
    std::size_t step = 0;
    state s = base_of(seq, step);
    std::vector<state> passed;
    std::size_t spent = 0;
    while (s.seq() < seq) {
        std::span<const event> events = source_(s.seq());
        if (events.empty()) break;
        events = events.first(std::min<std::uint64_t>(events.size(), seq - s.seq()));
        for (const event& e : events) {
            spent += cost_of(e, s);
            s.apply(e);
            if (spent < step) continue;
            // Over what has not been read yet a fold may be long: its end is what will be asked for again.
            if (passed.size() == 2 * steps_between) passed.erase(passed.begin());
            passed.push_back(s);
            spent = 0;
        }
    }
    if (!passed.empty()) remember(std::move(passed));
    return s;
}

void moments::remember(std::vector<state> near) const {
    const std::lock_guard lock(mutex_);
    near_.swap(near);
}

} // namespace lab
