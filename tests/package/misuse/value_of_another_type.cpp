// SPDX-License-Identifier: MIT
// refused: the value does not fit the key's type
#include <ctx/ctx.h>
const ctx::key<int> limit{"limit"};
ctx::context bind(const ctx::context& c) {
    return ctx::with_value(c, limit, std::string("five"));
}
