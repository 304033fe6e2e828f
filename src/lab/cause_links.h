// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

/// What made an event happen, and what it made happen: the links along which a cancellation went.
///
///     cancel called, or deadline expired  ->  context done
///     context done    ->  child visited, done of the contexts below, detached, timer stopped, wave finished,
///                         callback of AfterFunc run, a child born done, worker noticed, worker leaked
///     worker noticed  ->  worker exited  ->  request ended (aborted or timed out)
///     request ended   ->  cancel called, on the request's own context
///
/// A worker may look before the one who cancels has come to say so: then what it noticed is the call itself.
/// Who called cancel is not said here: no event says it.
/// Thread safety: as a standard container.
namespace lab {

class cause_links {
  public:
    /// The event after the last one added. O(1) amortised, and O(depth) for a worker below contexts without a
    /// Done of their own.
    void add(const event& e);

    std::optional<std::uint64_t> cause_of(std::uint64_t seq) const;
    /// In the order in which they happened. O(their number).
    std::vector<std::uint64_t> effects_of(std::uint64_t seq) const;

  private:
    /// Of a life: sequence numbers, 0 for what has not happened.
    struct context_trace {
        id_t parent = 0;
        id_t request = 0; // whose context this is, or is below
        std::uint64_t started = 0;
        std::uint64_t done = 0;
    };
    struct worker_trace {
        id_t context = 0;
        std::uint64_t noticed = 0;
    };
    struct request_trace {
        id_t context = 0;
        std::uint64_t aborted_by = 0; // the exit of a worker that had noticed
        std::uint64_t ended = 0;
    };
    struct link {
        std::uint32_t cause = 0;
        std::uint32_t last_effect = 0;
        std::uint32_t earlier_effect = 0; // another one of the same cause
    };

    std::uint64_t cause_by(const event& e);
    std::uint64_t cause_of_context(const event& e);
    std::uint64_t cause_of_done(const event& e);
    std::uint64_t cause_of_exit(const event& e);
    std::uint64_t cause_of_request_end(const event& e);
    void created(const event& e);
    const context_trace* trace(id_t context) const;
    std::uint64_t end_of(id_t context) const;
    std::uint64_t started_above(id_t context) const;

    std::unordered_map<id_t, context_trace> contexts_;
    std::unordered_map<id_t, worker_trace> workers_;
    std::unordered_map<id_t, request_trace> requests_;
    std::vector<link> links_; // by seq
};

} // namespace lab
