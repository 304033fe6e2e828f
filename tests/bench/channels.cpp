// SPDX-License-Identifier: MIT
#include "bench.h"

/// Channels between workers, and between a worker and its end.
namespace {

using namespace bench;

/// Runs the worker that measures, and waits until it and `others` have left.
template <class F>
void run(benchmark::State& state, F measure) {
    ctx::pool_scheduler pool(static_cast<unsigned>(state.range(0)));
    const ctx::chan<bool> done(0);
    const auto all = [&]() -> ctx::task<> {
        co_await measure(pool);
        co_await ctx::select(ctx::send(done, true));
    };
    ctx::go(pool, all);
    done.receive();
}

ctx::task<> echo(ctx::chan<int> in, ctx::chan<int> out) {
    for (;;) {
        int v = 0;
        bool ok = false;
        co_await ctx::select(ctx::recv(in, v, ok));
        if (!ok) co_return;
        co_await ctx::select(ctx::send(out, v));
    }
}

/// A value to another worker and back, unbuffered.
void ping_pong(benchmark::State& state) {
    run(state, [&](ctx::scheduler& pool) -> ctx::task<> {
        const ctx::chan<int> there(0), back(0);
        ctx::go(pool, echo, there, back);
        int v = 0;
        for (auto _ : state) {
            co_await ctx::select(ctx::send(there, 1));
            co_await ctx::select(ctx::recv(back, v));
        }
        there.close();
    });
}
BENCHMARK(ping_pong)->Apply(pools_of_one_and_two);

ctx::task<> produce(ctx::chan<int> out, ctx::context c) {
    for (int n = 0;; ++n) {
        const std::size_t taken = co_await ctx::select(ctx::send(out, n), ctx::done(c));
        if (taken == 1) co_return;
    }
}

/// Values from a producer, both sides selecting on the channel and done.
void select_done(benchmark::State& state) {
    run(state, [&](ctx::scheduler& pool) -> ctx::task<> {
        const auto made = ctx::with_cancel(ctx::background());
        const ctx::chan<int> values(0);
        ctx::go(pool, produce, values, made.context);
        int v = 0;
        for (auto _ : state) {
            const std::size_t taken = co_await ctx::select(ctx::recv(values, v), ctx::done(made.context));
            benchmark::DoNotOptimize(taken);
        }
        made.cancel();
    });
}
BENCHMARK(select_done)->Apply(pools_of_one_and_two);

/// Through a buffer, in one worker: no wait at all.
void buffered(benchmark::State& state) {
    run(state, [&](ctx::scheduler&) -> ctx::task<> {
        const ctx::chan<int> values(16);
        int v = 0;
        for (auto _ : state) {
            co_await ctx::select(ctx::send(values, 1));
            co_await ctx::select(ctx::recv(values, v));
        }
    });
}
BENCHMARK(buffered)->Apply(pools_of_one_and_two);

} // namespace
