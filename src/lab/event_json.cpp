// SPDX-License-Identifier: MIT
#include "lab/event_json.h"

#include "lab/event_members.h"
#include "lab/state_json.h"

#include <limits>

namespace lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

[[noreturn]] void refuse(const member_name& name, const json& found, const std::string& expected) {
    std::string text = found.dump(-1, ' ', true, json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    throw input_error(std::string(name) + ": " + text + ": expected " + expected);
}

const json& required(const json& j, const member_name& name) {
    const auto it = j.find(name);
    if (it == j.end()) throw input_error(std::string(name) + ": missing");
    return *it;
}

/// A number made by the program itself may be of a signed type.
bool is_whole(const json& v) {
    return v.is_number_unsigned() || (v.is_number_integer() && v.get<std::int64_t>() >= 0);
}

std::uint64_t whole(const json& j, const member_name& name) {
    const json& v = required(j, name);
    if (!is_whole(v)) refuse(name, v, "a whole number from 0");
    return v.get<std::uint64_t>();
}

std::int64_t integer(const json& j, const member_name& name) {
    const json& v = required(j, name);
    const bool fits =
        !v.is_number_unsigned() || v.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
    if (!v.is_number_integer() || !fits) refuse(name, v, "a whole number of 64 bits");
    return v.get<std::int64_t>();
}

std::string text(const json& j, const member_name& name) {
    const json& v = required(j, name);
    if (!v.is_string()) refuse(name, v, "a text");
    return v.get<std::string>();
}

bool boolean(const json& j, const member_name& name) {
    const json& v = required(j, name);
    if (!v.is_boolean()) refuse(name, v, "true or false");
    return v.get<bool>();
}

double number(const json& j, const member_name& name) {
    const json& v = required(j, name);
    if (!v.is_number()) refuse(name, v, "a number");
    return v.get<double>();
}

std::vector<id_t> ids(const json& j, const member_name& name) {
    const json& v = required(j, name);
    if (!v.is_array()) refuse(name, v, "a list of ids");
    std::vector<id_t> list;
    for (const json& id : v) {
        if (!is_whole(id)) refuse(name, id, "a list of ids");
        list.push_back(id.get<id_t>());
    }
    return list;
}

/// Reads a word of a closed set.
template <class Parse>
auto word(const json& j, const member_name& name, Parse parse) {
    const std::string w = text(j, name);
    const auto value = parse(w);
    if (!value) refuse(name, json(w), "a word of the format");
    return *value;
}

void write_member(ordered_json& j, const event_member& m, const event& e) {
    std::visit(
        [&](auto at) {
            const auto& v = e.*at;
            using type = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<type, std::optional<lab_time>>) {
                if (v) j[m.name] = v->count();
            } else if constexpr (std::is_enum_v<type>) {
                j[m.name] = to_string(v);
            } else {
                j[m.name] = v;
            }
        },
        m.at);
}

void read_value(const json& j, const member_name& n, std::uint64_t& v) {
    v = whole(j, n);
}
void read_value(const json& j, const member_name& n, std::int64_t& v) {
    v = integer(j, n);
}
void read_value(const json& j, const member_name& n, double& v) {
    v = number(j, n);
}
void read_value(const json& j, const member_name& n, bool& v) {
    v = boolean(j, n);
}
void read_value(const json& j, const member_name& n, std::string& v) {
    v = text(j, n);
}
void read_value(const json& j, const member_name& n, std::vector<id_t>& v) {
    v = ids(j, n);
}
void read_value(const json& j, const member_name& n, context_kind& v) {
    v = word(j, n, parse_context_kind);
}
void read_value(const json& j, const member_name& n, request_state& v) {
    v = word(j, n, parse_request_state);
}
void read_value(const json& j, const member_name& n, client_state& v) {
    v = word(j, n, parse_client_state);
}
void read_value(const json& j, const member_name& n, clock_mode& v) {
    v = word(j, n, parse_clock_mode);
}
void read_value(const json& j, const member_name& n, std::optional<lab_time>& v) {
    if (j.contains(n)) v = lab_time(integer(j, n));
}

} // namespace

ordered_json to_json(const event& e) {
    ordered_json j;
    j["v"] = event_format_version;
    j["seq"] = e.seq;
    j["at_ns"] = e.at.count();
    j["at_ms"] = ms_json(e.at);
    if (e.wall_ns != 0) j["wall_ns"] = e.wall_ns;
    j["kind"] = to_string(e.kind);
    for (const event_member& m : members_of(e.kind)) write_member(j, m, e);
    return j;
}

std::string to_line(const event& e) {
    return json_text(to_json(e));
}

event event_from_json(const json& j) {
    if (!j.is_object()) throw input_error("expected an event: a JSON object");
    if (const std::uint64_t v = whole(j, "v"); v != event_format_version) {
        throw input_error("v: " + std::to_string(v) +
                          ": expected 1, the only version of the format there is");
    }
    event e;
    e.seq = whole(j, "seq");
    e.at = lab_time(integer(j, "at_ns"));
    if (j.contains("wall_ns")) e.wall_ns = integer(j, "wall_ns");
    e.kind = word(j, "kind", parse_event_kind);
    for (const event_member& m : members_of(e.kind)) {
        std::visit([&](auto at) { read_value(j, m.name, e.*at); }, m.at);
    }
    return e;
}

} // namespace lab
