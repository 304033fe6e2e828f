// SPDX-License-Identifier: MIT
#pragma once

#include "lab/compare.h"
#include "lab/run_fates.h"

#include <vector>

/// What `compare` can say of a thing on both sides. An id of 0: that side has none.
namespace lab {

std::vector<fact> beginnings_of(const run_fates& left, const run_fates& right);
std::vector<fact> totals_of(const run_fates& left, const run_fates& right);

compared context_in(const run_fates& left, id_t a, const run_fates& right, id_t b);
compared worker_in(const run_fates& left, id_t a, const run_fates& right, id_t b);
compared request_in(const run_fates& left, id_t a, const run_fates& right, id_t b);
compared call_in(const run_fates& left, id_t a, const run_fates& right, id_t b);

} // namespace lab
