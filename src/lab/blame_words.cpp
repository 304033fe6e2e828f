// SPDX-License-Identifier: MIT
#include "lab/blame.h"
#include "lab/durations.h"
#include "lab/narration.h"
#include "lab/narration_parts.h"

namespace lab {

namespace {

std::string worker_name(const state& s, id_t id) {
    const worker_info* w = s.worker(id);
    return w ? w->name : "worker " + std::to_string(id);
}

std::string caller(const blame& b, const state& s) {
    const std::string cancel = "The cancel function of " + context_label(s, b.path.front().context);
    switch (b.by) {
    case culprit::person:
        return cancel + " was called by a command (" + b.who + ')';
    case culprit::scenario:
        return cancel + " was called by the scenario";
    case culprit::worker:
        return cancel + " was called by " + worker_name(s, b.worker);
    case culprit::after_func:
        return cancel + " was called by the function registered as " + context_label(s, b.registration);
    case culprit::timer:
        if (b.call_seq == 0)
            return "The deadline of " + context_label(s, b.path.front().context) +
                   " had passed when it was made";
        return "The deadline of " + context_label(s, b.path.front().context) + " passed";
    case culprit::client:
        return "The client of request " + std::to_string(b.request) + " left";
    case culprit::request:
        return "Request " + std::to_string(b.request) + " was over";
    case culprit::program:
        break;
    }
    return cancel + " was called by the program itself";
}

std::string span_text(const hop& h) {
    if (h.wall_took > 0)
        return duration_text(h.took) + " (" + duration_text(lab_time(h.wall_took)) + " real)";
    return duration_text(h.took);
}

std::string way(const blame& b, const state& s) {
    std::string text = "The way: ";
    for (std::size_t i = 0; i < b.path.size(); ++i) {
        if (i > 0) text += ", then ";
        text += context_label(s, b.path[i].context) + " after " + span_text(b.path[i]);
        if (b.path[i].at_birth) text += ", at its birth";
    }
    return text;
}

std::string reaction_text(const reaction& r, const state& s) {
    const std::string name = worker_name(s, r.worker);
    if (!r.to_exit && !r.to_notice) return name + " has not noticed";
    if (!r.to_notice) return name + " never looked, and exited after " + duration_text(*r.to_exit);
    std::string text = name + " noticed after " + duration_text(*r.to_notice);
    return r.to_exit ? text + " and exited after " + duration_text(*r.to_exit) : text + " and is still there";
}

} // namespace

std::vector<std::string> sentences(const blame& b, const state& s) {
    std::vector<std::string> lines;
    lines.push_back(caller(b, s) + " at " + clock_text(b.called) + ": " + context_label(s, b.context) +
                    " ended with " + end_text(b.err, b.cause));
    lines.push_back(way(b, s));
    for (const reaction& r : b.reactions) lines.push_back(reaction_text(r, s));
    return lines;
}

} // namespace lab
