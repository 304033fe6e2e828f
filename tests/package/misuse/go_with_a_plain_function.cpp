// SPDX-License-Identifier: MIT
// refused: must be a coroutine that returns ctx::task<>
#include <ctx/ctx.h>
void work(ctx::context) {}
void start(ctx::scheduler& on, const ctx::context& c) {
    ctx::go(on, work, c);
}
