// SPDX-License-Identifier: MIT
#include "bench.h"

#include <array>
#include <memory>

/// What hooks cost that are not used, and ones that are; what it costs that a clock can be exchanged.
namespace {

using namespace bench;

struct event {
    enum class kind : std::uint8_t { created, cancelled, done, detached, finished, dropped } what;
    ctx::node_id node = 0;
    ctx::node_id other = 0;
    ctx::duration::rep when = 0;
};

struct ring {
    std::array<event, 1024> events;
    std::size_t written = 0;
    void add(event::kind k, ctx::node_id node, ctx::node_id other) {
        events[written++ % events.size()] = {k, node, other, 0};
    }
};

/// Keeps the last events of each thread: the least that an observer can do.
struct ring_observer : ctx::observer {
    static ring& mine() {
        thread_local ring r;
        return r;
    }
    void created(const ctx::creation& c) override { mine().add(event::kind::created, c.id, c.parent); }
    void cancel_called_at(ctx::node_id id, const ctx::error&, const ctx::call_site&) override {
        mine().add(event::kind::cancelled, id, 0);
    }
    void done(ctx::node_id id, const ctx::error&, const ctx::error&, ctx::node_id by) override {
        mine().add(event::kind::done, id, by);
    }
    void wave_finished(ctx::node_id root, std::size_t) override {
        mine().add(event::kind::finished, root, 0);
    }
    void detached(ctx::node_id id, ctx::node_id parent) override {
        mine().add(event::kind::detached, id, parent);
    }
    void dropped(ctx::node_id id) override { mine().add(event::kind::dropped, id, 0); }
};

constexpr int block = 1000;

void create_and_cancel(const ctx::context& parent) {
    for (int i = 0; i < block; ++i) {
        const auto made = ctx::with_cancel(parent);
        made.cancel();
    }
}
void create_and_cancel_timeouts(const ctx::context& parent) {
    for (int i = 0; i < block; ++i) {
        const auto made = ctx::with_timeout(parent, 1h);
        made.cancel();
    }
}

/// Blocks below two roots in turn, so that both see the same machine; the quickest block of each.
template <class F>
std::pair<double, double> side_by_side(benchmark::State& state, const ctx::context& a, const ctx::context& b,
                                       F run) {
    double best_a = 1e300, best_b = 1e300;
    for (auto _ : state) {
        best_a = std::min(best_a, nanoseconds([&] { run(a); }));
        best_b = std::min(best_b, nanoseconds([&] { run(b); }));
    }
    return {best_a / block, best_b / block};
}

/// A tree that could have an observer, beside one that hangs below Background.
void observer_none(benchmark::State& state) {
    const auto plain = ctx::with_cancel(ctx::background());
    const auto tree = ctx::with_cancel(ctx::background(ctx::tree{}));
    const auto [without, with] = side_by_side(state, plain.context, tree.context, create_and_cancel);
    state.counters["ns"] = with;
    state.counters["times"] = with / without;
}
BENCHMARK(observer_none)->UseRealTime();

void observer_ring(benchmark::State& state) {
    ctx::tree watched;
    watched.observer = std::make_shared<ring_observer>();
    const auto plain = ctx::with_cancel(ctx::background());
    const auto tree = ctx::with_cancel(ctx::background(std::move(watched)));
    ring_observer::mine().written = 0;
    const auto [without, with] = side_by_side(state, plain.context, tree.context, create_and_cancel);
    const double events = static_cast<double>(ring_observer::mine().written) /
                          (static_cast<double>(state.iterations()) * block);
    if (events < 2) state.SkipWithError("the observer was not called");
    state.counters["ns"] = with;
    state.counters["ns/event"] = (with - without) / events;
}
BENCHMARK(observer_ring)->UseRealTime();

/// Deadlines on a clock that was chosen, beside those of Background.
void clock_chosen(benchmark::State& state) {
    ctx::tree real;
    real.clock = ctx::real_clock();
    const auto plain = ctx::with_cancel(ctx::background());
    const auto tree = ctx::with_cancel(ctx::background(std::move(real)));
    const auto [without, with] = side_by_side(state, plain.context, tree.context, create_and_cancel_timeouts);
    state.counters["ns"] = with;
    state.counters["times"] = with / without;
}
BENCHMARK(clock_chosen)->UseRealTime();

/// The same on a virtual clock.
void clock_virtual(benchmark::State& state) {
    ctx::tree still;
    still.clock = std::make_shared<ctx::virtual_clock>();
    const auto tree = ctx::with_cancel(ctx::background(std::move(still)));
    for (auto _ : state) {
        const auto made = ctx::with_timeout(tree.context, 1h);
        made.cancel();
    }
}
BENCHMARK(clock_virtual)->UseRealTime();

} // namespace
