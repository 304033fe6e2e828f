// SPDX-License-Identifier: MIT
// refused: a key's type is that of its value
#include <ctx/ctx.h>
const ctx::key<const std::string&> user{"user"};
