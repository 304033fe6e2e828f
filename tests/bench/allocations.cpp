// SPDX-License-Identifier: MIT
#include "ctx/allocations.h"
#include "calls.h"

#include <benchmark/benchmark.h>

/// How often each call asks for memory.
namespace {

void allocations(benchmark::State& state, const test::counted_call& call) {
    constexpr int runs = 1000;
    for (auto _ : state) {
        test::world_of_calls w(runs + 2);
        state.counters["allocs"] = test::allocations_per_run(runs, [&] { call.run(w); });
    }
}

[[maybe_unused]] const bool registered = [] {
    for (const test::counted_call& c : test::counted_calls)
        benchmark::RegisterBenchmark((std::string("allocs_") + c.name).c_str(), allocations, c)
            ->Iterations(1);
    return true;
}();

} // namespace
