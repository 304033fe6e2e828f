// SPDX-License-Identifier: MIT
#include "cli/tree_text.h"

#include "lab/durations.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cli {
namespace {

/// Deeper ones stand no further to the right.
constexpr std::size_t deepest = 24;

std::string indent(std::size_t depth) {
    return std::string(2 * std::min(depth, deepest), ' ');
}

std::string line_of(const lab::context_info& c, lab::lab_time now) {
    std::string text = c.name + " #" + std::to_string(c.id);
    if (const std::string kind(go_name(c.kind)); !c.name.starts_with(kind)) text += "  " + kind;
    if (c.kind == lab::context_kind::with_value) text += ' ' + c.key + " = " + c.value;
    if (c.state != lab::context_state::active) {
        text += "  " + c.err;
        if (!c.cause.empty() && c.cause != c.err) text += " (cause: " + c.cause + ')';
    } else if (c.own_deadline) {
        text += "  active, " + lab::duration_text(*c.own_deadline - now) + " left";
    } else {
        text += "  active";
    }
    return text;
}

std::string line_of(const lab::worker_info& w) {
    std::string text = "* " + w.name + "  " + std::string(to_string(w.state));
    if (w.exited) return text + ": " + w.reason;
    if (!w.spans.empty() && !w.spans.back().what.empty()) text += ": " + w.spans.back().what;
    return text;
}

} // namespace

void write_tree(std::ostream& out, const lab::state& s) {
    struct place {
        lab::id_t id;
        std::size_t depth;
    };
    std::vector<place> next;
    for (const lab::context_info& c : s.contexts())
        if (!s.context(c.parent)) next.push_back({c.id, 0});
    std::reverse(next.begin(), next.end());
    while (!next.empty()) {
        const place p = next.back();
        next.pop_back();
        const lab::context_info* const c = s.context(p.id);
        if (!c) continue;
        out << indent(p.depth) << line_of(*c, s.now()) << '\n';
        for (const lab::id_t id : c->workers)
            if (const lab::worker_info* const w = s.worker(id))
                out << indent(p.depth + 1) << line_of(*w) << '\n';
        for (auto child = c->children.rbegin(); child != c->children.rend(); ++child)
            next.push_back({*child, p.depth + 1});
    }
}

} // namespace cli
