// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/object_reader.h"

/// The members of a JSON object that say what to make, for scenario files and the API alike.
///
///     lab::object_reader r(body);
///     lab::new_context c = lab::read_context(r);
///     c.parent = r.integer("parent", 1, max).value_or(lab::root_id);
///     r.refuse_unknown();
///
/// They throw field_error. Whom a command is about (`parent`, `context`, `cancels`) is the caller's business.
namespace lab {

/// kind, name, and by kind: timeout, deadline_ms (with_deadline kinds, instead of timeout), cause, key,
/// value.
new_context read_context(object_reader& r);

/// kind, name, and the fields of the kind. What is left out has the kind's fallbacks afterwards.
new_worker read_worker(object_reader& r);

/// method, path, body, count, timeout, abort_after.
send_request read_request(object_reader& r);

/// Laboratory time ends here for commands: ten days.
inline constexpr std::int64_t last_ms = 864'000'000;

} // namespace lab
