// SPDX-License-Identifier: MIT
#include "bench.h"

/// Making contexts, ending them, asking them: the calls of every request.
namespace {

using namespace bench;

const ctx::key<std::string> name{"key"};
const ctx::key<int> first{"first"}, second{"second"}, third{"third"};

/// Go's BenchmarkCommonParentCancel.
void common_parent(benchmark::State& state) {
    static const ctx::cancelable shared = ctx::with_cancel(ctx::with_value(ctx::background(), name, "value"));
    for (auto _ : state) {
        const auto made = ctx::with_cancel(shared.context);
        benchmark::DoNotOptimize(made.context.value(name));
        made.cancel();
    }
}
BENCHMARK(common_parent)->Apply(one_and_two_threads);

void create_child(benchmark::State& state) {
    static const ctx::cancelable parent = ctx::with_cancel(ctx::background());
    for (auto _ : state) {
        const auto made = ctx::with_cancel(parent.context);
        made.cancel();
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(create_child)->Apply(one_and_two_threads);

void create_root(benchmark::State& state) {
    for (auto _ : state) {
        const auto made = ctx::with_cancel(ctx::background());
        made.cancel();
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(create_root)->Apply(one_and_two_threads);

void create_timeout(benchmark::State& state) {
    for (auto _ : state) {
        const auto made = ctx::with_timeout(ctx::background(), 1h);
        made.cancel();
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(create_timeout)->Apply(one_and_two_threads);

/// A timeout child, three values, and a handler that asks.
void request(benchmark::State& state) {
    static const ctx::cancelable server = ctx::with_cancel(ctx::background());
    for (auto _ : state) {
        const auto made = ctx::with_timeout(server.context, 1h);
        ctx::context c = ctx::with_value(made.context, first, 1);
        c = ctx::with_value(std::move(c), second, 2);
        c = ctx::with_value(std::move(c), third, 3);
        benchmark::DoNotOptimize(bool(c.err()));
        benchmark::DoNotOptimize(c.value(first));
        made.cancel();
    }
}
BENCHMARK(request)->Apply(one_and_two_threads);

void after_func_stop(benchmark::State& state) {
    static const ctx::cancelable parent = ctx::with_cancel(ctx::background());
    for (auto _ : state) {
        const auto stop = ctx::after_func(parent.context, [] {});
        benchmark::DoNotOptimize(stop());
    }
}
BENCHMARK(after_func_stop)->Apply(one_and_two_threads);

ctx::cancelable cancelled() {
    auto made = ctx::with_cancel(ctx::background());
    made.cancel();
    return made;
}

void check_err(benchmark::State& state) {
    static const ctx::cancelable made = cancelled();
    for (auto _ : state) benchmark::DoNotOptimize(bool(made.context.err()));
}
BENCHMARK(check_err)->Apply(one_and_two_threads);

void check_err_open(benchmark::State& state) {
    static const ctx::cancelable made = ctx::with_cancel(ctx::background());
    for (auto _ : state) benchmark::DoNotOptimize(bool(made.context.err()));
}
BENCHMARK(check_err_open)->Apply(one_and_two_threads);

void check_done(benchmark::State& state) {
    static const ctx::cancelable made = cancelled();
    for (auto _ : state) benchmark::DoNotOptimize(is_done(made.context));
}
BENCHMARK(check_done)->Apply(one_and_two_threads);

void check_done_open(benchmark::State& state) {
    static const ctx::cancelable made = ctx::with_cancel(ctx::background());
    for (auto _ : state) benchmark::DoNotOptimize(is_done(made.context));
}
BENCHMARK(check_done_open)->Apply(one_and_two_threads);

/// The same through the channel: takes a handle of it first.
void check_done_closed(benchmark::State& state) {
    static const ctx::cancelable made = ctx::with_cancel(ctx::background());
    for (auto _ : state) benchmark::DoNotOptimize(made.context.done().closed());
}
BENCHMARK(check_done_closed)->Apply(one_and_two_threads);

/// The same as a select with a default case.
void check_done_select(benchmark::State& state) {
    static const ctx::cancelable made = ctx::with_cancel(ctx::background());
    for (auto _ : state)
        benchmark::DoNotOptimize(ctx::select(ctx::done(made.context), ctx::otherwise()).wait());
}
BENCHMARK(check_done_select)->Apply(one_and_two_threads);

/// What a check cannot be cheaper than: one acquiring load behind two pointers.
void one_load(benchmark::State& state) {
    struct node {
        std::atomic<std::uint64_t> word{0};
    };
    static node target;
    struct handle {
        node* to = &target;
    } h;
    benchmark::DoNotOptimize(h);
    for (auto _ : state) {
        benchmark::ClobberMemory();
        benchmark::DoNotOptimize(h.to->word.load(std::memory_order_acquire) != 0);
    }
}
BENCHMARK(one_load)->Apply(one_and_two_threads);

} // namespace
