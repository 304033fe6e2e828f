// SPDX-License-Identifier: MIT
// refused: each case is recv(channel), send(channel, value) or otherwise()
#include <ctx/ctx.h>
std::size_t f(const ctx::context& c) {
    return ctx::select(c.done());
}
