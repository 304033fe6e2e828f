// SPDX-License-Identifier: MIT
#include "lab/stand_in.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace lab {
namespace {

using std::chrono::nanoseconds;

/// For one that is still there although its context is over: nobody knows until when.
constexpr nanoseconds very_long = std::chrono::hours(1);

std::string word_of(id_t context) {
    return context == root_id ? "root" : 'c' + std::to_string(context);
}

/// What its own timer does; where an earlier deadline above is in force, WithDeadline is WithCancel.
new_context again(const context_info& c) {
    new_context made{.kind = c.kind, .name = c.name, .key = c.key, .value = c.value};
    if (c.kind == context_kind::custom) made.kind = context_kind::with_cancel;
    if (!takes_deadline(c.kind)) return made;
    if (!c.own_deadline)
        made.kind = context_kind::with_cancel;
    else if (c.kind == context_kind::with_timeout || c.kind == context_kind::with_timeout_cause)
        made.timeout = *c.own_deadline - c.created;
    else
        made.at = *c.own_deadline;
    return made;
}

/// Somebody ended it; no timer, and no context above it.
bool was_cancelled(const context_info& c) {
    return c.done && c.state == context_state::canceled && c.done_by == c.id && !c.born_done;
}

std::optional<std::string> cause_of(const context_info& c) {
    if (!takes_cancel_cause(c.kind) || c.cause == c.err) return {};
    return c.cause;
}

/// The commands that started the laboratory's workers, each for one worker.
class worker_commands {
  public:
    explicit worker_commands(const life& of) {
        if (of.with)
            for (const scenario_command& line : of.with->commands) note(line.what, line.id);
        for (const input& i : of.inputs) note(i.what, {});
    }

    std::optional<new_worker> take(const worker_info& w) {
        const auto same = std::ranges::find_if(all_, [&](const new_worker& c) {
            return c.kind == w.kind && (c.name.empty() || c.name == w.name);
        });
        if (same == all_.end()) return {};
        new_worker found = std::move(*same);
        all_.erase(same);
        found.name = w.name;
        return found;
    }

  private:
    void note(const command& c, const std::string& word) {
        const auto* started = std::get_if<new_worker>(&c);
        // What these start themselves is in the picture, and is started for them.
        if (!started || started->kind == "fanout" || started->kind == "pipeline") return;
        all_.push_back(*started);
        if (started->name.empty()) all_.back().name = word;
    }

    std::vector<new_worker> all_;
};

/// One that behaves as far as the picture tells.
new_worker like(const worker_info& w, const context_info& of) {
    new_worker made{.kind = "wait", .name = w.name};
    if (w.exited && !w.noticed) {
        made.kind = "work";
        made.duration = *w.exited - w.started;
    } else if (!w.exited && of.done) {
        made.kind = "stubborn";
        made.duration = very_long;
    }
    return made;
}

} // namespace

std::shared_ptr<const scenario> stand_in(const state& picture, const life& of) {
    auto s = std::make_shared<scenario>();
    if (of.with) s->name = of.with->name;
    s->title = "A moment made anew, without its network";
    s->seed = of.seed;
    std::unordered_set<id_t> made{root_id};
    const auto word = [&](id_t c) { return word_of(made.contains(c) ? c : root_id); };
    for (const context_info& c : picture.contexts()) {
        if (c.parent == 0) continue; // roots are there already
        s->commands.push_back(
            {.at = c.created, .what = again(c), .id = word_of(c.id), .context = word(c.parent)});
        made.insert(c.id);
    }
    worker_commands commands(of);
    for (const worker_info& w : picture.workers()) {
        const context_info* const c = picture.context(w.context);
        if (!c) continue;
        std::optional<new_worker> started = commands.take(w);
        s->commands.push_back({.at = w.started,
                               .what = started ? std::move(*started) : like(w, *c),
                               .id = 'w' + std::to_string(w.id),
                               .context = word(w.context)});
    }
    for (const context_info& c : picture.contexts())
        if (was_cancelled(c) && made.contains(c.id))
            s->commands.push_back(
                {.at = *c.done, .what = cancel_context{.cause = cause_of(c)}, .context = word_of(c.id)});
    std::ranges::stable_sort(s->commands, {}, &scenario_command::at);
    return s;
}

} // namespace lab
