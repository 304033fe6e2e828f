// SPDX-License-Identifier: MIT
#include "lab/scenario_links.h"

#include "lab/json_text.h"

#include <algorithm>
#include <numeric>

namespace lab {

namespace {

constexpr std::string_view root_word = "root";

std::string quoted(const std::string& word) {
    return shown(nlohmann::json(word));
}

std::string sort_of(const command& c) {
    if (std::holds_alternative<new_context>(c)) return "context";
    return std::holds_alternative<new_worker>(c) ? "worker" : "request";
}

} // namespace

scenario_links::scenario_links(const std::vector<scenario_command>& commands)
    : commands_(commands), rank_(commands.size()) {
    std::vector<std::size_t> order(commands.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return commands[a].at < commands[b].at; });
    for (std::size_t i = 0; i < order.size(); ++i) rank_[order[i]] = i;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (!commands[i].id.empty()) made_by_.emplace(commands[i].id, i);
    }
}

void scenario_links::check(std::size_t index) const {
    const scenario_command& c = commands_[index];
    if (c.id == root_word)
        throw field_error("id", "\"root\": this is the laboratory's Background: expected another word");
    if (!c.id.empty() && made_by_.at(c.id) != index) {
        throw field_error("id", quoted(c.id) + ": taken by " + path_to("commands", made_by_.at(c.id)) +
                                    ": expected another word");
    }
    if (std::holds_alternative<new_context>(c.what)) check_parent(index, "parent", c.context);
    if (std::holds_alternative<new_worker>(c.what) || std::holds_alternative<look_up_value>(c.what)) {
        check_parent(index, "context", c.context);
    }
    if (!c.cancels.empty()) check_cancel(index, "cancels", c.cancels, false);
    if (const auto* cancel = std::get_if<cancel_context>(&c.what)) {
        check_cancel(index, "context", c.context, cancel->cause.has_value());
    }
}

std::string scenario_links::unknown(const std::string& word) const {
    std::vector<std::string_view> words{root_word};
    for (const scenario_command& c : commands_) {
        constexpr std::size_t most_listed = 12;
        const bool nameable = std::holds_alternative<new_context>(c.what) && !c.id.empty();
        if (nameable && words.size() < most_listed) words.emplace_back(c.id);
    }
    return quoted(word) + ": no context has this id: " + expected_one_of(words, word);
}

const new_context* scenario_links::find_context(std::size_t index, std::string_view member,
                                                const std::string& word) const {
    if (word == root_word) return nullptr;
    const std::string at(member);
    const auto it = made_by_.find(word);
    if (it == made_by_.end()) throw field_error(at, unknown(word));
    const std::size_t maker = it->second;
    const auto* made = std::get_if<new_context>(&commands_[maker].what);
    if (!made) {
        throw field_error(at, quoted(word) + ": this is a " + sort_of(commands_[maker].what) +
                                  ": expected the id of a context");
    }
    if (maker == index)
        throw field_error(at, quoted(word) + ": this is the context itself: expected one made before it");
    if (rank_[maker] > rank_[index]) {
        throw field_error(at, quoted(word) + ": " + path_to("commands", maker) +
                                  " makes it, after this command runs: expected a context made before");
    }
    return made;
}

void scenario_links::check_parent(std::size_t index, std::string_view member, const std::string& word) const {
    const new_context* c = find_context(index, member, word);
    if (c && c->kind == context_kind::after_func) {
        throw field_error(std::string(member),
                          quoted(word) +
                              ": a registration with after_func is no context: expected the id of a context");
    }
}

void scenario_links::check_cancel(std::size_t index, std::string_view member, const std::string& word,
                                  bool with_cause) const {
    const new_context* c = find_context(index, member, word);
    const std::string kind(to_string(c ? c->kind : context_kind::background));
    if (!c || !owns_done(c->kind)) {
        throw field_error(std::string(member),
                          quoted(word) + ": its kind " + kind +
                              " has no cancel function: expected a context that has one");
    }
    if (with_cause && !takes_cancel_cause(c->kind)) {
        throw field_error("cause", quoted(word) + " is of kind " + kind +
                                       ", which takes none: expected a context of kind with_cancel_cause");
    }
}

} // namespace lab
