// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/ctx.h"

#include <memory>
#include <utility>

namespace test {

/// Workers under one roof and on one clock, each run until it waits.
struct workers {
    std::shared_ptr<ctx::virtual_clock> clock = std::make_shared<ctx::virtual_clock>();
    ctx::step_scheduler steps{clock, 1};

    template <class F>
    void start(F f) {
        ctx::go(steps, std::move(f));
        run();
    }
    void run() { steps.run_until_idle(); }
    std::size_t live() const { return steps.live(); }
};

} // namespace test
