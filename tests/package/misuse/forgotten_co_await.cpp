// SPDX-License-Identifier: MIT
// refused: a task does nothing until it is awaited
#include <ctx/ctx.h>
ctx::task<> step(ctx::context);
ctx::task<> work(ctx::context c) {
    step(c);
    co_return;
}
