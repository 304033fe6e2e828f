// SPDX-License-Identifier: MIT
#include "lab/code_outcome.h"

#include "lab/state.h"

#include <algorithm>

namespace lab {
namespace {

std::string quoted(const std::string& name) {
    return '"' + name + "\": ";
}

std::string end_of(const context_info& c) {
    if (c.kind == context_kind::after_func) {
        const char* fate = c.fired ? "ran" : c.done ? "stopped" : "waits";
        return "after_func " + quoted(c.name) + fate;
    }
    std::string line = "context " + quoted(c.name) + (c.err.empty() ? "active" : c.err);
    if (c.cause != c.err) line += " (cause: " + c.cause + ")";
    return line;
}

std::string end_of(const worker_info& w) {
    return "worker " + quoted(w.name) + (w.exited ? w.reason : "still there");
}

} // namespace

std::vector<std::string> code_outcome(const std::vector<event>& run) {
    state picture;
    std::vector<std::string> lines;
    for (const event& e : run) {
        if (e.kind == event_kind::swept) continue; // what was swept has come to something too
        picture.apply(e);
        if (e.kind != event_kind::value_looked_up) continue;
        const context_info* c = picture.context(e.context);
        lines.push_back("value \"" + e.key + "\" of " + quoted(c ? c->name : "") + (e.on ? e.data : "none"));
    }
    for (const worker_info& w : picture.workers()) lines.push_back(end_of(w));
    for (const context_info& c : picture.contexts())
        if (c.id != root_id) lines.push_back(end_of(c));
    std::sort(lines.begin(), lines.end());
    return lines;
}

} // namespace lab
