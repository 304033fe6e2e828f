// SPDX-License-Identifier: MIT
#include "explore/causality.h"

#include <algorithm>

namespace explore {

void causality::clear() {
    events_.clear();
    objects_used_ = 0;
    threads_.fill({});
}

void causality::join(vector_clock& into, const vector_clock& from) noexcept {
    for (std::size_t t = 0; t < max_threads; ++t) into[t] = std::max(into[t], from[t]);
}

causality::history& causality::of(const std::byte* object) {
    for (std::size_t i = objects_used_; i-- > 0;)
        if (objects_[i].object == object) return objects_[i];
    if (objects_used_ == objects_.size()) objects_.emplace_back();
    history& h = objects_[objects_used_++];
    h = {};
    h.object = object;
    return h;
}

void causality::begin(thread_id t, const vector_clock& known_to_maker) {
    threads_[t] = known_to_maker;
}

void causality::races(const history& h, thread_id by, const operation& o,
                      std::vector<std::size_t>& racing) const {
    const vector_clock& known_here = threads_[by];
    const auto consider = [&](std::size_t i) {
        if (i == none || events_[i].thread == by || known(i, known_here)) return false;
        if (std::find(racing.begin(), racing.end(), i) == racing.end()) racing.push_back(i);
        return true;
    };
    if (o.what == action::unlock) return; // nobody else could do anything to the lock
    if (o.what == action::lock) {
        // The unlock before could not have come later; the two locks could have changed places.
        consider(h.last_lock);
        return;
    }
    bool between = false;
    if (!o.reads_only())
        for (const std::size_t load : h.loads)
            if (load > 0) between |= consider(load - 1);
    if (!between) consider(h.last_change);
}

void causality::races(thread_id by, const operation& o, std::vector<std::size_t>& racing) const {
    if (!o.object) return;
    for (std::size_t i = 0; i < objects_used_; ++i)
        if (const history& h = objects_[i]; o.concerns(h.object)) {
            races(h, by, o, racing);
            const std::size_t last = h.last_change;
            if (o.what == action::lock && last != none && events_[last].thread != by &&
                !known(last, threads_[by]))
                racing.push_back(last);
        }
}

void causality::add(thread_id by, const operation& o, std::vector<std::size_t>& racing) {
    const std::size_t here = events_.size();
    vector_clock& clock = threads_[by];
    const auto number = static_cast<std::uint16_t>(clock[by] + 1);
    if (o.object && o.size == 0) of(o.object); // make it known
    const std::size_t n = o.object ? objects_used_ : 0;
    vector_clock after = clock;
    for (std::size_t i = 0; i < n; ++i) {
        history& h = objects_[i];
        if (!o.concerns(h.object)) continue;
        races(h, by, o, racing);
        join(after, h.changes);
        if (!o.reads_only()) join(after, h.reads);
    }
    after[by] = number;
    clock = after;
    events_.push_back({by, number, after});
    for (std::size_t i = 0; i < n; ++i) {
        history& h = objects_[i];
        if (!o.concerns(h.object)) continue;
        if (o.reads_only()) {
            h.loads[by] = here + 1;
            join(h.reads, after);
            continue;
        }
        h.last_change = here;
        if (o.what == action::lock) h.last_lock = here;
        h.loads.fill(0);
        join(h.changes, after);
        h.reads = {};
    }
}

} // namespace explore
