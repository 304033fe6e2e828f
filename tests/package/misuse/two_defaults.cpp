// SPDX-License-Identifier: MIT
// refused: a select has at most one otherwise()
#include <ctx/ctx.h>
std::size_t f(const ctx::context& c) {
    return ctx::select(ctx::recv(c.done()), ctx::otherwise(), ctx::otherwise());
}
