// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"

#include <chrono>
#include <memory>
#include <vector>

/// The calls whose allocations are counted, each with what it needs made beforehand.
namespace test {

/// Made once, asked and derived from by the calls.
struct world_of_calls {
    inline static const ctx::key<int> number{"number"};
    inline static const ctx::key<int> missing{"missing"};
    ctx::cancelable open = ctx::with_cancel(ctx::background());
    ctx::cancelable done = ctx::with_cancel(ctx::background());
    ctx::context bound = ctx::with_value(open.context, number, 7);
    std::vector<ctx::cancelable> to_cancel; ///< more than will be cancelled
    std::vector<ctx::stop_func> to_stop;
    std::size_t cancelled = 0, stopped = 0;

    explicit world_of_calls(std::size_t runs) {
        done.cancel();
        for (std::size_t i = 0; i < runs; ++i) {
            to_cancel.push_back(ctx::with_timeout(open.context, std::chrono::hours(1)));
            to_stop.push_back(ctx::after_func(open.context, [] {}));
        }
    }
};

struct counted_call {
    const char* name;
    const char* title;
    int ceiling; ///< allocations
    void (*run)(world_of_calls&);
};

// Results go here, so that no call is left out.
inline volatile bool answer;

inline const counted_call counted_calls[] = {
    {"background", "Background", 0, [](world_of_calls&) { answer = bool(ctx::background().err()); }},
    {"with_cancel", "WithCancel", 1,
     [](world_of_calls& w) { answer = bool(ctx::with_cancel(w.open.context).context.err()); }},
    {"with_timeout", "WithTimeout", 1,
     [](world_of_calls& w) {
         answer = bool(ctx::with_timeout(w.open.context, std::chrono::hours(1)).context.err());
     }},
    {"with_value", "WithValue of an int", 1,
     [](world_of_calls& w) { answer = bool(ctx::with_value(w.open.context, w.number, 7).err()); }},
    {"without_cancel", "WithoutCancel", 1,
     [](world_of_calls& w) { answer = bool(ctx::without_cancel(w.open.context).err()); }},
    {"after_func", "AfterFunc of a small function, and stop", 1,
     [](world_of_calls& w) { answer = ctx::after_func(w.open.context, [] {})(); }},
    {"stop", "stop of an AfterFunc", 0, [](world_of_calls& w) { answer = w.to_stop[w.stopped++](); }},
    {"err", "Err", 0, [](world_of_calls& w) { answer = w.open.context.err() || w.done.context.err(); }},
    {"cause", "Cause", 0,
     [](world_of_calls& w) { answer = ctx::cause(w.open.context) || ctx::cause(w.done.context); }},
    {"done", "Done", 0,
     [](world_of_calls& w) { answer = w.open.context.done().closed() || w.done.context.done().closed(); }},
    {"deadline", "Deadline", 0,
     [](world_of_calls& w) { answer = w.to_cancel.back().context.deadline().has_value(); }},
    {"value_hit", "Value that is there", 0,
     [](world_of_calls& w) { answer = w.bound.value(w.number) != nullptr; }},
    {"value_miss", "Value that is not there", 0,
     [](world_of_calls& w) { answer = w.bound.value(w.missing) != nullptr; }},
    {"select", "select that need not wait", 0,
     [](world_of_calls& w) {
         answer = ctx::select(ctx::recv(w.open.context.done()), ctx::recv(w.done.context.done())) == 1;
     }},
    {"select_default", "select with a default", 0,
     [](world_of_calls& w) {
         answer = ctx::select(ctx::recv(w.open.context.done()), ctx::otherwise()) == 1;
     }},
    {"cancel", "cancel", 0, [](world_of_calls& w) { w.to_cancel[w.cancelled++].cancel(); }},
};

} // namespace test
