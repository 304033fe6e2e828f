// SPDX-License-Identifier: MIT
#include "lab/describe.h"

#include "lab/durations.h"
#include "lab/narration_parts.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace lab {
namespace {

/// Speeds go by powers of two, or what somebody has typed.
std::string speed_text(double speed) {
    std::ostringstream text;
    text << speed;
    return text.str();
}

struct in_words {
    std::string operator()(const new_context& c) const {
        std::string text = std::string(go_name(c.kind)) + " below " + std::to_string(c.parent);
        if (!c.name.empty()) text += ", called " + c.name;
        if (c.timeout) text += ", " + duration_text(*c.timeout);
        if (c.at) text += ", at " + duration_text(*c.at);
        if (!c.key.empty()) text += ", " + c.key + " = " + c.value;
        if (!c.cause.empty()) text += ", cause \"" + c.cause + "\"";
        return text;
    }
    std::string operator()(const cancel_context& c) const {
        return "cancel " + std::to_string(c.context) +
               (c.cause && !c.cause->empty() ? " with cause \"" + *c.cause + "\"" : "");
    }
    std::string operator()(const new_worker& c) const {
        return "worker of kind " + c.kind + " for " + std::to_string(c.context) +
               (c.name.empty() ? "" : ", called " + c.name);
    }
    std::string operator()(const send_request& c) const {
        return "send " + (c.count > 1 ? std::to_string(c.count) + " times " : "") + c.method + " " + c.path +
               (c.timeout ? ", timeout " + duration_text(*c.timeout) : "") +
               (c.abort_after ? ", leave after " + duration_text(*c.abort_after) : "");
    }
    std::string operator()(const abort_request& c) const {
        return c.client == 0 ? "abort every call" : "abort call " + std::to_string(c.client);
    }
    std::string operator()(const look_up_value&) const { return {}; } // the answer says it
    std::string operator()(const change_clock& c) const {
        switch (c.action) {
        case clock_action::run:
            return "run";
        case clock_action::pause:
            return "pause";
        case clock_action::step:
            return "step: " + std::string(to_string(c.size));
        case clock_action::advance:
            return "advance by " + duration_text(c.by);
        case clock_action::finish:
            return "play to the end, at most " + duration_text(c.by);
        case clock_action::set_speed:
            return "speed " + speed_text(c.speed);
        case clock_action::set_mode:
            return "clock: " + std::string(to_string(c.mode));
        case clock_action::hold:
            return "hold";
        }
        return {};
    }
    std::string operator()(const reset_lab&) const { return {}; } // it ends the log's life
    std::string operator()(const lab::sweep&) const { return "sweep"; }
};

} // namespace

std::string describe(const command& c) {
    return std::visit(in_words{}, c);
}

std::string with_name(std::string text, const state& s) {
    std::size_t number = std::string::npos;
    if (text.starts_with("cancel "))
        number = 7;
    else if (const std::size_t below = text.find(" below "); below != std::string::npos)
        number = below + 7;
    else if (const std::size_t of = text.find(" for ");
             of != std::string::npos && text.starts_with("worker "))
        number = of + 5;
    if (number == std::string::npos) return text;
    id_t id = 0;
    const char* const first = text.data() + number;
    const auto [end, error] = std::from_chars(first, text.data() + text.size(), id);
    if (error == std::errc())
        text.replace(number, static_cast<std::size_t>(end - first), context_label(s, id));
    return text;
}

bool describes_clock(std::string_view text) {
    static constexpr std::string_view whole[] = {"run", "pause", "hold"};
    static constexpr std::string_view begins[] = {"step: ", "advance by ", "play to the end", "speed ",
                                                  "clock: "};
    return std::ranges::find(whole, text) != std::end(whole) ||
           std::ranges::any_of(begins, [&](std::string_view b) { return text.starts_with(b); });
}

} // namespace lab
