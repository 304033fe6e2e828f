// SPDX-License-Identifier: MIT
#pragma once

#include "lab/ids.h"
#include "lab/kinds.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// What can happen in a laboratory. The comment names the members of `event` that the kind fills, beside
/// `seq`, `at` and `wall`.
enum class event_kind : std::uint8_t {
    lab_started,      ///< value: seed, name: scenario name (empty: none), text: its title
    clock_changed,    ///< mode, on (running), speed, value: 1 while steps are taken, else 0
    command_issued,   ///< text: what was asked, in words; name: by whom ("you", "api", "scenario")
    command_refused,  ///< text: why
    context_created,  ///< context, parent, ctx_kind, name, text: own part of Go's printed form (".WithCancel"),
                      ///<   deadline (own, laboratory time), key, data (value), on: born done
    cancel_called,    ///< context, err, cause: the call that starts a propagation (not for a deadline);
                      ///<   worker: in whose code, by: in which AfterFunc's function (0: neither)
    deadline_expired, ///< context: its timer fired
    child_visited,    ///< context, parent: the propagation reaches a registered child; value: its place, from 1,
                      ///<   of: how many there were
    context_done,     ///< context, err, cause, by: the context whose cancellation this came from (itself if root of it),
                      ///<   value: how many wait for its Done
    waiters_woken,    ///< context, value: how many have been told that its Done is closed
    found_done,       ///< context: a cancellation comes to it and changes nothing, by: where that began, on: it
                      ///<   waits until another thread's has gone through
    wave_finished,    ///< context: the root of the propagation, value: contexts cancelled by it
    context_detached, ///< context, parent: no longer registered with its parent
    timer_stopped,    ///< context
    context_dropped,  ///< context: the last reference is gone
    after_func_run,   ///< context: the registration whose callback starts
    value_asked,      ///< context, by: where the search began, key, on: it ends here
    value_looked_up,  ///< context, key, on (found), data (value), path (ids walked, the finder last)
    swept,            ///< path: contexts taken out of the picture (done, without live workers or descendants)
    worker_started,   ///< worker, context, name, text: kind, data: its code as one line of Go
    worker_running,   ///< worker
    worker_waiting,   ///< worker, text: what it waits for in words ("select on Done and a timer of 2s")
    worker_noticed,   ///< worker, context: it has seen Done or Err
    worker_leaked,    ///< worker, context
    worker_exited,    ///< worker, context, text: reason
    request_started,  ///< request, context, method (name), path (text), data: peer, by: client call or 0
    request_ended,    ///< request, context, value: HTTP status (0: none sent), text: fate in words, req_state
    client_sent,      ///< client, name: method, text: URL
    client_ended,     ///< client, cli_state, value: HTTP status or 0, text: error or start of the body
    note,             ///< text: anything else worth a line (a server started, a port was taken)
};

/// One line of the truth. Value type; never changed after it was appended.
struct event {
    std::uint64_t seq = 0; ///< gapless from 1
    lab_time at{};         ///< laboratory time
    std::int64_t wall_ns = 0; ///< wall time since the log began; 0 in a deterministic run on the virtual clock
    event_kind kind = event_kind::note;

    context_kind ctx_kind = context_kind::background;
    request_state req_state = request_state::active;
    client_state cli_state = client_state::in_flight;
    clock_mode mode = clock_mode::virtual_time;
    bool on = false;
    double speed = 1;

    id_t context = 0;
    id_t parent = 0;
    id_t by = 0;
    id_t worker = 0;
    id_t request = 0;
    id_t client = 0;
    std::int64_t value = 0;
    std::int64_t of = 0;
    std::optional<lab_time> deadline;

    std::string name;
    std::string text;
    std::string key;
    std::string data;
    std::string err;
    std::string cause;
    std::vector<id_t> path;

    friend bool operator==(const event&, const event&) = default;
};

std::string_view to_string(event_kind k);
std::optional<event_kind> parse_event_kind(std::string_view text);

} // namespace lab
