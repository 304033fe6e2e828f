// SPDX-License-Identifier: MIT
#include "cli/recorded_life.h"

#include <charconv>
#include <filesystem>
#include <iterator>

namespace cli {

numbered take_number(const std::string& text) {
    const auto at = text.rfind('@');
    std::error_code ignored;
    if (at == std::string::npos || std::filesystem::exists(text, ignored)) return {.name = text};
    std::int64_t n = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + at + 1, end, n);
    if (problem != std::errc{} || stop != end) return {.name = text, .misread = true};
    return {.name = text.substr(0, at), .number = n};
}

recorded_lives::recorded_lives(lab::recording& r) : events_(r.events) {
    for (std::size_t i = 0; i < events_.size(); ++i)
        if (i == 0 || events_[i].kind == lab::event_kind::lab_started) begins_.push_back(i);
}

std::vector<lab::event> recorded_lives::take(std::size_t number) {
    const auto at = [&](std::size_t i) { return events_.begin() + static_cast<std::ptrdiff_t>(i); };
    const auto end = number < begins_.size() ? at(begins_[number]) : events_.end();
    return {std::make_move_iterator(at(begins_[number - 1])), std::make_move_iterator(end)};
}

std::string recorded_lives::count_text() const {
    return "the recording has " + std::to_string(count()) + (count() == 1 ? " life" : " lives");
}

} // namespace cli
