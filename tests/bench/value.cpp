// SPDX-License-Identifier: MIT
#include "bench.h"

#include <deque>

/// Values: binding them and looking them up.
namespace {

using namespace bench;

const ctx::key<int> number{"number"};
const ctx::key<int> missing{"missing"};

/// `depth` bindings, each of another key; front() is bound lowest in memory of the chain: the first made.
struct bindings {
    explicit bindings(std::int64_t depth) {
        for (std::int64_t i = 0; i < depth; ++i) {
            keys.emplace_back("key");
            leaf = ctx::with_value(leaf, keys.back(), static_cast<int>(i));
        }
    }
    std::deque<ctx::key<int>> keys;
    ctx::context leaf;
};

void value_miss(benchmark::State& state) {
    const bindings b(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(b.leaf.value(missing));
}
BENCHMARK(value_miss)->Arg(1)->Arg(10)->Arg(100)->UseRealTime();

/// The binding that is furthest up.
void value_hit(benchmark::State& state) {
    const bindings b(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(b.leaf.value(b.keys.front()));
}
BENCHMARK(value_hit)->Arg(1)->Arg(10)->Arg(100)->UseRealTime();

/// With keys known at run time, as Go has them.
void value_hit_any(benchmark::State& state) {
    ctx::context leaf;
    for (std::int64_t i = 0; i < state.range(0); ++i)
        leaf = ctx::with_value(leaf, ctx::any_key(static_cast<int>(i)), ctx::any_value(static_cast<int>(i)));
    const ctx::any_key first(0);
    for (auto _ : state) benchmark::DoNotOptimize(leaf.value(first).raw());
}
BENCHMARK(value_hit_any)->Arg(10)->Arg(100)->UseRealTime();

void with_value(benchmark::State& state) {
    int n = 0;
    for (auto _ : state) benchmark::DoNotOptimize(ctx::with_value(ctx::background(), number, ++n));
}
BENCHMARK(with_value)->Apply(one_and_two_threads);

/// Below a context whose references are counted, by all threads the same.
void with_value_below(benchmark::State& state) {
    static const ctx::cancelable parent = ctx::with_cancel(ctx::background());
    int n = 0;
    for (auto _ : state) benchmark::DoNotOptimize(ctx::with_value(parent.context, number, ++n));
}
BENCHMARK(with_value_below)->Apply(one_and_two_threads);

void with_value_string(benchmark::State& state) {
    static const ctx::key<std::string> user{"user"};
    for (auto _ : state) benchmark::DoNotOptimize(ctx::with_value(ctx::background(), user, "ann"));
}
BENCHMARK(with_value_string)->Apply(one_and_two_threads);

} // namespace
