// SPDX-License-Identifier: MIT
#include "lab/recording_schema.h"

#include "lab/input_error.h"
#include "lab/json_text.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace lab {

namespace {

constexpr std::array<std::string_view, 8> wire_types{"id",   "integer", "real", "flag",
                                                     "text", "ids",     "time", "word"};

wire_type type_of(const event_member& m) {
    return std::visit(
        [](auto at) {
            using type = std::decay_t<decltype(event{}.*at)>;
            if constexpr (std::is_same_v<type, id_t>)
                return wire_type::id;
            else if constexpr (std::is_same_v<type, std::int64_t>)
                return wire_type::integer;
            else if constexpr (std::is_same_v<type, double>)
                return wire_type::real;
            else if constexpr (std::is_same_v<type, bool>)
                return wire_type::flag;
            else if constexpr (std::is_same_v<type, std::string>)
                return wire_type::text;
            else if constexpr (std::is_same_v<type, std::vector<id_t>>)
                return wire_type::ids;
            else if constexpr (std::is_same_v<type, std::optional<lab_time>>)
                return wire_type::time;
            else {
                static_assert(std::is_enum_v<type>);
                return wire_type::word;
            }
        },
        m.at);
}

wire_type parse_wire_type(const nlohmann::ordered_json& word, const std::string& path) {
    for (std::size_t i = 0; word.is_string() && i < wire_types.size(); ++i)
        if (word.get_ref<const std::string&>() == wire_types[i]) return static_cast<wire_type>(i);
    throw input_error(path + ": " + shown(word) + ": expected a type of the format");
}

const event_member* find_member(event_kind k, const std::string& name) {
    for (const event_member& m : members_of(k))
        if (m.name == name) return &m;
    return nullptr;
}

} // namespace

std::string_view to_string(wire_type t) {
    return wire_types[static_cast<std::size_t>(t)];
}

const recording_schema& recording_schema::current() {
    static const recording_schema schema;
    return schema;
}

recording_schema::recording_schema() {
    for (std::size_t i = 0; i <= static_cast<std::size_t>(event_kind::note); ++i) {
        const auto kind = static_cast<event_kind>(i);
        recorded_kind k{.name = std::string(to_string(kind)), .known = kind, .members = {}};
        for (const event_member& m : members_of(kind)) {
            k.members.push_back(member(m.name, type_of(m)));
            k.members.back().known = &m;
        }
        kinds_.push_back(std::move(k));
    }
}

recording_schema::recording_schema(const nlohmann::ordered_json& kinds) {
    if (!kinds.is_object()) throw input_error("kinds: " + shown(kinds) + ": expected an object");
    for (const auto& [name, members] : kinds.items()) {
        const std::string path = path_to("kinds", name);
        if (!members.is_object()) throw input_error(path + ": " + shown(members) + ": expected an object");
        recorded_kind k{.name = name, .known = parse_event_kind(name), .members = {}};
        for (const auto& [word, type] : members.items()) {
            recorded_member m = member(word, parse_wire_type(type, path_to(path, word)));
            m.known = k.known ? find_member(*k.known, word) : nullptr;
            if (m.known && type_of(*m.known) != m.type)
                throw input_error(path_to(path, word) + ": " + shown(type) + ": expected \"" +
                                  std::string(to_string(type_of(*m.known))) + '"');
            k.members.push_back(std::move(m));
        }
        kinds_.push_back(std::move(k));
    }
}

recorded_member recording_schema::member(std::string name, wire_type type) {
    auto slot = std::find(slots_.begin(), slots_.end(), name);
    if (slot == slots_.end()) slot = slots_.insert(slot, name);
    return {.name = std::move(name),
            .type = type,
            .slot = static_cast<std::size_t>(slot - slots_.begin()),
            .known = nullptr};
}

nlohmann::ordered_json recording_schema::to_json() const {
    nlohmann::ordered_json kinds;
    for (const recorded_kind& k : kinds_) {
        nlohmann::ordered_json& members = kinds[k.name] = nlohmann::ordered_json::object();
        for (const recorded_member& m : k.members) members[m.name] = to_string(m.type);
    }
    return kinds;
}

} // namespace lab
