// SPDX-License-Identifier: MIT
#include "lab/code_plan.h"

#include <algorithm>
#include <map>
#include <utility>

namespace lab {
namespace {

using act = code_step::act;

/// What a length is at most; it keeps sums of lengths from running over.
constexpr lab_time longest = std::chrono::hours(24 * 365);

lab_time sum(lab_time a, lab_time b) {
    return std::min(a + std::min(b, longest), longest * 4);
}

void add_once(std::vector<std::string>& list, const std::string& text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

class planner {
  public:
    explicit planner(const scenario& s) : from_(s) {
        plan_.name = s.name;
        plan_.title = s.title;
        plan_.description = s.description;
        plan_.seed = s.seed;
    }

    code_plan made() {
        for (const scenario_command& c : from_.commands) {
            now_ = c.at;
            std::visit([&](const auto& what) { add(c, what); }, c.what);
            plan_.horizon = std::max(plan_.horizon, c.at);
        }
        find_ends();
        plan_.horizon = sum(plan_.horizon, passing_);
        return std::move(plan_);
    }

  private:
    void add(const scenario_command& c, const new_context& what) {
        code_context made{.label = what.name, .words = c.id, .made = what, .parent = index_of(c.context)};
        if (made.words.empty()) made.words = what.name;
        // The root is the laboratory's number 1.
        if (made.label.empty())
            made.label = std::string(go_name(what.kind)) + ' ' + std::to_string(plan_.contexts.size() + 2);
        if (!c.cancels.empty()) made.cancels = index_of(c.cancels);
        if (what.kind == context_kind::with_value) add_once(plan_.keys, what.key);
        if (what.timeout) plan_.horizon = std::max(plan_.horizon, sum(now_, *what.timeout));
        if (what.at) plan_.horizon = std::max(plan_.horizon, *what.at);
        if (!c.id.empty()) known_[c.id] = plan_.contexts.size();
        step(act::derive, plan_.contexts.size());
        plan_.contexts.push_back(std::move(made));
    }

    void add(const scenario_command& c, const new_worker& what) {
        code_worker w{.label = what.name, .spec = what, .context = index_of(c.context)};
        if (const std::string wrong = complete(w.spec); !wrong.empty())
            throw input_error(from_.name + ": worker " + c.id + ": " + wrong);
        number_ += what.kind == "pipeline" ? *w.spec.stages : 1;
        if (w.label.empty())
            w.label = what.kind == "pipeline" ? "pipeline" : what.kind + ' ' + std::to_string(number_);
        if (what.kind == "operation") w.cancels = nearest_to_cancel(w.context);
        if (!w.spec.channel.empty()) add_once(plan_.channels, w.spec.channel);
        add_length(w.spec);
        step(act::start, plan_.workers.size());
        plan_.workers.push_back(std::move(w));
    }

    void add(const scenario_command& c, const cancel_context& what) {
        step(act::cancel, index_of(c.context), what.cause.value_or(""));
    }

    void add(const scenario_command& c, const look_up_value& what) {
        add_once(plan_.keys, what.key);
        step(act::look_up, index_of(c.context), what.key);
    }

    void add(const scenario_command& c, const send_request& what) {
        std::string label = c.id;
        if (label.empty()) label = "request " + std::to_string(plan_.requests.size() + 1);
        step(act::send, plan_.requests.size());
        plan_.requests.push_back({std::move(label), what});
    }

    template <class T>
    void add(const scenario_command&, const T&) {}

    void step(act what, std::size_t which, std::optional<std::string> text = {}) {
        plan_.steps.push_back({now_, what, which, std::move(text)});
    }

    std::size_t index_of(const std::string& word) const {
        const auto at = known_.find(word);
        return at == known_.end() ? no_index : at->second;
    }

    /// As the laboratory does it when an operation fails: upwards, to the first that has a cancel function.
    std::size_t nearest_to_cancel(std::size_t context) const {
        while (context != no_index && !owns_done(plan_.contexts[context].made.kind))
            context = plan_.contexts[context].parent;
        return context;
    }

    void add_length(const new_worker& w) {
        const lab_time once = std::max(w.duration.value_or(lab_time{}), w.fail_after.value_or(lab_time{}));
        plan_.horizon = std::max(plan_.horizon, sum(now_, once));
        const std::int64_t times = w.count.value_or(0);
        const lab_time every = w.every.value_or(lab_time{});
        // Who sends and who receives wait for each other: their lengths add up.
        if (times > 0 && every.count() > 0)
            passing_ = sum(passing_, every.count() > longest.count() / times ? longest : every * times);
    }

    /// Until nothing new is found: an end can be handed on by an AfterFunc to a context made before it.
    void find_ends() {
        auto& all = plan_.contexts;
        bool more = true;
        const auto end = [&](std::size_t which) { more = !std::exchange(all[which].ends, true) || more; };
        for (const code_step& s : plan_.steps)
            if (s.what == act::cancel && all[s.which].made.kind != context_kind::after_func) end(s.which);
        while (std::exchange(more, false)) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                const code_context& c = all[i];
                const bool from_parent = c.made.kind != context_kind::without_cancel && ends(c.parent);
                if (takes_deadline(c.made.kind) || from_parent) end(i);
                if (c.ends && c.cancels != no_index && !stopped(c)) end(c.cancels);
            }
        }
        for (code_worker& w : plan_.workers) {
            const bool waits = w.spec.kind == "wait" || w.spec.kind == "poller" || !w.spec.channel.empty();
            w.ends = !waits || ends(w.context);
        }
    }

    bool ends(std::size_t context) const { return context != no_index && plan_.contexts[context].ends; }

    /// Its callback is taken back, maybe before it runs.
    bool stopped(const code_context& c) const {
        const auto& all = plan_.contexts;
        const auto index = static_cast<std::size_t>(&c - all.data());
        return std::any_of(plan_.steps.begin(), plan_.steps.end(),
                           [&](const code_step& s) { return s.what == act::cancel && s.which == index; }) ||
               std::any_of(all.begin(), all.end(),
                           [&](const code_context& other) { return other.cancels == index; });
    }

    const scenario& from_;
    code_plan plan_;
    lab_time now_{};
    lab_time passing_{};      ///< what passing numbers on takes
    std::int64_t number_ = 0; ///< of the last worker
    std::map<std::string, std::size_t> known_;
};

} // namespace

bool code_plan::starts(std::string_view kind) const {
    return std::any_of(workers.begin(), workers.end(),
                       [&](const code_worker& w) { return w.spec.kind == kind; });
}

bool code_plan::derives(context_kind kind) const {
    return std::any_of(contexts.begin(), contexts.end(),
                       [&](const code_context& c) { return c.made.kind == kind; });
}

bool code_plan::looks_up() const {
    return std::any_of(steps.begin(), steps.end(), [](const code_step& s) { return s.what == act::look_up; });
}

bool code_plan::may_stay() const {
    return std::any_of(workers.begin(), workers.end(), [](const code_worker& w) { return !w.ends; });
}

bool code_plan::waits_for(std::size_t context) const {
    const code_context& c = contexts[context];
    const bool by_callback = std::any_of(contexts.begin(), contexts.end(),
                                         [&](const code_context& other) { return other.cancels == context; });
    return c.made.kind != context_kind::after_func && c.ends && (takes_deadline(c.made.kind) || by_callback);
}

code_plan plan_of(const scenario& s) {
    return planner(s).made();
}

} // namespace lab
