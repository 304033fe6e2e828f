// SPDX-License-Identifier: MIT
#include "ctx/radar.h"

#include "ctx/detail/atomics.h"
#include "ctx/detail/format.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace ctx {
namespace {

bool can_be_cancelled(made_by asked) {
    switch (asked) {
    case made_by::with_cancel:
    case made_by::with_cancel_cause:
    case made_by::with_deadline:
    case made_by::with_deadline_cause:
    case made_by::with_timeout:
    case made_by::with_timeout_cause:
        return true;
    default:
        return false;
    }
}

std::string plural(std::size_t n, const char* one, const char* many) {
    return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

std::string fates(const lost_line& l) {
    std::string out;
    const auto add = [&](std::size_t n, const char* what) {
        if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + ' ' + what;
    };
    add(l.dropped, "dropped while open");
    add(l.waited, "waited for their deadline");
    add(l.ended_by_ancestor, "ended by another context");
    add(l.open, "still open");
    return out;
}

} // namespace

struct lost_cancel_radar::state {
    /// A context that is alive.
    struct seen {
        lost_line* line = nullptr;
        bool cancelled = false; // its own cancel function was called, or it never had to be
        bool expired = false;
        bool done = false;

        void count_in(lost_line& l, std::size_t lost_line::*while_open) const {
            if (cancelled) return;
            ++(l.*(!done ? while_open : expired ? &lost_line::waited : &lost_line::ended_by_ancestor));
        }
    };

    mutable detail::mutex mutex;                                            // leaf lock
    std::map<std::pair<std::string, std::uint_least32_t>, lost_line> lines; // guarded by mutex
    std::unordered_map<node_id, seen> alive;                                // guarded by mutex

    template <class F>
    void with(node_id id, F f) {
        const std::lock_guard lock(mutex);
        if (const auto at = alive.find(id); at != alive.end()) f(at->second);
    }
};

lost_cancel_radar::lost_cancel_radar(std::shared_ptr<observer> next)
    : next_(std::move(next)), state_(std::make_unique<state>()) {}

lost_cancel_radar::~lost_cancel_radar() = default;

std::vector<lost_line> lost_cancel_radar::lines() const {
    std::vector<lost_line> found;
    {
        const std::lock_guard lock(state_->mutex);
        std::map<const lost_line*, lost_line> now;
        for (const auto& [place, line] : state_->lines) now.emplace(&line, line);
        for (const auto& [id, c] : state_->alive) c.count_in(now.at(c.line), &lost_line::open);
        for (const auto& [place, line] : state_->lines)
            if (now.at(&line).lost() > 0) found.push_back(now.at(&line));
    }
    std::ranges::stable_sort(found, std::greater<>(), &lost_line::lost);
    return found;
}

std::string lost_cancel_radar::text() const {
    const std::vector<lost_line> found = lines();
    if (found.empty()) return "Every context was cancelled by whoever made it.\n";
    std::string out = plural(found.size(), "line makes", "lines make") + " contexts that nobody cancels:\n";
    for (const lost_line& l : found) {
        const std::string at = detail::place(l.where);
        out += "  " + (at.empty() ? "an unknown place" : at + " in " + l.where.function_name()) + ": " +
               std::to_string(l.lost()) + " of " + std::to_string(l.made) + " (" + fates(l) + ")\n";
    }
    return out;
}

void lost_cancel_radar::created(const creation& c) {
    if (can_be_cancelled(c.asked)) {
        const std::lock_guard lock(state_->mutex);
        lost_line& line = state_->lines[{c.where.file_name(), c.where.line()}];
        line.where = c.where;
        ++line.made;
        state_->alive[c.id] = {
            .line = &line, .cancelled = c.born_done, .expired = false, .done = c.born_done};
    }
    if (next_) next_->created(c);
}

void lost_cancel_radar::cancel_called_at(node_id id, const error& cause, const call_site& where) {
    state_->with(id, [](state::seen& c) { c.cancelled = true; });
    if (next_) next_->cancel_called_at(id, cause, where);
}

void lost_cancel_radar::deadline_expired(node_id id) {
    state_->with(id, [](state::seen& c) { c.expired = true; });
    if (next_) next_->deadline_expired(id);
}

void lost_cancel_radar::done_with(node_id id, const error& err, const error& cause, node_id by,
                                  std::size_t waiters) {
    state_->with(id, [](state::seen& c) { c.done = true; });
    if (next_) next_->done_with(id, err, cause, by, waiters);
}

void lost_cancel_radar::dropped(node_id id) {
    {
        const std::lock_guard lock(state_->mutex);
        if (const auto at = state_->alive.find(id); at != state_->alive.end()) {
            at->second.count_in(*at->second.line, &lost_line::dropped);
            state_->alive.erase(at);
        }
    }
    if (next_) next_->dropped(id);
}

void lost_cancel_radar::visiting_nth(node_id parent, node_id child, std::size_t nth, std::size_t of) {
    if (next_) next_->visiting_nth(parent, child, nth, of);
}
void lost_cancel_radar::woken(node_id id, std::size_t waiters) {
    if (next_) next_->woken(id, waiters);
}
void lost_cancel_radar::found_done(node_id id, node_id by, bool waits) {
    if (next_) next_->found_done(id, by, waits);
}
void lost_cancel_radar::wave_finished(node_id root, std::size_t count) {
    if (next_) next_->wave_finished(root, count);
}
void lost_cancel_radar::detached(node_id id, node_id parent) {
    if (next_) next_->detached(id, parent);
}
void lost_cancel_radar::timer_stopped(node_id id) {
    if (next_) next_->timer_stopped(id);
}
void lost_cancel_radar::after_func_started(node_id id) {
    if (next_) next_->after_func_started(id);
}
void lost_cancel_radar::after_func_stopped(node_id id) {
    if (next_) next_->after_func_stopped(id);
}
void lost_cancel_radar::value_asked(node_id at, node_id from, const std::string& key, bool found) {
    if (next_) next_->value_asked(at, from, key, found);
}
void lost_cancel_radar::value_looked_up(node_id id, const std::string& key, bool found,
                                        const std::string& value, std::span<const node_id> path) {
    if (next_) next_->value_looked_up(id, key, found, value, path);
}

} // namespace ctx
