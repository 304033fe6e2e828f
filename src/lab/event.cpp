// SPDX-License-Identifier: MIT
#include "lab/event.h"

#include <array>
#include <cstddef>

namespace lab {

namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 30> event_kinds{
    "lab_started",
    "clock_changed",
    "command_issued",
    "command_refused",
    "context_created",
    "cancel_called",
    "deadline_expired",
    "child_visited",
    "context_done",
    "waiters_woken",
    "found_done",
    "wave_finished",
    "context_detached",
    "timer_stopped",
    "context_dropped",
    "after_func_run",
    "value_asked",
    "value_looked_up",
    "swept",
    "worker_started",
    "worker_running",
    "worker_waiting",
    "worker_noticed",
    "worker_leaked",
    "worker_exited",
    "request_started",
    "request_ended",
    "client_sent",
    "client_ended",
    "note",
};
static_assert(event_kinds.size() == static_cast<std::size_t>(event_kind::note) + 1);

} // namespace

std::string_view to_string(event_kind k) {
    return event_kinds[static_cast<std::size_t>(k)];
}

std::optional<event_kind> parse_event_kind(std::string_view text) {
    for (std::size_t i = 0; i < event_kinds.size(); ++i) {
        if (event_kinds[i] == text) return static_cast<event_kind>(i);
    }
    return std::nullopt;
}

} // namespace lab
