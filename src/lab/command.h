// SPDX-License-Identifier: MIT
#pragma once

#include "lab/ids.h"
#include "lab/kinds.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What can be asked of a laboratory: value types that the window, the API, scenarios and the CLI all send.
namespace lab {

struct scenario;
struct rerun;

struct new_context {
    id_t parent = root_id;
    context_kind kind = context_kind::with_cancel;
    std::string name;                             ///< display name; empty: one is made
    std::optional<std::chrono::nanoseconds> timeout; ///< with_timeout kinds; also accepted by with_deadline kinds
    std::optional<lab_time> at;                   ///< with_deadline kinds: laboratory time
    std::string cause;                            ///< kinds that take one when made
    std::string key, value;                       ///< with_value
    id_t cancels = 0;                             ///< after_func: a context its callback cancels
};

struct cancel_context {
    id_t context = 0;
    std::optional<std::string> cause; ///< only for with_cancel_cause; empty text: nil
};

struct look_up_value {
    id_t context = 0;
    std::string key;
};

/// The union of all worker kinds' fields; `worker_kinds()` says which kind takes which.
struct new_worker {
    id_t context = root_id;
    std::string kind = "wait";
    std::string name;
    std::optional<std::chrono::nanoseconds> every, duration, check_every, fail_after; ///< `duration` is `for` in JSON
    std::string fail;
    std::string channel;
    std::optional<std::int64_t> count, stages, n, fail_index;
};

/// `finish`: as far as anything can happen, at most `by`; the clock stays where the last thing happened.
/// `hold`: step mode, without a step: whoever acts stops at the next hook.
enum class clock_action : std::uint8_t { run, pause, step, advance, finish, set_speed, set_mode, hold };

struct change_clock {
    clock_action action = clock_action::run;
    std::chrono::nanoseconds by{};       ///< advance
    step_size size = step_size::node;    ///< step
    double speed = 1;                    ///< set_speed: 1/16 to 16
    clock_mode mode = clock_mode::virtual_time;
};

/// Ends every context and worker, empties the log's picture, and starts `with` (or an empty laboratory), or executes
/// an earlier life again and goes on from there, paused; the reply comes when that has been done.
struct reset_lab {
    std::shared_ptr<const scenario> with = {};
    std::shared_ptr<const rerun> from = {};
};

/// Takes contexts that are done, and have no live worker or live descendant, out of the picture.
struct sweep {};

/// Sends a request with the built-in client. Needs a laboratory that has an HTTP half.
struct send_request {
    std::string method = "GET";
    std::string path; ///< "/process?work=2s"; the embedded server's address is put in front
    std::string body;
    int count = 1;                                        ///< how many at once
    std::optional<std::chrono::nanoseconds> timeout;      ///< a WithTimeout context around the call
    std::optional<std::chrono::nanoseconds> abort_after;  ///< the client goes away
};

struct abort_request {
    id_t client = 0; ///< 0: all in flight
};

using command = std::variant<new_context, cancel_context, look_up_value, new_worker, change_clock, reset_lab, sweep,
                             send_request, abort_request>;

/// What became of a command. `status` uses HTTP's numbers because the API passes it on: 200, 201, 400, 404, 409, 429.
struct reply {
    int status = 200;
    std::string error; ///< what is wrong, and with which field; empty when ok
    id_t id = 0;       ///< what was made
    std::string err, cause;       ///< cancel_context
    bool found = false;           ///< look_up_value
    std::string value;
    std::vector<id_t> path;

    bool ok() const { return status < 300; }
};

/// One field of a worker kind, for dialogs, for the API's list and for checking input.
struct worker_field {
    enum class type : std::uint8_t { duration, text, integer };
    std::string name; ///< as in JSON: "every", "for", "check_every", "count" ...
    type kind = type::duration;
    std::string fallback; ///< what it is when left out; empty: required
    std::string help;
    std::int64_t least = 0; ///< nanoseconds, value, or bytes of text
    std::int64_t most = 0;
};

struct worker_kind {
    std::string name;
    std::string help;
    std::string go_code; ///< the Go it teaches
    std::vector<worker_field> fields;
};

/// Every kind there is, in the order in which they are taught.
const std::vector<worker_kind>& worker_kinds();
const worker_kind* find_worker_kind(std::string_view name);

/// Sets a field by its description; the overload must match `f.kind`.
void set_field(new_worker& w, const worker_field& f, std::chrono::nanoseconds d);
void set_field(new_worker& w, const worker_field& f, std::int64_t n);
void set_field(new_worker& w, const worker_field& f, std::string text);

/// Sets what was left out to the kind's fallbacks, and says what is wrong with the rest
/// (`n: 0: expected 1 to 1000`); empty if nothing is.
std::string complete(new_worker& w);

} // namespace lab
