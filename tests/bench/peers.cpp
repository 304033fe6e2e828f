// SPDX-License-Identifier: MIT
#include "bench.h"
#include "plain.h"

#include <deque>
#include <memory>
#include <stop_token>
#include <vector>

/// The same work by others: std::stop_source, and a plain port with a mutex and a set. The names of the rows
/// are those of ours with `@stop` or `@plain`.
namespace {

using namespace bench;

void create_root_stop(benchmark::State& state) {
    for (auto _ : state) {
        std::stop_source s;
        benchmark::DoNotOptimize(s.request_stop());
    }
}
BENCHMARK(create_root_stop)->Name("create_root@stop")->Apply(one_and_two_threads);

/// A stop source below another one.
class linked {
  public:
    explicit linked(const std::stop_token& parent) : forward_(parent, stopper{this}) {}
    linked(const linked&) = delete;
    void stop() { source_.request_stop(); }
    bool stopped() const { return source_.stop_requested(); }

  private:
    struct stopper {
        linked* child;
        void operator()() const { child->stop(); }
    };
    std::stop_source source_;
    std::stop_callback<stopper> forward_;
};

void create_child_stop(benchmark::State& state) {
    static const std::stop_source parent;
    for (auto _ : state) {
        linked child(parent.get_token());
        child.stop();
        benchmark::DoNotOptimize(child.stopped());
    }
}
BENCHMARK(create_child_stop)->Name("create_child@stop")->Apply(one_and_two_threads);

void check_done_stop(benchmark::State& state) {
    static const std::stop_source source;
    static const std::stop_token token = source.get_token();
    for (auto _ : state) benchmark::DoNotOptimize(token.stop_requested());
}
BENCHMARK(check_done_stop)->Name("check_done@stop")->Apply(one_and_two_threads);

void after_func_stop_stop(benchmark::State& state) {
    static const std::stop_source source;
    for (auto _ : state) {
        const std::stop_callback registered(source.get_token(), [] {});
        benchmark::DoNotOptimize(&registered);
    }
}
BENCHMARK(after_func_stop_stop)->Name("after_func_stop@stop")->Apply(one_and_two_threads);

void cancel_children_stop(benchmark::State& state) {
    constexpr std::size_t n = 100'000;
    double total = 0;
    for (auto _ : state) {
        std::stop_source parent;
        std::deque<linked> children;
        for (std::size_t i = 0; i < n; ++i) children.emplace_back(parent.get_token());
        total += nanoseconds([&] { parent.request_stop(); });
        if (!children.front().stopped()) state.SkipWithError("the first child is not stopped");
        while (!children.empty()) children.pop_back();
    }
    state.counters["ns/item"] = total / static_cast<double>(state.iterations()) / n;
}
BENCHMARK(cancel_children_stop)->Name("cancel_children/100000@stop")->UseRealTime()->Iterations(1);

using plain_context = std::shared_ptr<plain::context>;

void create_root_plain(benchmark::State& state) {
    for (auto _ : state) {
        const plain_context c = plain::context::with_cancel({});
        plain::context::cancel_and_leave(c);
        benchmark::DoNotOptimize(c);
    }
}
BENCHMARK(create_root_plain)->Name("create_root@plain")->Apply(one_and_two_threads);

void create_child_plain(benchmark::State& state) {
    static const plain_context parent = plain::context::with_cancel({});
    for (auto _ : state) {
        const plain_context c = plain::context::with_cancel(parent);
        plain::context::cancel_and_leave(c);
        benchmark::DoNotOptimize(c);
    }
}
BENCHMARK(create_child_plain)->Name("create_child@plain")->Apply(one_and_two_threads);

void check_done_plain(benchmark::State& state) {
    static const plain_context c = plain::context::with_cancel({});
    for (auto _ : state) benchmark::DoNotOptimize(c->err());
}
BENCHMARK(check_done_plain)->Name("check_done@plain")->Apply(one_and_two_threads);

void cancel_children_plain(benchmark::State& state) {
    constexpr std::size_t n = 100'000;
    double total = 0;
    std::vector<plain_context> children(n);
    for (auto _ : state) {
        const plain_context parent = plain::context::with_cancel({});
        for (auto& c : children) c = plain::context::with_cancel(parent);
        total += nanoseconds([&] { parent->cancel(); });
        if (!children.back()->err()) state.SkipWithError("the last child is not done");
    }
    state.counters["ns/item"] = total / static_cast<double>(state.iterations()) / n;
}
BENCHMARK(cancel_children_plain)->Name("cancel_children/100000@plain")->UseRealTime()->Iterations(1);

void cancel_tree_plain(benchmark::State& state) {
    for (auto _ : state) {
        plain_context c;
        std::vector<plain_context> all; // a set of children and a parent pointer own each other
        for (int depth = 0; depth < 100; ++depth) all.push_back(c = plain::context::with_cancel(c));
        benchmark::DoNotOptimize(c);
        all.front()->cancel();
    }
}
BENCHMARK(cancel_tree_plain)->Name("cancel_tree_open/100@plain")->UseRealTime();

void value_hit_plain(benchmark::State& state) {
    std::vector<int> keys(100);
    plain_context c;
    for (int& k : keys) c = std::make_shared<plain::value_context>(c, &k, 1);
    for (auto _ : state) benchmark::DoNotOptimize(c->value(&keys.front()));
}
BENCHMARK(value_hit_plain)->Name("value_hit/100@plain")->UseRealTime();

void with_value_plain(benchmark::State& state) {
    static const plain_context parent = plain::context::with_cancel({});
    int n = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(std::make_shared<plain::value_context>(parent, &parent, ++n));
}
BENCHMARK(with_value_plain)->Name("with_value_below@plain")->Apply(one_and_two_threads);

} // namespace
