// SPDX-License-Identifier: MIT
// refused: use of deleted function
#include <ctx/ctx.h>
ctx::context c = nullptr;
