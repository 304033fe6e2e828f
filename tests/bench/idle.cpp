// SPDX-License-Identifier: MIT
#include "bench.h"
#include "wake_ups.h"

#include <thread>
#include <vector>

/// What it costs that nothing is due.
namespace {

using namespace bench;

/// Wake-ups of all other threads in a second, with ten thousand deadlines an hour away and waiting workers.
void idle_wake_ups(benchmark::State& state) {
    ctx::pool_scheduler pool(2);
    std::vector<ctx::cancelable> live;
    for (int i = 0; i < 10'000; ++i) live.push_back(ctx::with_timeout(ctx::background(), 1h));
    for (int i = 0; i < 100; ++i)
        ctx::go(
            pool, [](ctx::context c) -> ctx::task<> { co_await ctx::select(ctx::recv(c.done())); },
            live.front().context);
    std::this_thread::sleep_for(100ms); // until they have settled
    long woken = 0;
    for (auto _ : state) {
        const long before = test::wake_ups_of_other_threads();
        std::this_thread::sleep_for(1s);
        woken += test::wake_ups_of_other_threads() - before;
    }
    for (const auto& made : live) made.cancel();
    state.counters["wake-ups"] = static_cast<double>(woken) / static_cast<double>(state.iterations());
}
BENCHMARK(idle_wake_ups)->UseRealTime()->Iterations(1);

} // namespace
