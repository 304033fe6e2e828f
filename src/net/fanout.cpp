// SPDX-License-Identifier: MIT
#include "net/lab_request.h"
#include "net/teaching.h"

#include "ctx/group.h"
#include "ctx/timer.h"
#include "lab/durations.h"
#include "lab/state_json.h"

#include <memory>
#include <vector>

namespace net {
namespace {

using namespace std::chrono_literals;
using lab::laboratory;

/// What became of one worker. Written by it alone, read when the group has ended.
struct fate {
    std::string what;
    ctx::duration elapsed{};
};

/// One of the group: works, and then succeeds or fails; or leaves when the context ends.
ctx::task<ctx::error> backend(hub* h, ctx::context c, std::string name, ctx::duration work, bool fails,
                              std::shared_ptr<fate> mine) {
    laboratory::worker_scope worker(h->lab, c, "backend", name,
                                    "g.Go(func() error { return backend(ctx, i) })");
    const auto clock = ctx::clock_of(c);
    const ctx::time_point start = clock->now();
    ctx::timer timer(work, clock);
    worker.waiting("select on Done and a timer of " + lab::duration_text(work));
    const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
    mine->elapsed = ctx::saturating_sub(clock->now(), start);
    ctx::error e;
    if (first == 1) {
        timer.stop();
        worker.noticed();
        e = c.err();
        mine->what = e.text();
    } else if (fails) {
        e = ctx::error(name + " failed");
        mine->what = "failed";
    } else {
        mine->what = "finished";
    }
    worker.exit(fails && first == 0 ? "failed: " + e.text() : mine->what);
    co_return e;
}

struct plan {
    std::int64_t n = 8;
    ctx::duration work = 1s;
    std::optional<std::int64_t> fail; ///< which one, from 0
    ctx::duration after = 100ms;
};

plan read_plan(const query& q) {
    plan p;
    p.n = q.integer("n", 1, 1000).value_or(8);
    p.work = q.duration("work").value_or(1s);
    p.fail = q.integer("fail", 0, p.n - 1);
    p.after = q.duration("after").value_or(100ms);
    return p;
}

std::string fates_json(const std::vector<std::shared_ptr<fate>>& fates, const ctx::error& e) {
    nlohmann::ordered_json j;
    if (e) j["error"] = e.text();
    j["workers"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < fates.size(); ++i)
        j["workers"].push_back(
            {{"worker", i}, {"fate", fates[i]->what}, {"elapsed_ms", lab::ms_json(fates[i]->elapsed)}});
    return lab::json_text(j);
}

void fan_out(hub& h, exchange& x) {
    const plan p = read_plan(query(x.request));
    lab_request request(h, x);
    const ctx::context& c = request.context();
    std::vector<std::shared_ptr<fate>> fates;
    ctx::error e;
    {
        laboratory::worker_scope worker(h.lab, c, "handler", "fanout",
                                        "g, ctx := errgroup.WithContext(ctx); ...; err := g.Wait()");
        auto [group, shared] = [&] {
            const laboratory::naming name("errgroup");
            return ctx::err_group::with_context(c, h.pool);
        }();
        for (std::int64_t i = 0; i < p.n; ++i) {
            const bool fails = p.fail == i;
            fates.push_back(std::make_shared<fate>());
            group.go(backend, &h, shared, "backend " + std::to_string(i), fails ? p.after : p.work, fails,
                     fates.back());
        }
        worker.waiting("errgroup.Wait for " + std::to_string(p.n) + " workers");
        e = group.wait();
        if (c.err()) {
            worker.noticed();
            worker.exit(c.err().text());
        }
    }
    if (c.err()) return request.answer_done(c);
    request.answer(e ? 502 : 200, fates_json(fates, e), "application/json");
}

} // namespace

void add_fanout(router& r, hub& h) {
    r.add("GET", "/fanout", [&h](exchange& x, std::uint64_t) { fan_out(h, x); });
}

} // namespace net
