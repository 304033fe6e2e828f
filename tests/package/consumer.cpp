// SPDX-License-Identifier: MIT
#include <ctx/ctx.h>

#include <cstdio>

namespace {

ctx::task<> count(ctx::context c, ctx::chan<int> out) {
    for (int n = 1;; ++n)
        if (co_await ctx::select(ctx::send(out, n), ctx::recv(c.done())) == 1) co_return out.close();
}

} // namespace

/// What a program outside the tree does with the library: a worker that counts until it is told to stop.
int main() {
    static const ctx::key<int> limit{"limit"};
    ctx::pool_scheduler pool;
    auto [c, cancel] =
        ctx::with_timeout(ctx::with_value(ctx::background(), limit, 5), std::chrono::minutes(1));
    ctx::chan<int> numbers(0);
    ctx::go(pool, count, c, numbers);
    while (auto n = numbers.receive()) {
        std::printf("%d ", *n);
        if (*n == *c.value(limit)) cancel();
    }
    std::printf("%s\n", c.err().text().c_str());
    return c.err() == ctx::canceled ? 0 : 1;
}
