// SPDX-License-Identifier: MIT
#pragma once

#include "lab/scenario.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

/// What Go leaves undefined, made visible: a scenario is run with many seeds, and its outcomes are told
/// apart.
///
///     for (const lab::outcome& o : lab::try_seeds(scenario, 500).outcomes) show(o.count, o.seed, o.fates);
///
/// A seed decides in which order siblings are cancelled, which case of a select wins, and which of several
/// ready workers goes first.
namespace lab {

/// An order in which the workers of an outcome exited.
struct exit_order {
    std::vector<std::string> workers;
    std::size_t count = 0; ///< seeds that gave it
    std::int64_t seed = 0; ///< the first of them
};

/// How a run ended, without times and numbers: what became of each context and each worker.
struct outcome {
    /// `context job: context canceled, cause disk full`; `worker stubborn: finished, leaked`. Sorted.
    std::vector<std::string> fates;
    std::size_t count = 0;
    std::int64_t seed = 0;
    std::vector<exit_order> orders; ///< more than one: the order is not defined; most frequent first
};

struct seed_report {
    std::size_t tried = 0;
    std::vector<outcome> outcomes; ///< most frequent first
    std::size_t endless = 0;       ///< runs that were still going on when their time was over
};

struct seed_options {
    std::int64_t first = 1;
    std::chrono::nanoseconds longest = std::chrono::hours(1); ///< laboratory time of a run
    std::stop_token stop = {};
    std::function<void(std::size_t tried)> progress = {}; ///< after each run, in the calling thread
};

/// Runs it `n` times on the virtual clock with seeds first, first + 1, ... Stops early when asked to.
/// Throws input_error if the scenario sends requests: what sockets do no seed decides.
seed_report try_seeds(const scenario& s, std::size_t n, seed_options o = {});

} // namespace lab
