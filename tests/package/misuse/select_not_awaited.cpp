// SPDX-License-Identifier: MIT
// refused: in a worker: co_await ctx::select
#include <ctx/ctx.h>
ctx::task<> work(ctx::context c) {
    ctx::select(ctx::recv(c.done()));
    co_return;
}
