// SPDX-License-Identifier: MIT
// refused: cannot be called with these arguments
#include <ctx/ctx.h>
ctx::task<> work(ctx::context, int);
void start(ctx::scheduler& on, const ctx::context& c) {
    ctx::go(on, work, c, std::string("seven"));
}
