// SPDX-License-Identifier: MIT
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read the standard library's <concepts>
#include "lab/event_log.h"
#include "lab/log_view.h"
#include "lab/moments.h"
#endif

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// A log as the window reads it: its events, a sentence for each, every moment, and the lives it is made of.
/// A life begins with each start, reset or fork of a laboratory.
///
/// Thread safety: as a standard container; a whole recording may be read on another thread before the window
/// gets it.
class History {
  public:
    struct Life {
        std::uint64_t first = 1; ///< of its lab_started
        std::uint64_t last = 0;
        bool contains(std::uint64_t seq) const { return seq >= first && seq <= last; }
        friend bool operator==(const Life&, const Life&) = default;
    };

    /// A log that somebody else writes, and that outlives this.
    explicit History(const lab::event_log& log);
    /// A log of its own: a recording.
    explicit History(std::unique_ptr<const lab::event_log> log);

    /// Reads on, `most` events at most. True if there may be more. O(1) amortised for each event.
    bool advance(std::size_t most = SIZE_MAX);
    /// The last event read; 0: none.
    std::uint64_t lastSeq() const { return m_sentences.size(); }

    const lab::event_log& log() const { return m_log; }
    const lab::event& event(std::uint64_t seq) const;
    /// What the event was, in words, as it read at that moment: a name may be swept away later.
    const std::string& sentence(std::uint64_t seq) const { return m_sentences[seq - 1]; }
    const lab::moments& moments() const { return m_moments; }

    /// In their order; at least one as soon as an event has been read.
    const std::vector<Life>& lives() const { return m_lives; }
    /// That in which the event is. O(log lives).
    const Life& lifeOf(std::uint64_t seq) const;
    /// The last event of the life that had happened by then; its first one if none had.
    std::uint64_t seqAt(const Life& life, lab::lab_time at) const;
    /// A life of it.
    lab::log_view view(const Life& life) const { return {m_log, life.first, life.last}; }

  private:
    std::unique_ptr<const lab::event_log> m_own;
    const lab::event_log& m_log;
    lab::moments m_moments;
    std::deque<std::string> m_sentences; ///< by seq - 1
    std::vector<Life> m_lives;
    mutable std::span<const lab::event> m_near; ///< events round the one looked at last
};
