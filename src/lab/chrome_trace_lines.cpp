// SPDX-License-Identifier: MIT
#include "lab/chrome_trace_lines.h"

#include "lab/json_text.h"
#include "lab/state_json.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <vector>

namespace lab {
namespace {

/// Track numbers that no two groups share.
std::uint64_t number_of(trace_track t) {
    return trace_track_hash()(t);
}

} // namespace

trace_lines::trace_lines(std::ostream& out) : out_(out) {
    out_ << "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
    constexpr std::string_view groups[] = {"contexts", "workers", "requests", "clients"};
    for (int pid = 1; pid <= 4; ++pid) {
        out_ << (first_ ? "\n" : ",\n") << R"({"ph":"M","pid":)" << pid
             << R"(,"name":"process_name","args":{"name":")" << groups[pid - 1] << "\"}}";
        first_ = false;
    }
}

void trace_lines::line(char phase, trace_track t) {
    // Microseconds; all digits of a nanosecond, as a double would not keep those of a long run.
    char time[40];
    const long long ns = now_.count();
    std::snprintf(time, sizeof time, "%lld.%03lld", ns / 1000, ns % 1000);
    out_ << ",\n{\"ph\":\"" << phase << "\",\"pid\":" << static_cast<int>(t.in) << ",\"tid\":" << number_of(t)
         << ",\"ts\":" << time;
}

void trace_lines::text(std::string_view key, std::string_view value) {
    out_ << ",\"" << key << "\":" << json_text(nlohmann::ordered_json(value));
}

void trace_lines::name(trace_track t, std::string_view called) {
    out_ << ",\n{\"ph\":\"M\",\"pid\":" << static_cast<int>(t.in) << ",\"tid\":" << number_of(t)
         << R"(,"name":"thread_name","args":{"name":)" << json_text(nlohmann::ordered_json(called)) << "}}";
}

void trace_lines::begin(trace_track t, std::string_view slice, std::string_view details) {
    line('B', t);
    text("name", slice);
    if (!details.empty()) out_ << ",\"args\":" << details;
    out_ << '}';
    ++open_[t];
}

void trace_lines::end(trace_track t) {
    const auto at = open_.find(t);
    if (at == open_.end()) return;
    line('E', t);
    out_ << '}';
    if (--at->second == 0) open_.erase(at);
}

void trace_lines::end_all(trace_track t) {
    while (open(t) > 0) end(t);
}

std::size_t trace_lines::open(trace_track t) const {
    const auto at = open_.find(t);
    return at == open_.end() ? 0 : at->second;
}

void trace_lines::flow(char phase, trace_track t, std::string_view what, std::uint64_t number) {
    line(phase, t);
    text("name", what);
    out_ << ",\"cat\":\"cause\",\"id\":" << number << (phase == 'f' ? ",\"bp\":\"e\"}" : "}");
}

std::uint64_t trace_lines::leave(trace_track from, std::string_view what) {
    if (open(from) == 0) return 0;
    flow('s', from, what, ++flows_);
    return flows_;
}

void trace_lines::arrive(trace_track to, std::string_view what, std::uint64_t number) {
    if (number != 0) flow('f', to, what, number);
}

void trace_lines::finish() {
    std::vector<trace_track> left;
    for (const auto& [track, count] : open_) left.push_back(track);
    std::sort(left.begin(), left.end(),
              [](trace_track a, trace_track b) { return number_of(a) < number_of(b); });
    for (const trace_track& t : left) end_all(t);
    out_ << "\n]}\n";
}

} // namespace lab
