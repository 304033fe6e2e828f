// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <span>
#include <string>
#include <variant>

/// Which members of `event` a kind fills, and what the file format calls them.
namespace lab {

using member_name = std::string;

struct event_member {
    member_name name;
    std::variant<id_t event::*, std::int64_t event::*, double event::*, bool event::*, std::string event::*,
                 std::vector<id_t> event::*, std::optional<lab_time> event::*, context_kind event::*,
                 request_state event::*, client_state event::*, clock_mode event::*>
        at;
};

std::span<const event_member> members_of(event_kind k);

} // namespace lab
