// SPDX-License-Identifier: MIT
#include "bench.h"

#include <vector>

/// Trees of contexts: deep ones and wide ones.
namespace {

using namespace bench;

/// The leaf keeps the whole chain alive.
ctx::context chain(ctx::context root, std::int64_t depth) {
    for (std::int64_t d = 0; d < depth; ++d) root = ctx::with_cancel(root).context;
    return root;
}

/// Go's BenchmarkCancelTree, the root never cancelled.
void cancel_tree(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(chain(ctx::background(), state.range(0)));
}
BENCHMARK(cancel_tree)->RangeMultiplier(10)->Range(1, 1000)->UseRealTime();

/// Cancelled when the chain hangs below it.
void cancel_tree_open(benchmark::State& state) {
    for (auto _ : state) {
        const auto root = ctx::with_cancel(ctx::background());
        const ctx::context leaf = chain(root.context, state.range(0));
        root.cancel();
        benchmark::DoNotOptimize(leaf);
    }
}
BENCHMARK(cancel_tree_open)->RangeMultiplier(10)->Range(1, 1000)->UseRealTime();

/// Cancelled before the chain is made.
void cancel_tree_closed(benchmark::State& state) {
    for (auto _ : state) {
        const auto root = ctx::with_cancel(ctx::background());
        root.cancel();
        benchmark::DoNotOptimize(chain(root.context, state.range(0)));
    }
}
BENCHMARK(cancel_tree_closed)->RangeMultiplier(10)->Range(1, 1000)->UseRealTime();

void cancel_children(benchmark::State& state) {
    const auto n = static_cast<std::size_t>(state.range(0));
    double total = 0;
    std::vector<ctx::context> children(n);
    for (auto _ : state) {
        const auto parent = ctx::with_cancel(ctx::background());
        for (auto& c : children) c = ctx::with_cancel(parent.context).context;
        total += nanoseconds([&] { parent.cancel(); });
        if (!children.back().err()) state.SkipWithError("the last child is not done");
    }
    state.counters["ns/item"] = total / static_cast<double>(state.iterations()) / static_cast<double>(n);
}
BENCHMARK(cancel_children)->Arg(100'000)->Arg(1'000'000)->UseRealTime();

void chain_create(benchmark::State& state) {
    const auto n = static_cast<std::size_t>(state.range(0));
    double total = 0;
    std::vector<ctx::cancelable> nodes;
    for (auto _ : state) {
        nodes.clear();
        nodes.reserve(n);
        total += nanoseconds([&] {
            nodes.push_back(ctx::with_cancel(ctx::background()));
            for (std::size_t i = 1; i < n; ++i) nodes.push_back(ctx::with_cancel(nodes[i - 1].context));
        });
        while (!nodes.empty()) nodes.pop_back();
    }
    state.counters["ns/item"] = total / static_cast<double>(state.iterations()) / static_cast<double>(n);
}
BENCHMARK(chain_create)->Arg(100'000)->UseRealTime();

void chain_cancel(benchmark::State& state) {
    double total = 0;
    for (auto _ : state) {
        const auto root = ctx::with_cancel(ctx::background());
        const ctx::context leaf = chain(root.context, state.range(0) - 1);
        total += nanoseconds([&] { root.cancel(); });
        if (!leaf.err()) state.SkipWithError("the leaf is not done");
    }
    state.counters["ns/item"] =
        total / static_cast<double>(state.iterations()) / static_cast<double>(state.range(0));
}
BENCHMARK(chain_cancel)->Arg(100'000)->UseRealTime();

} // namespace
