// SPDX-License-Identifier: MIT
#include "lab/workers.h"

#include "lab/durations.h"
#include "lab/world.h"

#include <string>

/// The worker kinds, each written as the Go it teaches (worker_kinds.cpp shows that Go).
namespace lab {
namespace {

using std::chrono::nanoseconds;
using result = ctx::task<std::string>; // why the worker exited

/// What a worker's code has at hand: its place in the laboratory, and its context.
struct self {
    world* lab = nullptr; // outlives its workers
    id_t id = 0;
    ctx::context context;

    /// Says in words what the next select waits for.
    void waits_for(std::string_view what) const { lab->about_to_wait(id, what); }
    /// It has seen Done: what it exits with.
    std::string canceled() const {
        lab->worker_noticed(id);
        return context.err().text();
    }
};

/// A worker's function, with its exit shown.
template <class F, class... A>
ctx::task<> shown(self me, F function, A... arguments) {
    co_await ctx::tag_worker{me.id};
    me.lab->resumed(me.id);
    const std::string reason = co_await function(me, std::move(arguments)...);
    me.lab->worker_exited(me.id, reason);
}

struct looks {
    std::string_view kind;
    std::string name;
    std::string_view code;
    nanoseconds grace{};
};

template <class F, class... A>
id_t launch(world& w, const ctx::context& c, looks l, F function, A... arguments) {
    const self me{&w, w.worker_started(c, l.kind, std::move(l.name), l.code, l.grace), c};
    ctx::go(w.scheduler(), shown<F, A...>, me, std::move(function), std::move(arguments)...);
    return me.id;
}

result wait(self me) {
    me.waits_for("select on Done");
    co_await ctx::select(ctx::recv(me.context.done()));
    co_return me.canceled();
}

result poller(self me, nanoseconds every) {
    ctx::ticker ticker(every);
    const std::string what = "select on Done and a ticker of " + duration_text(every);
    for (;;) {
        me.waits_for(what);
        if (co_await ctx::select(ctx::recv(ticker.channel()), ctx::recv(me.context.done())) == 1) {
            ticker.stop();
            co_return me.canceled();
        }
    }
}

result work(self me, nanoseconds duration) {
    me.waits_for("select on Done and a timer of " + duration_text(duration));
    ctx::timer timer(duration);
    if (co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(me.context.done())) == 0)
        co_return "finished";
    timer.stop();
    co_return me.canceled();
}

result operation(self me, nanoseconds duration, std::string fail) {
    me.waits_for("select on Done and a timer of " + duration_text(duration));
    ctx::timer timer(duration);
    if (co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(me.context.done())) == 0) {
        me.lab->cancel_from_worker(me.context, fail);
        co_return "failed: " + fail;
    }
    timer.stop();
    co_return me.canceled();
}

result stubborn(self me, nanoseconds duration) {
    me.waits_for("sleeps for " + duration_text(duration) + " without looking at Done");
    const ctx::timer timer(duration);
    co_await ctx::select(ctx::recv(timer.channel()));
    co_return "finished";
}

result cpu(self me, nanoseconds duration, nanoseconds slice) {
    for (nanoseconds left = duration; left.count() > 0; left -= slice) {
        // A slice of computing takes laboratory time: nothing else can reach this worker before it is over.
        me.waits_for("computes for " + duration_text(std::min(left, slice)));
        const ctx::timer timer(std::min(left, slice));
        co_await ctx::select(ctx::recv(timer.channel()));
        if (me.context.err()) co_return me.canceled();
    }
    co_return "finished";
}

/// A pause that Done interrupts. False: Done came first.
ctx::task<bool> pause(self me, nanoseconds duration) {
    if (duration.count() <= 0) co_return true;
    me.waits_for("select on Done and a timer of " + duration_text(duration));
    ctx::timer timer(duration);
    if (co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(me.context.done())) == 0) co_return true;
    timer.stop();
    co_return false;
}

result producer(self me, ctx::chan<std::int64_t> out, std::string channel, std::int64_t count,
                nanoseconds every) {
    for (std::int64_t i = 0; i < count; ++i) {
        me.waits_for("select on Done and a send on " + channel);
        if (co_await ctx::select(ctx::send(out, i), ctx::recv(me.context.done())) == 1)
            co_return me.canceled();
        if (!co_await pause(me, every)) co_return me.canceled();
    }
    co_return "sent " + std::to_string(count);
}

result consumer(self me, ctx::chan<std::int64_t> in, std::string channel, std::int64_t count,
                nanoseconds every) {
    for (std::int64_t i = 0; i < count; ++i) {
        me.waits_for("select on Done and a receive from " + channel);
        if (co_await ctx::select(ctx::recv(in), ctx::recv(me.context.done())) == 1) co_return me.canceled();
        if (!co_await pause(me, every)) co_return me.canceled();
    }
    co_return "received " + std::to_string(count);
}

