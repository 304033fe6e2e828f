// SPDX-License-Identifier: MIT
#include "bench.h"
#include "waiting.h"

#include <deque>
#include <vector>

/// How cost grows with the number of contexts, timers and workers: each row at 1, 10, ... 1 000 000.
namespace {

using namespace bench;

void to_a_million(benchmark::internal::Benchmark* b) {
    b->RangeMultiplier(10)->Range(1, 1'000'000)->UseRealTime();
}

std::size_t size_of(const benchmark::State& state) {
    return static_cast<std::size_t>(state.range(0));
}

void per_item(benchmark::State& state, double total) {
    state.counters["ns/item"] =
        total / static_cast<double>(state.iterations()) / static_cast<double>(state.range(0));
}

/// n children of one parent.
void grow_create(benchmark::State& state) {
    std::vector<ctx::context> children(size_of(state));
    double total = 0;
    for (auto _ : state) {
        const auto parent = ctx::with_cancel(ctx::background());
        total += nanoseconds([&] {
            for (auto& c : children) c = ctx::with_cancel(parent.context).context;
        });
        for (auto& c : children) c = ctx::background();
    }
    per_item(state, total);
}
BENCHMARK(grow_create)->Apply(to_a_million);

/// Fan-out: one parent, n children.
void grow_fan_out(benchmark::State& state) {
    std::vector<ctx::context> children(size_of(state));
    double total = 0;
    for (auto _ : state) {
        const auto parent = ctx::with_cancel(ctx::background());
        for (auto& c : children) c = ctx::with_cancel(parent.context).context;
        total += nanoseconds([&] { parent.cancel(); });
    }
    per_item(state, total);
}
BENCHMARK(grow_fan_out)->Apply(to_a_million);

/// A tree of n contexts, in which each has ten children.
void grow_cancel(benchmark::State& state) {
    std::vector<ctx::context> nodes(size_of(state));
    double total = 0;
    for (auto _ : state) {
        const auto root = ctx::with_cancel(ctx::background());
        nodes.front() = root.context;
        for (std::size_t i = 1; i < nodes.size(); ++i)
            nodes[i] = ctx::with_cancel(nodes[(i - 1) / 10]).context;
        total += nanoseconds([&] { root.cancel(); });
        // From the leaves, so that the next tree lies in memory as the first one did.
        for (auto n = nodes.rbegin(); n != nodes.rend(); ++n) *n = ctx::background();
    }
    per_item(state, total);
}
BENCHMARK(grow_cancel)->Apply(to_a_million);

/// A look-up that passes n bindings.
void grow_value(benchmark::State& state) {
    static const ctx::key<int> missing{"missing"};
    std::deque<ctx::key<int>> keys;
    std::vector<ctx::context> chain; // taken apart from its leaf
    chain.push_back(ctx::background());
    for (std::size_t i = 0; i < size_of(state); ++i)
        chain.push_back(ctx::with_value(chain.back(), keys.emplace_back("key"), 1));
    for (auto _ : state) benchmark::DoNotOptimize(chain.back().value(missing));
    while (!chain.empty()) chain.pop_back();
}
BENCHMARK(grow_value)->Apply(to_a_million);

/// A deadline made and given back while n others are live.
void grow_timers(benchmark::State& state) {
    std::vector<ctx::cancelable> live;
    for (std::size_t i = 0; i < size_of(state); ++i)
        live.push_back(ctx::with_timeout(ctx::background(), 1h + std::chrono::microseconds(i)));
    for (auto _ : state) {
        const auto made = ctx::with_timeout(ctx::background(), 1h);
        made.cancel();
    }
}
BENCHMARK(grow_timers)->Apply(to_a_million);

/// n workers wait; from cancel until all have exited.
void grow_workers(benchmark::State& state) {
    double total = 0;
    for (auto _ : state) total += cancel_waiting(2, state.range(0)).exited;
    per_item(state, total);
}
BENCHMARK(grow_workers)->Apply(to_a_million);

} // namespace
