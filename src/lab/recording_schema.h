// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event_members.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the events of a recording are made of, by names, as its header says it. A program reads the files of
/// an older one (what they lack keeps its default) and of a newer one (what it does not know is passed over).
namespace lab {

/// How a member is written.
enum class wire_type : std::uint8_t { id, integer, real, flag, text, ids, time, word };

std::string_view to_string(wire_type t);

struct recorded_member {
    std::string name;
    wire_type type = wire_type::id;
    std::size_t slot = 0;                ///< ids: members of one name share the value they differ from
    const event_member* known = nullptr; ///< none: passed over
};

struct recorded_kind {
    std::string name;
    std::optional<event_kind> known; ///< none: its events are read as notes, so that no number is missing
    std::vector<recorded_member> members;
};

class recording_schema {
  public:
    /// What this program writes.
    static const recording_schema& current();

    /// The member `kinds` of a header. Throws input_error that names the member.
    explicit recording_schema(const nlohmann::ordered_json& kinds);

    nlohmann::ordered_json to_json() const;

    const std::vector<recorded_kind>& kinds() const { return kinds_; }
    std::size_t id_places() const { return slots_.size(); }

    /// Where `k` stands among kinds(). Only in current().
    std::size_t place(event_kind k) const { return static_cast<std::size_t>(k); }

  private:
    recording_schema();
    recorded_member member(std::string name, wire_type type);

    std::vector<recorded_kind> kinds_;
    std::vector<std::string> slots_; ///< names of members
};

} // namespace lab
