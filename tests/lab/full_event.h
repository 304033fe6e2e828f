// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

/// An event with every member that its kind fills, and no other.
inline lab::event full(lab::event_kind k) {
    using lab::event_kind;
    lab::event e{.seq = 12, .at = lab::lab_time(1'500'000), .wall_ns = 77, .kind = k};
    switch (k) {
    case event_kind::lab_started:
        e.value = -7, e.name = "leak", e.text = "A leak";
        break;
    case event_kind::clock_changed:
        e.mode = lab::clock_mode::real_time, e.on = true, e.speed = 0.25, e.value = 1;
        break;
    case event_kind::command_issued:
        e.text = "cancel req", e.name = "you";
        break;
    case event_kind::context_created:
        e.context = 3, e.parent = 2, e.ctx_kind = lab::context_kind::with_timeout_cause, e.name = "req \"A\"";
        e.text = ".WithDeadline(...)", e.deadline = lab::lab_time(-5), e.key = "k", e.data = "v", e.on = true;
        break;
    case event_kind::cancel_called:
        e.context = 3, e.err = "context canceled", e.cause = "enough", e.worker = 4, e.by = 5;
        break;
    case event_kind::child_visited:
        e.context = 3, e.parent = 2, e.value = 1, e.of = 6;
        break;
    case event_kind::waiters_woken:
        e.context = 3, e.value = 2;
        break;
    case event_kind::found_done:
        e.context = 3, e.by = 2, e.on = true;
        break;
    case event_kind::value_asked:
        e.context = 2, e.by = 3, e.key = "k", e.on = true;
        break;
    case event_kind::context_detached:
        e.context = 3, e.parent = 2;
        break;
    case event_kind::context_done:
        e.context = 3, e.err = "context canceled", e.cause = "enough", e.by = 2, e.value = 1;
        break;
    case event_kind::wave_finished:
        e.context = 3, e.value = 4;
        break;
    case event_kind::value_looked_up:
        e.context = 3, e.key = "k", e.on = true, e.data = "v", e.path = {3, 2, 1};
        break;
    case event_kind::swept:
        e.path = {3, 4};
        break;
    case event_kind::worker_started:
        e.worker = 1, e.context = 3, e.name = "w", e.text = "wait", e.data = "<-ctx.Done()";
        break;
    case event_kind::worker_running:
        e.worker = 1;
        break;
    case event_kind::worker_waiting:
        e.worker = 1, e.text = "Done";
        break;
    case event_kind::worker_exited:
        e.worker = 1, e.context = 3, e.text = "finished";
        break;
    case event_kind::worker_noticed:
    case event_kind::worker_leaked:
        e.worker = 1, e.context = 3;
        break;
    case event_kind::request_started:
        e.request = 5, e.context = 3, e.name = "GET", e.text = "/leak", e.data = "127.0.0.1:9", e.by = 6;
        break;
    case event_kind::request_ended:
        e.request = 5, e.context = 3, e.value = 504, e.text = "too late",
        e.req_state = lab::request_state::timed_out;
        break;
    case event_kind::client_sent:
        e.client = 6, e.name = "GET", e.text = "http://127.0.0.1/leak";
        break;
    case event_kind::client_ended:
        e.client = 6, e.cli_state = lab::client_state::failed, e.value = 0, e.text = "refused";
        break;
    case event_kind::command_refused:
    case event_kind::note:
        e.text = "a line";
        break;
    default:
        e.context = 3;
        break;
    }
    return e;
}
