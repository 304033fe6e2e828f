// SPDX-License-Identifier: MIT
#include "lab/life_json.h"

#include "lab/command_record.h"
#include "lab/json_text.h"
#include "lab/object_reader.h"
#include "lab/scenario_writer.h"
#include "lab/state_json.h"

#include <array>
#include <limits>

namespace lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// Numbers of events and turns count from 0.
std::uint64_t number(object_reader& r, const char* member) {
    return static_cast<std::uint64_t>(r.integer(member, 0, most).value_or(0));
}

bool flag(object_reader& r, const char* member, bool otherwise) {
    const json* v = r.allow(member);
    if (!v) return otherwise;
    if (!v->is_boolean()) throw field_error(member, shown(*v) + ": expected true or false");
    return v->get<bool>();
}

std::shared_ptr<const scenario> read_scenario(const json& j, const std::string& where) {
    scenario s = parse_scenario(j.dump(), where + ": scenario");
    if (j.is_object() && !j.contains("name")) s.name.clear();
    return std::make_shared<scenario>(std::move(s));
}

input read_input(const json& j, const std::string& where) {
    constexpr std::size_t longest_name = 10'000;
    object_reader r(j);
    input i;
    i.seq = number(r, "seq");
    i.turn = number(r, "turn");
    i.at = lab_time(r.integer("at_ns", least, most).value_or(0));
    i.held = flag(r, "held", false);
    i.changed = flag(r, "changed", false);
    i.who = r.text("who", longest_name).value_or("");
    const json* what = r.allow("command");
    if (!what) throw field_error("", "missing member \"command\"");
    i.what = command_from_json(*what, where);
    return i;
}

/// Complaints name the place once.
template <class Read>
auto placed(const std::string& where, Read read) {
    try {
        return read();
    } catch (const input_error& e) {
        const std::string text = e.what();
        throw input_error(text.starts_with(where) ? text : where + ": " + text);
    }
}

} // namespace

ordered_json to_json(const life& l) {
    ordered_json j{{"first_seq", l.first_seq}, {"clock", to_string(l.mode)},
                   {"running", l.running},     {"speed", l.speed},
                   {"seed", l.seed},           {"scenario", nullptr}};
    if (l.with) j["scenario"] = to_json(*l.with);
    return j;
}

life life_from_json(const json& j, const std::string& where) {
    static constexpr std::array<std::string_view, 2> modes{"virtual", "real"};
    return placed(where, [&] {
        object_reader r(j);
        life l;
        l.first_seq = number(r, "first_seq");
        l.mode = *parse_clock_mode(r.word("clock", modes).value_or("virtual"));
        l.running = flag(r, "running", true);
        l.speed = r.number("speed", 0, 1e9).value_or(1);
        l.seed = r.integer("seed", least, most).value_or(1);
        if (const json* s = r.allow("scenario"); s && !s->is_null()) l.with = read_scenario(*s, where);
        return l;
    });
}

std::string life_record(const life& l) {
    ordered_json j{{"record", "life"}};
    j.update(to_json(l));
    return json_text(j);
}

std::string input_record(const input& i) {
    ordered_json j{{"record", "input"}, {"seq", i.seq}, {"turn", i.turn}, {"at_ns", i.at.count()}};
    if (i.held) j["held"] = true;
    if (i.changed) j["changed"] = true;
    j["who"] = i.who;
    j["command"] = to_json(i.what);
    return json_text(j);
}

std::string note_record(const life_note& n) {
    return json_text({{"record", "recorded_only"}, {"first_seq", n.first_seq}, {"why", n.recorded_only}});
}

void read_life_record(std::string_view text, const std::string& where, recording_block& out) {
    constexpr std::size_t longest_reason = 10'000;
    placed(where, [&] {
        const json j = parse_json(text, where);
        object_reader r(j);
        const std::string record = object_reader::required(r.text("record"), "record", "what it is");
        if (record == "life") {
            out.lives.push_back(life_from_json(j, where));
        } else if (record == "input") {
            out.inputs.push_back(read_input(j, where));
        } else if (record == "recorded_only") {
            out.notes.push_back({number(r, "first_seq"), r.text("why", longest_reason).value_or("")});
        }
    });
}

} // namespace lab
