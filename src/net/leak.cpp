// SPDX-License-Identifier: MIT
#include "net/lab_request.h"
#include "net/teaching.h"

#include "ctx/group.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "lab/durations.h"

#include <atomic>

namespace net {
namespace {

using namespace std::chrono_literals;

constexpr int most_leaks = 1000;

/// Sleeps without looking at its context. Only its time, a reset, and the end of the service wake it.
ctx::task<> stubborn(hub* h, ctx::context c, std::shared_ptr<const lab_life> life, ctx::duration d,
                     std::shared_ptr<std::atomic<int>> alive) {
    {
        lab::laboratory::worker_scope worker(h->lab, c, "stubborn", "leak",
                                             "time.Sleep(work) // ctx is never asked");
        const ctx::timer timer(d, ctx::clock_of(c));
        worker.waiting("time.Sleep of " + lab::duration_text(d));
        const std::size_t first =
            co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(life->over), ctx::recv(h->stopping));
        if (first != 0) worker.exit("the laboratory ended it");
    }
    alive->fetch_sub(1);
}

void leak(hub& h, exchange& x, const std::shared_ptr<std::atomic<int>>& alive) {
    const auto d = query(x.request).duration("for").value_or(10s);
    if (alive->fetch_add(1) >= most_leaks) {
        alive->fetch_sub(1);
        throw request_error(429, "too many live objects: at most " + std::to_string(most_leaks) +
                                     " leaked workers");
    }
    lab_request request(h, x);
    h.leaked.go(h.pool, stubborn, &h, request.context(), request.life(), d, alive);
    request.answer(200, "started a worker that ignores Done for " + lab::duration_text(d) + "\n");
}

} // namespace

void add_leak(router& r, hub& h) {
    r.add("GET", "/leak", [&h, alive = std::make_shared<std::atomic<int>>(0)](exchange& x, std::uint64_t) {
        leak(h, x, alive);
    });
}

} // namespace net
