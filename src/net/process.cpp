// SPDX-License-Identifier: MIT
#include "net/lab_request.h"
#include "net/teaching.h"

#include "ctx/select.h"
#include "ctx/timer.h"
#include "lab/durations.h"

namespace net {
namespace {

using namespace std::chrono_literals;

/// What the worker says when it leaves because of Done: the words of the program that all this began with for
/// a cancellation, the error's text for a deadline.
std::string reason_of(const ctx::context& c) {
    return c.err() == ctx::canceled ? "request cancelled" : c.err().text();
}

void process(hub& h, exchange& x) {
    const query q(x.request);
    const auto work = q.duration("work").value_or(2s);
    const auto timeout = q.duration("timeout");

    lab_request request(h, x);
    const shown_timeout limited(h, request.context(), timeout);
    const ctx::context& c = limited.context();
    std::size_t first = 0;
    {
        lab::laboratory::worker_scope worker(h.lab, c, "handler", "process",
                                             "select { case <-time.After(work): write(\"request "
                                             "processed\"); case <-ctx.Done(): log(\"request cancelled\") }");
        ctx::timer timer(work, ctx::clock_of(c));
        worker.waiting("select on Done and a timer of " + lab::duration_text(work));
        first = ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
        if (first == 1) {
            timer.stop();
            worker.noticed();
            worker.exit(reason_of(c));
        }
    }
    if (first == 0)
        request.answer(200, "request processed");
    else
        request.answer_done(c);
}

} // namespace

void add_process(router& r, hub& h) {
    r.add("GET", "/process", [&h](exchange& x, std::uint64_t) { process(h, x); });
}

} // namespace net
