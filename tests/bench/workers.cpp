// SPDX-License-Identifier: MIT
#include "bench.h"

#include <thread>

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

template <class Done>
ctx::task<> wait_for(Done done, std::atomic<long>* begun) {
    begun->fetch_add(1, std::memory_order_relaxed);
    if constexpr (awaitable<Done>)
        co_await done;
    else
        co_await ctx::select(ctx::recv(done));
}

/// `n` workers that wait for one context; all of them are waiting when this returns.
void start_waiting(ctx::pool_scheduler& pool, const ctx::context& c, long n) {
    std::atomic<long> begun = 0;
    for (long i = 0; i < n; ++i) ctx::go(pool, wait_for<ctx::recv_chan<ctx::empty>>, c.done(), &begun);
    while (begun != n) std::this_thread::yield();
    std::this_thread::sleep_for(20ms); // the last ones are on the way into their wait
}

/// Until every waiting worker has run to its end, and how long cancel() itself took.
struct waves {
    double cancel = 0, exited = 0;
};
waves cancel_waiting(unsigned threads, long n) {
    ctx::pool_scheduler pool(threads);
    const auto made = ctx::with_cancel(ctx::background());
    start_waiting(pool, made.context, n);
    waves w;
    w.exited = nanoseconds([&] {
        w.cancel = nanoseconds([&] { made.cancel(); });
        while (pool.live() != 0) std::this_thread::sleep_for(50us);
    });
    return w;
}

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
