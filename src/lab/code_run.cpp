// SPDX-License-Identifier: MIT
#include "lab/code_run.h"

#include <algorithm>
#include <map>
#include <set>

namespace lab {
namespace {

class run_script {
  public:
    run_script(const scenario& s, const std::vector<run_input>& inputs, const std::vector<event>& run)
        : from_(s), run_(run), made_(s) {
        made_.commands.clear();
        for (const run_input& i : inputs) inputs_[i.seq] = &i;
        for (const scenario_command& c : s.commands) taken_.insert(c.id);
    }

    scenario script() {
        std::size_t next = 0; // of the scenario's own lines
        for (std::size_t i = 0; i < run_.size(); ++i) {
            if (run_[i].kind != event_kind::command_issued) continue;
            if (const auto found = inputs_.find(run_[i].seq); found != inputs_.end())
                add_input(*found->second, i);
            else if (run_[i].name == "scenario" && next < from_.commands.size())
                add(from_.commands[next++], i);
        }
        made_.commands.insert(made_.commands.end(),
                              from_.commands.begin() + static_cast<std::ptrdiff_t>(next),
                              from_.commands.end());
        std::stable_sort(made_.commands.begin(), made_.commands.end(),
                         [](const scenario_command& a, const scenario_command& b) { return a.at < b.at; });
        return std::move(made_);
    }

  private:
    /// What came of the command whose event is at `index`, up to the next one.
    const event* find(std::size_t index, event_kind kind) const {
        for (std::size_t i = index + 1; i < run_.size() && run_[i].kind != event_kind::command_issued; ++i)
            if (run_[i].kind == kind) return &run_[i];
        return nullptr;
    }

    void add_input(const run_input& input, std::size_t index) {
        if (find(index, event_kind::command_refused)) return;
        scenario_command c{.at = input.at, .what = input.what, .id = {}, .context = {}, .cancels = {}};
        if (const auto* made = std::get_if<new_context>(&c.what)) {
            c.id = free_word(made->name);
            c.context = word(made->parent);
            if (made->cancels != 0) c.cancels = word(made->cancels);
        } else if (const auto* started = std::get_if<new_worker>(&c.what)) {
            c.context = word(started->context);
        } else if (const auto* ended = std::get_if<cancel_context>(&c.what)) {
            c.context = word(ended->context);
        } else if (const auto* asked = std::get_if<look_up_value>(&c.what)) {
            c.context = word(asked->context);
        } else if (!std::holds_alternative<send_request>(c.what)) {
            return;
        }
        add(std::move(c), index);
    }

    void add(scenario_command c, std::size_t index) {
        if (std::holds_alternative<new_context>(c.what)) {
            if (c.id.empty()) c.id = free_word({});
            if (const event* made = find(index, event_kind::context_created)) words_[made->context] = c.id;
        }
        made_.commands.push_back(std::move(c));
    }

    std::string free_word(const std::string& name) {
        std::string free = name.empty() ? "made" : name;
        for (int n = 2; !taken_.insert(free).second || free == "root"; ++n)
            free = (name.empty() ? "made" : name) + ' ' + std::to_string(n);
        return free;
    }

    std::string word(id_t context) const {
        if (context == root_id) return "root";
        const auto at = words_.find(context);
        if (at == words_.end())
            throw input_error(from_.name + ": context " + std::to_string(context) +
                              " was made by a request: a program cannot name it");
        return at->second;
    }

    const scenario& from_;
    const std::vector<event>& run_;
    scenario made_;
    std::map<std::uint64_t, const run_input*> inputs_;
    std::map<id_t, std::string> words_;
    std::set<std::string> taken_;
};

} // namespace

scenario with_inputs(const scenario& s, const std::vector<run_input>& inputs, const std::vector<event>& run) {
    return run_script(s, inputs, run).script();
}

scenario with_inputs(const life& l, const log_view& log) {
    std::vector<run_input> inputs;
    for (const input& i : l.inputs) inputs.push_back({.seq = i.seq, .at = i.at, .what = i.what});
    std::vector<event> run; // of a million events a few are about commands
    for (std::uint64_t seq = log.first(); seq <= log.last(); ++seq) {
        const event& e = log[seq];
        if (e.kind == event_kind::command_issued || e.kind == event_kind::command_refused ||
            e.kind == event_kind::context_created)
            run.push_back(e);
    }
    scenario alone;
    alone.name = "laboratory";
    alone.title = "A laboratory";
    alone.seed = l.seed;
    return with_inputs(l.with ? *l.with : alone, inputs, run);
}

} // namespace lab
