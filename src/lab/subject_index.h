// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

/// Which events speak of a thing: for going from one to the next.
///
///     lab::subject_index events;
///     for (const lab::event& e : log) events.add(e);
///     if (auto seq = events.next({lab::subject::sort::worker, 3}, 100)) show(*seq);
///
/// An event speaks of what its members `context`, `worker`, `request` and `client` name; a sweep of all that
/// it takes away. Ids begin anew with each life of the laboratory, so an answer is always of the life in
/// which `seq` lies. Thread safety: as a standard container.
namespace lab {

struct subject {
    enum class sort : std::uint8_t { context, worker, request, client };
    sort of = sort::context;
    id_t id = 0;
};

class subject_index {
  public:
    /// The event after the last one added. O(1) amortised, and for a sweep in what it takes away.
    void add(const event& e);

    /// The first event after `seq` that speaks of it. O(log n).
    std::optional<std::uint64_t> next(subject of, std::uint64_t seq) const;
    /// The last event before `seq` that speaks of it. O(log n).
    std::optional<std::uint64_t> previous(subject of, std::uint64_t seq) const;

  private:
    using seqs = std::vector<std::uint64_t>;
    const seqs* find(subject of) const;
    void note(subject::sort of, id_t id, std::uint64_t seq);

    std::unordered_map<id_t, seqs> events_[4]; // by sort
    seqs lives_;                               // where they begin
};

} // namespace lab
