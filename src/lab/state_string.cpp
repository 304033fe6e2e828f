// SPDX-License-Identifier: MIT
#include "lab/durations.h"
#include "lab/state.h"

#include <string_view>

namespace lab {

namespace {

/// The context's own part of the printed form. Go computes the time that remains when it is asked, so it
/// becomes negative after the deadline.
std::string own_part(const context_info& c, lab_time now) {
    if (c.suffix.empty() && c.parent == 0) return "context." + std::string(go_name(c.kind));
    const std::size_t open = c.suffix.rfind(" [");
    const std::size_t close = c.suffix.rfind(']');
    if (!c.own_deadline || open == std::string::npos || close == std::string::npos || close < open)
        return c.suffix;
    return c.suffix.substr(0, open + 2) + duration_text(*c.own_deadline - now) + c.suffix.substr(close);
}

} // namespace

std::string state::go_string(id_t id, std::size_t levels) const {
    std::vector<std::string> parts;
    const context_info* c = context(id);
    for (; c && parts.size() < levels; c = context(c->parent)) parts.push_back(own_part(*c, now_));
    std::string text = c ? "..." : "";
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) text += *part;
    return text;
}

} // namespace lab
