// SPDX-License-Identifier: MIT
#include "bench.h"

#include <array>
#include <memory>
#include <vector>

/// Deadlines, few and many.
namespace {

using namespace bench;

/// Contexts with a deadline that is far away, kept from one call of a row to its next.
class live_deadlines {
  public:
    static void keep(std::size_t n) {
        static live_deadlines all;
        if (all.contexts_.size() == n) return;
        all.contexts_.clear();
        for (std::size_t i = 0; i < n; ++i) all.contexts_.push_back(ctx::with_timeout(ctx::background(), 1h));
    }

  private:
    std::vector<ctx::cancelable> contexts_;
};

/// Go's BenchmarkWithTimeout: ten deadlines made and then cancelled, while many others are live.
void with_timeout(benchmark::State& state) {
    if (state.thread_index() == 0) live_deadlines::keep(static_cast<std::size_t>(state.range(0)));
    std::array<ctx::cancel_func, 10> cancels;
    for (auto _ : state) {
        for (auto& c : cancels) c = ctx::with_timeout(ctx::background(), 1h).cancel;
        for (const auto& c : cancels) c();
    }
}
BENCHMARK(with_timeout)->Arg(40)->Arg(4000)->Arg(400'000)->Apply(one_and_two_threads);

/// From the moment that all of them are due until the last is done.
void timers_firing(benchmark::State& state) {
    live_deadlines::keep(0);
    const auto n = static_cast<std::size_t>(state.range(0));
    double total = 0;
    std::vector<ctx::context> contexts(n);
    for (auto _ : state) {
        const ctx::time_point due = ctx::real_clock()->now() + 150ms;
        for (auto& c : contexts) c = ctx::with_deadline(ctx::background(), due).context;
        if (ctx::real_clock()->now() >= due) state.SkipWithError("making the deadlines took too long");
        for (const auto& c : contexts)
            if (!is_done(c)) c.done().wait();
        total += std::chrono::duration<double, std::milli>(ctx::real_clock()->now() - due).count();
    }
    state.counters["ms"] = total / static_cast<double>(state.iterations());
}
BENCHMARK(timers_firing)->Arg(100'000)->UseRealTime()->Iterations(1);

} // namespace
