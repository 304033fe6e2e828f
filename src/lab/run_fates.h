// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/ledger.h"
#include "lab/state.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

/// What became of everything in one run, so that it can be laid beside what became of it in another.
///
///     lab::thing_names names;                       // shared by both sides
///     lab::run_fates left(names), right(names);
///     for (const lab::event& e : events) left.apply(e);
///
/// Thread safety: as standard containers.
namespace lab {

/// Numbers for things by their place: what hangs below what, under which name, the how-many-eth of that name.
/// Two runs that share it give equal numbers to what is the same thing in both, whatever its id.
class thing_names {
  public:
    /// `place`: how many of this word the thing above it has had before, in this run.
    std::uint64_t number(std::uint64_t above, const std::string& word, std::size_t place);

  private:
    std::unordered_map<std::string, std::uint64_t> numbers_;
};

class run_fates {
  public:
    /// `names` must outlive it.
    explicit run_fates(thing_names& names) : names_(names) {}

    /// What does not `count` (of the clock) is in the picture only, and one of the events. O(1) amortised,
    /// and for a sweep in the size of the picture.
    void apply(const event& e, bool counts = true);

    struct thing {
        std::uint64_t number = 0; ///< of thing_names
        id_t id = 0;
    };
    /// In the order in which they began, also those that have been swept away.
    const std::vector<thing>& contexts() const { return contexts_; }
    const std::vector<thing>& workers() const { return workers_; }
    const std::vector<thing>& requests() const { return requests_; }
    const std::vector<thing>& calls() const { return calls_; }

    /// As they are now, or were when they were swept away. Null if there never was one.
    const context_info* context(id_t id) const;
    const worker_info* worker(id_t id) const;
    /// The number of a context; 0 if there is none.
    std::uint64_t number_of(id_t context) const;

    const state& picture() const { return picture_; }
    const ledger& book() const { return book_; }
    std::uint64_t events() const { return events_; }

  private:
    std::uint64_t number(std::uint64_t above, const std::string& word);
    void keep_swept(const event& e);
    void on_created(const event& e);
    void on_worker(const event& e);

    thing_names& names_;
    state picture_;
    ledger book_;
    std::uint64_t events_ = 0;
    std::vector<thing> contexts_, workers_, requests_, calls_;
    std::unordered_map<id_t, std::uint64_t> number_of_; // of contexts
    std::unordered_map<std::string, std::size_t> places_;
    std::unordered_map<id_t, context_info> swept_contexts_;
    std::unordered_map<id_t, worker_info> swept_workers_;
};

} // namespace lab
