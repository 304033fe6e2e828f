// SPDX-License-Identifier: MIT
// refused: whoever makes the context cancels it
#include <ctx/ctx.h>
void f(const ctx::context& c) {
    ctx::with_cancel(c);
}
