// SPDX-License-Identifier: MIT
// refused: must be a coroutine that returns ctx::task<ctx::error>
#include <ctx/ctx.h>
ctx::task<> work(ctx::context);
void start(ctx::err_group group, ctx::context c) {
    group.go(work, c);
}
