// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"
#include "ctx/rules.h"
#include "ctx/world.h"

/// What the twins of Go's tests share. A row is named as the function in Go.
namespace go_port {

using namespace std::chrono_literals;

inline constexpr ctx::duration short_duration = 1ms;
inline constexpr ctx::duration very_long_duration = 1000h;

/// Would a receive from Done block now?
inline bool blocks(const ctx::context& c) {
    return ctx::select(ctx::recv(c.done()), ctx::otherwise()) == 1;
}

/// Go's otherContext: a type of its own that hands everything on.
inline ctx::context other_context(const ctx::context& inner) {
    return test::make<test::wrapper>(inner, inner);
}

/// Is `c` done before a time that no test should need?
inline bool ends(const ctx::recv_chan<ctx::empty>& done) {
    return ctx::select(ctx::recv(done), ctx::recv(ctx::after(60s))) == 0;
}

} // namespace go_port
