// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <cstddef>
#include <cstdint>
#include <vector>

/// What a random log is made of. Of every hundred events `creations` make a context or a worker, until there
/// are as many as wanted; the rest are looks, waits, cancels, requests.
struct random_log_plan {
    std::size_t events = 0;
    std::size_t contexts = 0; ///< as many workers
    std::uint64_t seed = 1;
    std::size_t sweep_every = 0; ///< events; 0: never
    std::size_t reset_every = 0;
};

/// A log as a laboratory might write it, with numbers from 1: a tree, workers that wait and run, cancels with
/// their waves, requests. The same for the same plan.
std::vector<lab::event> random_log(const random_log_plan& plan);
