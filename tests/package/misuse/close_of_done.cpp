// SPDX-License-Identifier: MIT
// refused: has no member named
#include <ctx/ctx.h>
void f(const ctx::context& c) {
    c.done().close();
}
