// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// The closed sets of words that events, states, commands, the API and the scenario files share.
/// Each enum has `to_string` (the word used in JSON) and a parser that refuses anything else.
namespace lab {

enum class context_kind : std::uint8_t {
    background,
    todo,
    with_cancel,
    with_cancel_cause,
    with_deadline,
    with_deadline_cause,
    with_timeout,
    with_timeout_cause,
    with_value,
    without_cancel,
    after_func,
    custom,
};

enum class context_state : std::uint8_t { active, canceled, deadline_exceeded };

/// `running`: on the scheduler or computing. `waiting`: blocked in a select, a receive, a send or a sleep.
/// `leaked`: still alive although its context is done and it is not about to look.
enum class worker_state : std::uint8_t { running, waiting, leaked, exited };

enum class request_state : std::uint8_t { active, finished, client_gone, timed_out };

/// How a call of the built-in client ended, as the caller saw it.
enum class client_state : std::uint8_t { in_flight, answered, aborted, timed_out, failed };

enum class clock_mode : std::uint8_t { virtual_time, real_time };

/// How far one step goes: `hook`, one hook of the library; `node`, one context; `wave`, a whole propagation;
/// `reaction`, until the next worker notices or exits; `timer`, to the next thing that is due.
enum class step_size : std::uint8_t { hook, node, wave, reaction, timer };

std::string_view to_string(context_kind k);
std::string_view to_string(context_state s);
std::string_view to_string(worker_state s);
std::string_view to_string(request_state s);
std::string_view to_string(client_state s);
std::string_view to_string(clock_mode m);
std::string_view to_string(step_size s);

std::optional<context_kind> parse_context_kind(std::string_view text);
std::optional<step_size> parse_step_size(std::string_view text);
std::optional<clock_mode> parse_clock_mode(std::string_view text);
std::optional<request_state> parse_request_state(std::string_view text);
std::optional<client_state> parse_client_state(std::string_view text);

/// Has a Done channel of its own: everything but the roots, values and WithoutCancel.
bool owns_done(context_kind k);
/// Is made with a deadline of its own (WithDeadline, WithTimeout and their Cause forms).
bool takes_deadline(context_kind k);
/// A cause may be given when it is cancelled (WithCancelCause).
bool takes_cancel_cause(context_kind k);
/// A cause may be given when it is made (WithDeadlineCause, WithTimeoutCause).
bool takes_deadline_cause(context_kind k);
/// Go's name of the function: `WithTimeoutCause`, `Background` ...
std::string_view go_name(context_kind k);

} // namespace lab
