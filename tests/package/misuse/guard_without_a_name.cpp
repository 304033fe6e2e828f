// SPDX-License-Identifier: MIT
// refused: a guard without a name cancels at once
#include <ctx/ctx.h>
void f(const ctx::context& c) {
    auto [child, cancel] = ctx::with_cancel(c);
    ctx::cancel_guard{cancel};
}
