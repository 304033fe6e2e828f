// SPDX-License-Identifier: MIT
#pragma once

#include "net/hub.h"
#include "net/router.h"

/// The endpoints that teach: handlers as one writes them in Go, on live contexts, shown as workers of the
/// laboratory.
///
///     GET /process?work=2s&timeout=      works, or heeds Done
///     GET /search?q=&timeout=&backend=   the Go blog's search server
///     GET /fanout?n=&work=&fail=&after=  an errgroup
///     GET /leak?for=                     a worker that ignores Done
///     GET /chain?depth=&timeout=&work=   calls itself with the client, handing its budget down
///
/// Parameters are checked before anything is made: a bad request appears nowhere.
namespace net {

void add_process(router& r, hub& h);
void add_search(router& r, hub& h);
void add_fanout(router& r, hub& h);
void add_leak(router& r, hub& h);
void add_chain(router& r, hub& h);

} // namespace net
