// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

/// The truth of a laboratory: an append-only list of events with gapless sequence numbers.
///
///     std::vector<lab::event> batch = log.read(last_seen, 4096);   // events last_seen+1 ...
///
/// Thread safety: every member may be called from any thread. Appending costs one short lock, and so does
/// reading: events are kept in blocks that never move, so they are copied out after the lock is given back.
namespace lab {

class event_log {
  public:
    /// Numbers the event and keeps it. Returns its sequence number.
    std::uint64_t append(event e);

    /// Up to `most` events after `since`, oldest first.
    std::vector<event> read(std::uint64_t since, std::size_t most = SIZE_MAX) const;

    /// The events after `since` that lie side by side in memory: at least one, if there is one. Copies
    /// nothing; they stay valid and unchanged as long as the log lives. O(1).
    std::span<const event> after(std::uint64_t since) const;

    /// The events that lie side by side in memory with `seq`, which must be there: for going backwards, too.
    std::span<const event> block_of(std::uint64_t seq) const;

    std::uint64_t last_seq() const;

    /// Blocks until there is something after `since`, the log is closed, or `limit` has passed.
    /// True if there is something.
    bool wait_after(std::uint64_t since, std::chrono::nanoseconds limit) const;

    /// The same without a limit, until somebody asks to stop.
    bool wait_after(std::uint64_t since, std::stop_token stop) const;

    /// Wakes every waiter for good.
    void close();

  private:
    mutable std::mutex mutex_;
    mutable std::condition_variable grown_;
    std::vector<std::unique_ptr<event[]>> blocks_; // guarded by mutex_; what was appended never changes
    std::uint64_t size_ = 0;                       // guarded by mutex_; event i has seq i + 1
    bool closed_ = false;                          // guarded by mutex_
};

} // namespace lab
