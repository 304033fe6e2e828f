// SPDX-License-Identifier: MIT
#include "explore/search.h"

#include "explore/story.h"

#include <algorithm>
#include <bit>

namespace explore {

report search::run() {
    report r;
    engine& e = engine::instance();
    do {
        depth_ = choice_ = 0;
        causality_.clear();
        const engine::end end = e.run(program_, *this);
        known_ = depth_;
        r.longest = std::max(r.longest, depth_);
        ++(end == engine::end::abandoned ? r.cut : r.runs);
        if (end == engine::end::failed) {
            r.failed = describe(e.complaint());
            return r;
        }
        if (r.runs + r.cut >= within_.runs) return r;
    } while (advance());
    r.complete = true;
    return r;
}

thread_id search::next(mask enabled, const pending_operations& pending) {
    if (depth_ < known_) {
        if (path_[depth_].enabled != enabled) engine::instance().fail("the program is not deterministic");
    } else {
        step& s = enter_state(enabled, pending);
        if (within_.reduced && bounded()) reverse_races_within_bound(pending);
        const mask from = affordable(s) & ~s.asleep;
        if (!from) return nobody;
        s.chosen = pick(s, from);
        s.wanted = within_.reduced ? bit(s.chosen) : enabled;
        known_ = depth_ + 1;
    }
    const step& s = path_[depth_];
    racing_.clear();
    causality_.add(s.chosen, s.pending[s.chosen], racing_);
    if (within_.reduced && !bounded() && depth_ + 1 >= known_) reverse_races();
    ++depth_;
    choice_ = 0;
    return s.chosen;
}

search::step& search::enter_state(mask enabled, const pending_operations& pending) {
    if (path_.size() <= depth_) path_.emplace_back();
    step& s = path_[depth_];
    s.enabled = enabled;
    s.wanted = s.done = s.asleep = 0;
    s.before = nobody;
    s.preemptions = 0;
    s.pending = pending;
    s.choices.clear();
    if (depth_ == 0) return s;
    const step& up = path_[depth_ - 1];
    s.before = up.chosen;
    s.preemptions = up.preemptions + cost(up, up.chosen);
    if (bounded() || !within_.reduced) return s; // what sleeps could be cheaper the other way round
    for (thread_id t = 0; t < max_threads; ++t)
        if (((up.asleep | up.done) & bit(t)) && !dependent(up.pending[t], up.pending[up.chosen]))
            s.asleep |= bit(t);
    return s;
}

int search::cost(const step& s, thread_id t) noexcept {
    return s.before != nobody && s.before != t && (s.enabled & bit(s.before)) ? 1 : 0;
}

mask search::affordable(const step& s) const noexcept {
    if (s.preemptions < within_.preemptions || s.before == nobody || !(s.enabled & bit(s.before)))
        return s.enabled;
    return bit(s.before);
}

thread_id search::pick(const step& s, mask from) noexcept {
    if (s.before != nobody && (from & bit(s.before))) return s.before;
    return static_cast<thread_id>(std::countr_zero(from));
}

void search::began(thread_id t, thread_id maker) {
    vector_clock known{};
    for (thread_id m = 0; m < t; ++m)
        if (m == maker || maker >= max_threads)
            for (thread_id i = 0; i < max_threads; ++i)
                known[i] = std::max(known[i], causality_.known_to(m)[i]);
    causality_.begin(t, known);
}

unsigned search::choose(unsigned n) {
    if (depth_ == 0) return 0;
    auto& choices = path_[depth_ - 1].choices;
    if (choice_ == choices.size()) choices.push_back({0, n});
    return choices[choice_++].value;
}

void search::reverse_races() {
    const thread_id by = path_[depth_].chosen;
    for (const std::size_t race : racing_) {
        const step& s = path_[race];
        // A thread that could not go on there, and has not since, was let go by what it would have to come
        // before.
        bool waited = !(s.enabled & bit(by));
        for (std::size_t i = race + 1; waited && i < depth_; ++i) waited = causality_.at(i).thread != by;
        if (!waited) reverse(race);
    }
}

mask search::initials(std::size_t race) const {
    mask first = 0, seen = 0;
    const event& r = causality_.at(race);
    for (std::size_t i = race + 1; i <= depth_; ++i) {
        const event& e = causality_.at(i);
        if (i < depth_ && e.clock[r.thread] >= r.number) continue; // follows the race
        if (seen & bit(e.thread)) continue;
        seen |= bit(e.thread);
        bool free = true;
        for (std::size_t j = race + 1; free && j < i; ++j) {
            const event& b = causality_.at(j);
            if (b.clock[r.thread] < r.number && e.clock[b.thread] >= b.number) free = false;
        }
        if (free) first |= bit(e.thread);
    }
    return first;
}

void search::reverse(std::size_t race) {
    const thread_id by = path_[depth_].chosen;
    step& s = path_[race];
    const mask first = initials(race) & s.enabled;
    if (first & (s.wanted | s.asleep)) return;
    if (!first)
        s.wanted |= s.enabled;
    else
        s.wanted |= first & bit(by) ? bit(by) : bit(static_cast<thread_id>(std::countr_zero(first)));
}

void search::reverse_races_within_bound(const pending_operations& pending) {
    // What races with an operation now may be hidden by others when it is done, and they could be dearer to
    // reverse.
    for (thread_id t = 0; t < max_threads; ++t) {
        racing_.clear();
        causality_.races(t, pending[t], racing_);
        for (const std::size_t race : racing_) {
            want(path_[race], t);
            // The reversal may only be affordable where the other thread's turn began.
            std::size_t turn = race;
            while (turn > 0 && path_[turn].before == path_[turn].chosen) --turn;
            want(path_[turn], t);
        }
    }
}

void search::want(step& s, thread_id t) noexcept {
    s.wanted |= s.enabled & bit(t) ? bit(t) : s.enabled;
}

bool search::advance() {
    while (known_ > 0) {
        step& s = path_[known_ - 1];
        while (!s.choices.empty() && s.choices.back().value + 1 == s.choices.back().of) s.choices.pop_back();
        if (!s.choices.empty()) {
            ++s.choices.back().value;
            return true;
        }
        s.done |= bit(s.chosen);
        if (const mask left = s.wanted & affordable(s) & ~s.done & ~s.asleep) {
            s.chosen = pick(s, left);
            return true;
        }
        --known_;
    }
    return false;
}

failure search::describe(const std::string& what) const {
    story told;
    schedule order;
    for (std::size_t i = 0; i < depth_; ++i) {
        const step& s = path_[i];
        told.add(s.chosen, s.pending[s.chosen]);
        order.add(s.chosen);
        for (const choice& c : s.choices) order.add_choice(c.value);
    }
    return {what, order.text(), told.text()};
}

report every_order(const std::function<void()>& program, const limits& within) {
    return search(program, within).run();
}

} // namespace explore
