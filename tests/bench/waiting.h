// SPDX-License-Identifier: MIT
#pragma once

#include "bench.h"

#include <atomic>
#include <thread>

/// Very many workers that wait for the same context.
namespace bench {

template <class Done>
ctx::task<> wait_for(Done done, std::atomic<long>* begun, countdown* left) {
    begun->fetch_add(1, std::memory_order_relaxed);
    if constexpr (awaitable<Done>)
        co_await done;
    else
        co_await ctx::select(ctx::recv(done));
    if (left) left->count_down();
}

/// Starts `n` of them; they are waiting when this returns. Each counts down `left`, if there is one, at its
/// end.
inline void start_waiting(ctx::scheduler& pool, const ctx::context& c, countdown* left, long n) {
    std::atomic<long> begun = 0;
    for (long i = 0; i < n; ++i) ctx::go(pool, wait_for<ctx::recv_chan<ctx::empty>>, c.done(), &begun, left);
    while (begun != n) std::this_thread::yield();
    std::this_thread::sleep_for(n < 10'000 ? 1ms : 20ms); // the last ones are on the way into their wait
}

struct waves {
    double cancel = 0; ///< ns that cancel() took
    double exited = 0; ///< ns until every waiting worker had run to its end
};

/// As in Go, one of the workers cancels.
inline waves cancel_waiting(unsigned threads, long n) {
    ctx::pool_scheduler pool(threads);
    const auto made = ctx::with_cancel(ctx::background());
    countdown left(n);
    start_waiting(pool, made.context, &left, n);
    waves w;
    const ctx::chan<bool> over(0);
    const auto canceller = [&]() -> ctx::task<> {
        const auto begin = std::chrono::steady_clock::now();
        w.cancel = nanoseconds([&] { made.cancel(); });
        co_await ctx::select(ctx::recv(left.all()));
        w.exited = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
        co_await ctx::select(ctx::send(over, true));
    };
    ctx::go(pool, canceller);
    over.receive();
    return w;
}

} // namespace bench
