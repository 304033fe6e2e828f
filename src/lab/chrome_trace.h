// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace lab {

/// A log as Chrome-trace JSON, which Perfetto opens, written while the events come: contexts, workers,
/// requests and clients as tracks, and an arrow (a flow) for every hop from cause to effect: cancel called,
/// done, done of the next context, noticed, exited.
///
///     lab::chrome_trace_writer trace(file);
///     for (const lab::event& e : events) trace.add(e);
///     trace.finish();
///
/// Each slice is a pair of B and E, and every arrow has its two ends between them; lines of a track are in
/// order of time, and those of one moment in the order in which they happened, which Perfetto keeps. Thread
/// safety: as a standard container. Errors: those of the stream.
class chrome_trace_writer {
  public:
    explicit chrome_trace_writer(std::ostream& out);
    ~chrome_trace_writer();
    chrome_trace_writer(const chrome_trace_writer&) = delete;
    chrome_trace_writer& operator=(const chrome_trace_writer&) = delete;

    void add(const event& e);
    /// Ends what is still open, and the file. Nothing can be added afterwards.
    void finish();

  private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// The same for a log that is there already.
std::string chrome_trace(const std::vector<event>& events);

} // namespace lab
