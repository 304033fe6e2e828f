// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/rules.h"
#include "ctx/world.h"

#include <barrier>
#include <functional>
#include <random>
#include <thread>
#include <vector>

/// Racing threads against each other, many times.
namespace test {

/// `rounds` times: `before`, then every actor in a thread of its own, all let go at the same moment, then
/// `after`.
template <class Before, class After>
void race(int rounds, Before before, const std::vector<std::function<void()>>& actors, After after) {
    std::barrier gate(static_cast<std::ptrdiff_t>(actors.size()) + 1);
    std::vector<std::jthread> threads;
    for (std::size_t n = 0; n < actors.size(); ++n) {
        threads.emplace_back([&, n] {
            std::minstd_rand random(static_cast<unsigned>(n + 1));
            for (int i = 0; i < rounds; ++i) {
                gate.arrive_and_wait();
                // A different head start each time, so that the race is decided at different places.
                for (unsigned spin = random() % 256; spin > 0; --spin)
                    std::atomic_signal_fence(std::memory_order_seq_cst);
                actors[n]();
                gate.arrive_and_wait();
            }
        });
    }
    for (int i = 0; i < rounds; ++i) {
        before();
        gate.arrive_and_wait();
        gate.arrive_and_wait();
        after();
    }
}

/// A tree grown breadth first with four children a node.
struct tree {
    std::vector<ctx::cause_cancelable> nodes;

    explicit tree(const ctx::context& root, std::size_t size) {
        nodes.push_back(ctx::with_cancel_cause(root));
        for (std::size_t at = 0; nodes.size() < size; ++at)
            for (int i = 0; i < 4 && nodes.size() < size; ++i)
                nodes.push_back(ctx::with_cancel_cause(nodes[at].context));
    }
    static std::size_t parent_of(std::size_t n) { return (n - 1) / 4; }
};

/// `made` becomes a chain of `depth` below `root`, top first.
inline void grow_chain(std::vector<ctx::cancelable>& made, const ctx::context& root, int depth) {
    made.clear();
    for (int i = 0; i < depth; ++i) made.push_back(ctx::with_cancel(i == 0 ? root : made.back().context));
}

} // namespace test
