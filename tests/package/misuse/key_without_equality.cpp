// SPDX-License-Identifier: MIT
// refused: key is not comparable
#include <ctx/ctx.h>
struct session {};
ctx::context bind(const ctx::context& c) {
    return ctx::with_value(c, ctx::any_key(session{}), ctx::any_value(1));
}