/// A stage closes its output when it leaves, whatever the reason (CHN-068).
result stage(self me, ctx::recv_chan<std::int64_t> in, ctx::chan<std::int64_t> out, std::int64_t source) {
    std::string reason;
    for (std::int64_t handled = 0; reason.empty(); ++handled) {
        std::int64_t v = handled;
        bool more = handled < source;
        if (in) {
            me.waits_for("select on Done and a receive from the stage before");
            if (co_await ctx::select(ctx::recv(in, v, more), ctx::recv(me.context.done())) == 1)
                reason = me.canceled();
        }
        if (reason.empty() && !more) reason = "passed " + std::to_string(handled) + " on";
        if (!reason.empty() || !out) continue;
        me.waits_for("select on Done and a send to the next stage");
        if (co_await ctx::select(ctx::send(out, v), ctx::recv(me.context.done())) == 1)
            reason = me.canceled();
    }
    if (out) out.close();
    co_return reason;
}

id_t start_pipeline(world& w, const ctx::context& c, const new_worker& spec, std::string_view code) {
    id_t first = 0;
    ctx::recv_chan<std::int64_t> in;
    const std::string name = spec.name.empty() ? "pipeline" : spec.name;
    for (std::int64_t i = 1; i <= *spec.stages; ++i) {
        const ctx::chan<std::int64_t> out =
            i < *spec.stages ? ctx::chan<std::int64_t>(0) : ctx::chan<std::int64_t>();
        const id_t id = launch(w, c, {"pipeline", name + " stage " + std::to_string(i), code}, stage, in, out,
                               i == 1 ? *spec.count : 0);
        if (first == 0) first = id;
        in = out;
    }
    return first;
}

/// One call of a fan-out; its error, if any, ends the group's context.
ctx::task<ctx::error> backend(self me, nanoseconds duration, std::optional<ctx::error> fail) {
    co_await ctx::tag_worker{me.id};
    me.lab->resumed(me.id);
    me.waits_for("select on Done and a timer of " + duration_text(duration));
    ctx::timer timer(duration);
    if (co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(me.context.done())) == 1) {
        timer.stop();
        me.lab->worker_exited(me.id, me.canceled());
        co_return me.context.err();
    }
    me.lab->worker_exited(me.id, fail ? "failed: " + fail->text() : "finished");
    co_return fail.value_or(ctx::error{});
}

result fan_out(self me, new_worker spec) {
    recorder::next_name() = spec.name.empty() ? "errgroup" : spec.name + " group";
    auto [group, group_context] = ctx::err_group::with_context(me.context, me.lab->scheduler());
    recorder::next_name().clear();
    for (std::int64_t i = 0; i < *spec.n; ++i) {
        const bool fails = i == *spec.fail_index;
        const std::string name = (spec.name.empty() ? "backend" : spec.name) + " " + std::to_string(i);
        const self member{me.lab,
                          me.lab->worker_started(group_context, "fanout", name, "backend(ctx, i)", {}),
                          group_context};
        group.go(backend, member, fails ? *spec.fail_after : *spec.duration,
                 fails ? std::optional(ctx::error(name + " failed")) : std::nullopt);
    }
    me.waits_for("errgroup.Wait for " + std::to_string(*spec.n) + " workers");
    const ctx::error first = co_await group.waiting();
    if (me.context.err()) co_return me.canceled();
    co_return first ? "failed: " + first.text() : "finished";
}

} // namespace

id_t start_worker(world& w, const ctx::context& c, const new_worker& spec) {
    const std::string& kind = spec.kind;
    const looks plain{find_worker_kind(kind)->name, spec.name, {}, {}};
    const auto with = [&](std::string_view code) {
        looks l = plain;
        l.code = code;
        return l;
    };
    if (kind == "wait") return launch(w, c, with("<-ctx.Done()"), wait);
    if (kind == "poller")
        return launch(w, c, with("select { case <-ticker.C: poll(); case <-ctx.Done(): return ctx.Err() }"),
                      poller, *spec.every);
    if (kind == "work")
        return launch(w, c, with("select { case <-time.After(work): case <-ctx.Done(): return ctx.Err() }"),
                      work, *spec.duration);
    if (kind == "operation")
        return launch(w, c, with("if err := operation(ctx); err != nil { cancel(err) }"), operation,
                      *spec.duration, spec.fail);
    if (kind == "stubborn")
        return launch(w, c, with("time.Sleep(work) // ctx is never asked"), stubborn, *spec.duration);
    if (kind == "cpu") {
        looks l = with("for !finished { compute(slice); if ctx.Err() != nil { return ctx.Err() } }");
        l.grace = *spec.check_every;
        return launch(w, c, std::move(l), cpu, *spec.duration, *spec.check_every);
    }
    if (kind == "producer")
        return launch(w, c, with("select { case ch <- i: case <-ctx.Done(): return ctx.Err() }"), producer,
                      w.channel(spec.channel), spec.channel, *spec.count, *spec.every);
    if (kind == "consumer")
        return launch(w, c, with("select { case v := <-ch: use(v); case <-ctx.Done(): return ctx.Err() }"),
                      consumer, w.channel(spec.channel), spec.channel, *spec.count, *spec.every);
    if (kind == "pipeline")
        return start_pipeline(
            w, c, spec,
            "for v := range in { select { case out <- step(v): case <-ctx.Done(): return ctx.Err() } }");
    return launch(w, c, with("g, ctx := errgroup.WithContext(ctx); ...; return g.Wait()"), fan_out, spec);
}

} // namespace lab
