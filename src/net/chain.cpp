// SPDX-License-Identifier: MIT
#include "net/lab_request.h"
#include "net/teaching.h"

#include "ctx/select.h"
#include "ctx/timer.h"
#include "lab/durations.h"

#include <algorithm>

namespace net {
namespace {

using namespace std::chrono_literals;
using lab::laboratory;

constexpr const char* budget_header = "Ctxlab-Budget";
constexpr std::int64_t most_depth = 32;
constexpr std::int64_t day_ms = 86'400'000;

struct link {
    std::int64_t depth = 3;
    ctx::duration work = 200ms;
    std::optional<ctx::duration> limit; ///< the smaller one of `timeout` and what the caller has left
};

link read_link(const httplib::Request& r) {
    const query q(r);
    link l;
    l.depth = q.integer("depth", 1, most_depth).value_or(l.depth);
    l.work = q.duration("work").value_or(l.work);
    l.limit = q.duration("timeout");
    if (r.has_header(budget_header)) {
        const ctx::duration budget = std::chrono::milliseconds(
            parse_integer(budget_header, r.get_header_value(budget_header), 0, day_ms));
        l.limit = std::min(l.limit.value_or(budget), budget);
    }
    return l;
}

/// Deadlines do not travel in HTTP by themselves (HTTP-062): what is left goes into a header.
call next_call(const hub& h, const ctx::context& c, const link& l) {
    call next;
    next.url = h.url + "/chain?depth=" + std::to_string(l.depth - 1) + "&work=" + lab::duration_text(l.work);
    if (const auto deadline = c.deadline()) {
        const auto left = std::chrono::floor<std::chrono::milliseconds>(
            ctx::saturating_sub(*deadline, ctx::clock_of(c)->now()));
        next.headers.emplace_back(budget_header,
                                  std::to_string(std::clamp<std::int64_t>(left.count(), 0, day_ms)));
    }
    return next;
}

/// Works, then calls the next one; a status of 0 means that the context ended.
struct link_result {
    int status = 0;
    std::string text;
};

link_result follow(hub& h, const ctx::context& c, const link& l, laboratory::worker_scope& worker) {
    const std::string worked =
        "depth " + std::to_string(l.depth) + ": worked " + lab::duration_text(l.work) + "\n";
    ctx::timer timer(l.work, ctx::clock_of(c));
    worker.waiting("select on Done and a timer of " + lab::duration_text(l.work));
    const std::size_t first = ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    if (first == 1) {
        timer.stop();
        return {};
    }
    if (l.depth == 1) return {200, worked};
    worker.waiting("the answer of the next server, or Done");
    const answer a = h.client.send(c, next_call(h, c, l));
    if (c.err()) return {};
    if (a.error) return {502, a.error.text()};
    return {a.status == 200 || a.status == 504 ? a.status : 502, a.status == 200 ? worked + a.body : a.body};
}

void chain(hub& h, exchange& x) {
    const link l = read_link(x.request);
    lab_request request(h, x);
    const shown_timeout limited(h, request.context(), l.limit);
    const ctx::context& c = limited.context();
    link_result r;
    {
        laboratory::worker_scope worker(
            h.lab, c, "handler", "chain " + std::to_string(l.depth),
            "req.Header.Set(\"Ctxlab-Budget\", left(ctx)); res, err := client.Do(req.WithContext(ctx))");
        r = follow(h, c, l, worker);
        if (r.status == 0) {
            worker.noticed();
            worker.exit(c.err().text());
        }
    }
    if (r.status == 0)
        request.answer_done(c);
    else
        request.answer(r.status, r.text);
}

} // namespace

void add_chain(router& r, hub& h) {
    r.add("GET", "/chain", [&h](exchange& x, std::uint64_t) { chain(h, x); });
}

} // namespace net
