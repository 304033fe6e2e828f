// SPDX-License-Identifier: MIT
#include "lab/narration.h"

#include "lab/describe.h"
#include "lab/narration_parts.h"

#include <cstdlib>

namespace lab {

namespace {

std::string started_text(const event& e) {
    std::string text = "A laboratory starts with seed " + std::to_string(e.value);
    if (!e.name.empty()) text += ", scenario " + e.name;
    if (!e.text.empty()) text += ": " + e.text;
    return text;
}

std::string clock_change_text(const event& e) {
    const std::string mode = e.mode == clock_mode::virtual_time ? "virtual time" : "real time";
    if (e.value != 0) return "The clock moves step by step (" + mode + ")";
    if (!e.on) return "The clock is paused (" + mode + ")";
    std::string speed = std::to_string(e.speed);
    speed.erase(speed.find_last_not_of('0') + 1);
    if (speed.ends_with('.')) speed.pop_back();
    return "The clock runs on " + mode + (e.mode == clock_mode::virtual_time ? " at speed " + speed : "");
}

} // namespace

std::string clock_text(lab_time t) {
    const auto ms = t.count() / 1'000'000;
    const std::string digits = std::to_string(1000 + std::llabs(ms) % 1000);
    return (ms < 0 ? "-" : "+") + std::to_string(std::llabs(ms) / 1000) + '.' + digits.substr(1) + " s";
}

std::string sentence(const event& e, const state& s) {
    switch (e.kind) {
    case event_kind::lab_started:
        return started_text(e);
    case event_kind::clock_changed:
        return clock_change_text(e);
    case event_kind::command_issued:
        return (e.name.empty() ? "" : e.name + ": ") + with_name(e.text, s);
    case event_kind::command_refused:
        return "Refused: " + e.text;
    case event_kind::note:
        return e.text;
    case event_kind::worker_started:
    case event_kind::worker_running:
    case event_kind::worker_waiting:
    case event_kind::worker_noticed:
    case event_kind::worker_leaked:
    case event_kind::worker_exited:
        return worker_sentence(e, s);
    case event_kind::request_started:
    case event_kind::request_ended:
    case event_kind::client_sent:
    case event_kind::client_ended:
        return http_sentence(e, s);
    default:
        return context_sentence(e, s);
    }
}

} // namespace lab
