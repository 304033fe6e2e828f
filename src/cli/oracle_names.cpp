// SPDX-License-Identifier: MIT
#include "cli/oracle_names.h"

#include "lab/durations.h"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace cli {

namespace {

constexpr std::string_view before_time = ".WithDeadline(";

std::string milliseconds(ctx::duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + "ms";
}

std::optional<std::uint64_t> digits(std::string_view text) {
    std::uint64_t n = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return n;
}

/// The time since the script began, from `2009-11-10 23:00:00.05 +0000 UTC m=+0.050000000`.
std::optional<ctx::duration> monotonic_part(std::string_view time) {
    const std::size_t at = time.rfind(" m=");
    if (at == std::string_view::npos || time.size() < at + 4) return std::nullopt;
    const std::string_view number = time.substr(at + 4);
    const std::size_t point = number.find('.');
    if (point == std::string_view::npos || number.size() != point + 10) return std::nullopt;
    const auto seconds = digits(number.substr(0, point));
    const auto nanoseconds = digits(number.substr(point + 1));
    if (!seconds || !nanoseconds) return std::nullopt;
    const std::uint64_t count = *seconds * 1'000'000'000 + *nanoseconds;
    return ctx::duration(static_cast<ctx::duration::rep>(time[at + 3] == '-' ? 0 - count : count));
}

/// `.WithDeadline(<time> [<duration>])` with both in milliseconds.
std::string in_milliseconds(const std::string& part) {
    const std::size_t bracket = part.rfind(" [");
    if (!part.starts_with(before_time) || !part.ends_with("])") || bracket == std::string::npos)
        throw std::logic_error("unexpected form of a deadline: " + part);
    const std::string_view all = part;
    const auto time = monotonic_part(all.substr(before_time.size(), bracket - before_time.size()));
    if (!time) throw std::logic_error("unexpected form of a time: " + part);
    const ctx::duration left = lab::parse_duration(all.substr(bracket + 2, all.size() - bracket - 4));
    return std::string(before_time) + '@' + milliseconds(*time) + " [" + milliseconds(left) + "])";
}

} // namespace

std::string script_name(const oracle_context& c) {
    std::string name = c.context.string();
    for (const oracle_context* at = &c; at && !at->custom; at = at->parent) {
        if (!at->has_deadline) continue;
        // Only what this context added to its parent's name is looked at.
        const std::string whole = at->context.string();
        const std::string above = at->parent->context.string();
        const bool parent_hidden = !whole.starts_with(above); // CTX-166
        const std::size_t begin = parent_hidden ? whole.find('.', whole.find('.') + 1) : above.size();
        const std::string part = whole.substr(begin);
        if (part != ".WithCancel") name.replace(begin, part.size(), in_milliseconds(part)); // CTX-082
        if (parent_hidden) break;
    }
    return name;
}

} // namespace cli
