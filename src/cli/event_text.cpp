// SPDX-License-Identifier: MIT
#include "cli/event_text.h"

#include "cli/usage_error.h"
#include "lab/chrome_trace.h"
#include "lab/event_json.h"
#include "lab/narration.h"

namespace cli {
namespace {

void write_text(std::ostream& out, const std::vector<lab::event>& events) {
    lab::state picture;
    for (const lab::event& e : events) {
        picture.apply(e);
        out << lab::clock_text(e.at) << "  " << lab::sentence(e, picture) << '\n';
    }
}

void write_ndjson(std::ostream& out, const std::vector<lab::event>& events) {
    for (const lab::event& e : events) out << lab::to_line(e) << '\n';
}

void write_perfetto(std::ostream& out, const std::vector<lab::event>& events) {
    lab::chrome_trace_writer trace(out);
    for (const lab::event& e : events) trace.add(e);
    trace.finish();
}

} // namespace

event_writer event_writer_for(const std::string& format) {
    if (format == "text") return write_text;
    if (format == "ndjson") return write_ndjson;
    if (format == "perfetto") return write_perfetto;
    throw usage_error("--format \"" + format + "\": expected text, ndjson or perfetto");
}

} // namespace cli
