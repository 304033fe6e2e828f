// SPDX-License-Identifier: MIT
#pragma once

#include "lab/command.h"
#include "lab/command_json.h"
#include "lab/object_reader.h"
#include "net/hub.h"
#include "net/router.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

/// The JSON API under /api/v1: what the laboratory's commands can do, and what it shows.
///
///     GET  state                    POST contexts                 POST workers     POST clock
///     GET  events?since=            POST contexts/{id}/cancel     GET workers/kinds
///     POST requests                 GET  contexts/{id}/value?key= POST reset
///     GET  held
///
/// A body is read and checked completely before anything is done. None of these requests appears in the
/// laboratory.
namespace net {

void add_api_reads(router& r, hub& h);
void add_api_contexts(router& r, hub& h);
void add_api_workers(router& r, hub& h);
void add_api_clock(router& r, hub& h);
void add_api_held(router& r, hub& h);
void add_api_events(router& r, hub& h);

/// A request's body as JSON: `{}` if there is none. Throws request_error (415) for another content type, and
/// lab::input_error for what is not JSON.
nlohmann::json read_json(const exchange& x);

/// The largest id, and number, that JSON readers agree on.
inline constexpr std::int64_t most_id = (std::int64_t{1} << 53) - 1;

/// Has the laboratory do it. Calls `then` with a good reply; a refusal is answered here. While step mode
/// holds the laboratory the reply may take long: a client that leaves is not waited for.
void command(hub& h, exchange& x, lab::command c, const std::function<void(const lab::reply&)>& then);

} // namespace net
