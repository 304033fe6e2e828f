// SPDX-License-Identifier: MIT
#include "bench.h"
#include "waiting.h"

/// Workers: starting them, letting them wait, ending them.
namespace {

using namespace bench;

constexpr long batch = 1000;

/// A worker starts workers, a batch at a time, and waits for each batch.
template <class Spawn>
void spawn_batches(benchmark::State& state, Spawn spawn) {
    ctx::pool_scheduler pool(static_cast<unsigned>(state.range(0)));
    const ctx::chan<bool> done(0);
    const auto batches = [&]() -> ctx::task<> {
        while (state.KeepRunningBatch(batch)) {
            countdown left(batch);
            for (long i = 0; i < batch; ++i) spawn(pool, left);
            co_await ctx::select(ctx::recv(left.all()));
        }
        co_await ctx::select(ctx::send(done, true));
    };
    ctx::go(pool, batches);
    done.receive();
}

void spawn(benchmark::State& state) {
    spawn_batches(state, [](ctx::scheduler& pool, countdown& left) {
        ctx::go(
            pool,
            [](countdown* l) -> ctx::task<> {
                l->count_down();
                co_return;
            },
            &left);
    });
}
BENCHMARK(spawn)->Apply(pools_of_one_and_two);

/// Each with a context of its own handle.
void spawn_with_context(benchmark::State& state) {
    const auto made = ctx::with_cancel(ctx::background());
    spawn_batches(state, [&](ctx::scheduler& pool, countdown& left) {
        ctx::go(
            pool,
            [](countdown* l, ctx::context c) -> ctx::task<> {
                benchmark::DoNotOptimize(is_done(c));
                l->count_down();
                co_return;
            },
            &left, made.context);
    });
}
BENCHMARK(spawn_with_context)->Apply(pools_of_one_and_two);

void cancel_workers(benchmark::State& state) {
    waves sum;
    for (auto _ : state) {
        const waves w = cancel_waiting(static_cast<unsigned>(state.range(1)), state.range(0));
        sum.cancel += w.cancel;
        sum.exited += w.exited;
    }
    state.counters["ms"] = sum.exited / static_cast<double>(state.iterations()) / 1e6;
    state.counters["cancel_ms"] = sum.cancel / static_cast<double>(state.iterations()) / 1e6;
}
BENCHMARK(cancel_workers)
    ->ArgNames({"", "threads"})
    ->Args({100'000, 1})
    ->Args({100'000, 2})
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2})
    ->UseRealTime()
    ->Iterations(1);

/// How much sooner a million waiting workers have exited with a second thread.
void drain_scaling(benchmark::State& state) {
    double one = 0, two = 0;
    for (auto _ : state) {
        const waves a = cancel_waiting(1, state.range(0)), b = cancel_waiting(2, state.range(0));
        one += a.exited - a.cancel;
        two += b.exited - b.cancel;
    }
    state.counters["times"] = one / two;
}
BENCHMARK(drain_scaling)->Arg(1'000'000)->UseRealTime()->Iterations(1);

} // namespace
