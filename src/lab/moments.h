// SPDX-License-Identifier: MIT
#pragma once

#include "lab/cause_links.h"
#include "lab/event_log.h"
#include "lab/state.h"
#include "lab/subject_index.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

/// Every moment of a log: the picture after any of its events, in a time that does not grow with the log.
///
///     lab::moments past(log);              // a live log, or a std::vector of events
///     past.advance();                      // now and then, as the log grows
///     const lab::state s = past.at(1234);  // the picture after event 1234
///
/// A checkpoint, which is a cheap copy of the fold, is kept every so many events, and a moment is folded from
/// the last checkpoint before it. When the checkpoints together take more memory than they may, every second
/// one goes, and from then on they are twice as far apart. Around the last moment asked for there are finer
/// ones, so that stepping to and fro there costs a sixteenth. Thread safety: every member may be called from
/// any thread; `at` holds no lock while it folds. The events must outlive the moments.
namespace lab {

class moments {
  public:
    /// The events after a sequence number that lie side by side in memory; none at the end of the log. They
    /// must never move or change. Event n has sequence number n, from 1.
    using events_after = std::function<std::span<const event>(std::uint64_t since)>;

    struct limits {
        std::size_t spacing = 4096;        ///< events from one checkpoint to the next, to begin with
        std::size_t bytes = 512 * 1048576; ///< what they may take beside two whole pictures, about
    };

    explicit moments(events_after source) : moments(std::move(source), limits()) {}
    moments(events_after source, limits l);
    explicit moments(const event_log& log) : moments(log, limits()) {}
    moments(const event_log& log, limits l);
    explicit moments(std::span<const event> all) : moments(all, limits()) {}
    moments(std::span<const event> all, limits l);

    /// Told of every event as it is read, with the picture after it; must not call these moments.
    using visitor = std::function<void(const event&, const state&)>;

    /// Reads on in the log, `most` events at most. True if there may be more. O(1) amortised for each event.
    bool advance(std::size_t most = SIZE_MAX, const visitor& each = {});
    /// How far it has read.
    std::uint64_t seq() const;
    /// The picture there, so that whoever follows the log need not fold it too.
    state head() const;

    /// The picture after event `seq`; of an empty log for 0, and of the end of the log beyond it. What has
    /// not been read yet is folded without checkpoints.
    state at(std::uint64_t seq) const;

    /// The next and the last event before that speak of a thing (lab/subject_index.h), in what has been read.
    /// O(log n).
    std::optional<std::uint64_t> next(subject of, std::uint64_t seq) const;
    std::optional<std::uint64_t> previous(subject of, std::uint64_t seq) const;
    /// What made an event happen, and what it made happen (lab/cause_links.h), in what has been read.
    std::optional<std::uint64_t> cause_of(std::uint64_t seq) const;
    std::vector<std::uint64_t> effects_of(std::uint64_t seq) const;

    struct figures {
        std::size_t checkpoints = 0, spacing = 0, bytes = 0;
    };
    figures costs() const;

  private:
    struct checkpoint {
        state picture;
        std::size_t bytes = 0; // beside the one before it
    };

    void fold(const event& e);
    void keep();
    void thin();
    state base_of(std::uint64_t seq, std::size_t& step) const;
    void remember(std::vector<state> near) const;

    const events_after source_;
    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    std::vector<checkpoint> checkpoints_; // guarded by mutex_, like what follows; by seq
    std::size_t bytes_ = 0;
    std::size_t spacing_;
    std::size_t spent_ = 0; // what folding again from the last checkpoint costs, in events
    state head_;
    subject_index subjects_;
    cause_links causes_;
    mutable std::vector<state> near_; // around the last moment asked for, by seq
};

} // namespace lab
