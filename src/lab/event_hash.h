// SPDX-License-Identifier: MIT
#pragma once

#include "lab/log_view.h"

#include <cstdint>
#include <vector>

/// Fingerprints of logs, to tell whether two runs were the same without keeping both.
namespace lab {

/// Of what scenario, seed and inputs decide: not of the sequence number, the wall time and the pace.
std::uint64_t event_hash(const event& e);

/// Of a log, event by event: equal values mean equal prefixes.
///
///     lab::running_hash h;
///     for (const lab::event& e : events) h.add(e);
class running_hash {
  public:
    void add(const event& e);
    std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0;
};

/// The running hash after each of the events.
std::vector<std::uint64_t> running_hashes(const log_view& events);

} // namespace lab
