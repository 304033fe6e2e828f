// SPDX-License-Identifier: MIT
// refused: std::chrono
#include <ctx/ctx.h>
auto f(const ctx::context& c) {
    return ctx::with_timeout(c, 5);
}
