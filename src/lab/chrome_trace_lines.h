// SPDX-License-Identifier: MIT
#pragma once

#include "lab/ids.h"

#include <cstdint>
#include <iosfwd>
#include <string_view>
#include <unordered_map>

/// The lines of a Chrome trace: slices and flows on tracks.
namespace lab {

/// A row of the trace: a thread of a process, in the format's words.
struct trace_track {
    enum class group : std::uint8_t { contexts = 1, workers, requests, clients };
    group in = group::contexts;
    id_t id = 0;
    friend bool operator==(const trace_track&, const trace_track&) = default;
};

struct trace_track_hash {
    std::size_t operator()(const trace_track& t) const noexcept {
        return t.id * 4 + static_cast<std::size_t>(t.in);
    }
};

class trace_lines {
  public:
    explicit trace_lines(std::ostream& out);

    /// All that follows happens at this time, which does not go back.
    void at(lab_time t) { now_ = t > now_ ? t : now_; }
    void name(trace_track t, std::string_view text);
    /// `details` is a JSON object, or empty.
    void begin(trace_track t, std::string_view slice, std::string_view details = {});
    void end(trace_track t);
    /// Ends all that is open on the track.
    void end_all(trace_track t);
    std::size_t open(trace_track t) const;
    /// An arrow leaves the slice that is open on this track: what `arrive` is told. 0: none is open.
    std::uint64_t leave(trace_track from, std::string_view what);
    /// It ends in the slice that is open on this track. Nothing for 0.
    void arrive(trace_track to, std::string_view what, std::uint64_t flow);
    /// Both at once.
    void arrow(trace_track from, trace_track to, std::string_view what) {
        if (open(to) > 0) arrive(to, what, leave(from, what));
    }
    void finish();

  private:
    void line(char phase, trace_track t);
    void text(std::string_view key, std::string_view value);
    void flow(char phase, trace_track t, std::string_view what, std::uint64_t number);

    std::ostream& out_;
    bool first_ = true;
    lab_time now_{};
    std::uint64_t flows_ = 0;
    std::unordered_map<trace_track, std::size_t, trace_track_hash> open_; ///< slices; no entry: none
};

} // namespace lab
