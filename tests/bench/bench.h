// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>

/// What the benchmark programs share.
///
/// A row has one name here and in tests/bench/go. `/threads:2` behind it: two threads, or a pool of two,
/// where Go has GOMAXPROCS=2. A row whose set-up must not count measures by itself, and reports a counter
/// that is called as the metric in rows.json.
namespace bench {

using namespace std::chrono_literals;

/// Nanoseconds that f() takes.
template <class F>
double nanoseconds(F f) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}

/// Go: sync.WaitGroup, for workers that are counted down and one that waits for all of them.
class countdown {
  public:
    explicit countdown(long n) : left_(n) {}
    void count_down() {
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        const ctx::chan<ctx::empty> all = all_; // whoever waits may destroy this object as soon as it wakes
        all.close();
    }
    ctx::recv_chan<ctx::empty> all() const { return all_; }

  private:
    std::atomic<long> left_;
    const ctx::chan<ctx::empty> all_{0};
};

/// `select { case <-c.Done(): true; default: false }`.
template <class C>
bool is_done(const C& c) {
    if constexpr (requires { c.is_done(); })
        return c.is_done();
    else
        return c.done().closed();
}

template <class T>
concept awaitable = requires(T& t) {
    t.operator co_await();
}
|| requires(T& t) {
    t.await_ready();
};

/// Runs each row in one thread and in two.
inline void one_and_two_threads(benchmark::internal::Benchmark* b) {
    b->UseRealTime()->Threads(1)->Threads(2);
}
/// Runs each row on a pool of one thread and of two.
inline void pools_of_one_and_two(benchmark::internal::Benchmark* b) {
    b->UseRealTime()->ArgName("threads")->Arg(1)->Arg(2);
}

} // namespace bench
