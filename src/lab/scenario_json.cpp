// SPDX-License-Identifier: MIT
#include "lab/command_json.h"
#include "lab/json_text.h"
#include "lab/scenario.h"
#include "lab/scenario_links.h"

#include <algorithm>
#include <array>
#include <limits>

namespace lab {

namespace {

using nlohmann::json;

constexpr std::size_t largest_file = 4 << 20;
constexpr std::size_t most_commands = 10'000;

constexpr std::array<std::string_view, 7> verbs{"context", "worker", "request", "value",
                                                "cancel",  "sweep",  "clock"};

constexpr std::string_view context_word = "the id of a context, or \"root\"";

command read_lookup(object_reader& r, scenario_command& c) {
    c.context = object_reader::required(r.name("context"), "context", context_word);
    return look_up_value{.key = object_reader::required(r.text("key"), "key", "a text")};
}

command read_cancel(object_reader& r, scenario_command& c) {
    c.context = object_reader::required(r.name("context"), "context", "the id of a context");
    return cancel_context{.cause = r.text("cause")};
}

command read_clock(object_reader& r) {
    static constexpr std::array<std::string_view, 3> actions{"run", "pause", "set_speed"};
    constexpr double slowest = 1.0 / 16, fastest = 16;
    change_clock c;
    const auto action =
        object_reader::required(r.word("action", actions), "action", "run, pause or set_speed");
    c.action = action == "run"     ? clock_action::run
               : action == "pause" ? clock_action::pause
                                   : clock_action::set_speed;
    if (c.action == clock_action::set_speed) {
        c.speed = object_reader::required(r.number("speed", slowest, fastest), "speed",
                                          "a number from 0.0625 to 16");
    } else {
        r.forbid("speed", "action " + action + " takes none");
    }
    return c;
}

command read_made(object_reader& r, std::string_view verb, scenario_command& c) {
    c.id = r.name("id").value_or("");
    if (verb == "request") return read_request(r);
    if (verb == "worker") {
        new_worker w = read_worker(r);
        if (w.name.empty()) w.name = c.id;
        c.context = r.name("context").value_or("root");
        return w;
    }
    new_context n = read_context(r);
    if (n.name.empty()) n.name = c.id;
    c.context = r.name("parent").value_or("root");
    if (n.kind == context_kind::after_func) {
        c.cancels = r.name("cancels").value_or("");
    } else {
        r.forbid("cancels", "kind " + std::string(to_string(n.kind)) + " takes none");
    }
    return n;
}

scenario_command read_command(const json& j) {
    object_reader r(j);
    scenario_command c;
    const auto verb =
        object_reader::required(r.word("do", verbs), "do", expected_one_of(verbs, "").substr(9));
    c.at = object_reader::required(r.milliseconds("at_ms", last_ms), "at_ms", "a number of milliseconds");
    if (verb == "context" || verb == "worker" || verb == "request") {
        c.what = read_made(r, verb, c);
    } else if (verb == "value") {
        c.what = read_lookup(r, c);
    } else if (verb == "cancel") {
        c.what = read_cancel(r, c);
    } else if (verb == "clock") {
        c.what = read_clock(r);
    } else {
        c.what = sweep{};
    }
    r.refuse_unknown();
    return c;
}

/// Turns the complaint about a member into one that says where it is.
class placed_reader {
  public:
    placed_reader(std::string_view text, std::string_view where) : text_(text), where_(where) {}

    template <class F>
    auto at(const std::string& path, F read) const {
        try {
            return read();
        } catch (const field_error& e) {
            const std::string place = e.member().empty() ? path : path_to(path, e.member());
            throw input_error(complaint(text_, where_, place, e.problem()));
        }
    }

  private:
    std::string_view text_, where_;
};

std::vector<scenario_command> read_commands(const json& list, const placed_reader& placed) {
    placed.at("", [&] {
        if (!list.is_array()) throw field_error("commands", shown(list) + ": expected a list of commands");
        if (list.size() <= most_commands) return;
        throw field_error("commands", std::to_string(list.size()) + " commands: expected at most " +
                                          std::to_string(most_commands));
    });
    std::vector<scenario_command> commands;
    commands.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = path_to("commands", i);
        commands.push_back(placed.at(path, [&] { return read_command(list[i]); }));
    }
    scenario_links links(commands);
    for (std::size_t i = 0; i < commands.size(); ++i)
        placed.at(path_to("commands", i), [&] { links.check(i); });
    return commands;
}

std::string stem(std::string_view where) {
    return std::filesystem::path(where).stem().string();
}

} // namespace

scenario parse_scenario(std::string_view text, std::string_view where) {
    if (text.size() > largest_file) {
        throw input_error(std::string(where) + ": " + std::to_string(text.size()) +
                          " bytes: expected at most 4 MiB");
    }
    const json j = parse_json(text, where);
    const placed_reader placed(text, where);
    scenario s;
    const json* list = placed.at("", [&] {
        using limits = std::numeric_limits<std::int64_t>;
        object_reader r(j);
        r.allow("$schema");
        s.name = r.name("name").value_or(stem(where));
        s.title = r.text("title").value_or(s.name);
        s.description = r.text("description", 10'000).value_or("");
        s.seed = r.integer("seed", limits::min(), limits::max()).value_or(1);
        const json* commands = r.allow("commands");
        r.refuse_unknown();
        if (!commands) throw field_error("", "missing member \"commands\": expected a list of commands");
        return commands;
    });
    s.commands = read_commands(*list, placed);
    std::stable_sort(s.commands.begin(), s.commands.end(),
                     [](const scenario_command& a, const scenario_command& b) { return a.at < b.at; });
    return s;
}

} // namespace lab
