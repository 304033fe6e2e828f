// SPDX-License-Identifier: MIT
#include "lab/durations.h"

#include <cstdint>
#include <stdexcept>

namespace lab {

namespace {

// The magnitude of the most negative duration; the largest positive one is one less.
constexpr std::uint64_t top = std::uint64_t{1} << 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Go's quoting of a duration in an error: every byte that is not printable ASCII as \xNN.
std::string quoted(std::string_view text) {
    constexpr char hex[] = "0123456789abcdef";
    std::string q = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x80) {
            q += "\\x";
            q += hex[byte >> 4];
            q += hex[byte & 0xf];
        } else {
            if (c == '"' || c == '\\') q += '\\';
            q += c;
        }
    }
    return q + '"';
}

/// Nanoseconds of a unit; 0 if there is no such unit. Both ways to write the micro sign are known.
std::uint64_t unit_size(std::string_view unit) {
    if (unit == "ns") return 1;
    if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") return 1'000;
    if (unit == "ms") return 1'000'000;
    if (unit == "s") return 1'000'000'000;
    if (unit == "m") return 60'000'000'000;
    if (unit == "h") return 3'600'000'000'000;
    return 0;
}

/// Takes the digits off the front. False if they are more than a duration can hold.
bool take_integer(std::string_view& s, std::uint64_t& value) {
    while (!s.empty() && is_digit(s.front())) {
        if (value > top / 10) return false;
        value = value * 10 + static_cast<std::uint64_t>(s.front() - '0');
        if (value > top) return false;
        s.remove_prefix(1);
    }
    return true;
}

/// Takes the digits after the point; those beyond what fits are dropped, as in Go.
struct fraction {
    std::uint64_t value = 0;
    double scale = 1;

    explicit fraction(std::string_view& s) {
        for (bool full = false; !s.empty() && is_digit(s.front()); s.remove_prefix(1)) {
            if (full) continue;
            if (value > (top - 1) / 10) {
                full = true;
                continue;
            }
            const std::uint64_t next = value * 10 + static_cast<std::uint64_t>(s.front() - '0');
            if (next > top) {
                full = true;
                continue;
            }
            value = next;
            scale *= 10;
        }
    }
};

std::string_view take_unit(std::string_view& s) {
    std::size_t n = 0;
    while (n < s.size() && s[n] != '.' && !is_digit(s[n])) ++n;
    const std::string_view unit = s.substr(0, n);
    s.remove_prefix(n);
    return unit;
}

/// Reads one number with its unit off the front of `s` and adds it to `total`. Empty, or the error.
std::string take_part(std::string_view& s, std::uint64_t& total, std::string_view whole) {
    const std::string invalid = "time: invalid duration " + quoted(whole);
    if (s.front() != '.' && !is_digit(s.front())) return invalid;

    const std::size_t before = s.size();
    std::uint64_t v = 0;
    if (!take_integer(s, v)) return invalid;
    bool any_digit = s.size() != before;
    std::uint64_t part = 0;
    double scale = 1;
    if (!s.empty() && s.front() == '.') {
        s.remove_prefix(1);
        const std::size_t after_point = s.size();
        const fraction f(s);
        part = f.value;
        scale = f.scale;
        any_digit = any_digit || s.size() != after_point;
    }
    if (!any_digit) return invalid;

    const std::string_view unit = take_unit(s);
    if (unit.empty()) return "time: missing unit in duration " + quoted(whole);
    const std::uint64_t size = unit_size(unit);
    if (size == 0) return "time: unknown unit " + quoted(unit) + " in duration " + quoted(whole);
    if (v > top / size) return invalid;
    v *= size;
    if (part > 0) {
        v += static_cast<std::uint64_t>(static_cast<double>(part) * (static_cast<double>(size) / scale));
        if (v > top) return invalid;
    }
    total += v;
    return total > top ? invalid : std::string();
}

/// `value` in units of 10^digits, without trailing zeros: 1500000, 6 gives "1.5".
std::string with_fraction(std::uint64_t value, int digits) {
    std::string tail;
    for (int i = 0; i < digits; ++i, value /= 10) {
        const auto digit = static_cast<char>('0' + value % 10);
        if (digit != '0' || !tail.empty()) tail.insert(tail.begin(), digit);
    }
    return std::to_string(value) + (tail.empty() ? tail : '.' + tail);
}

} // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text, std::string& why) {
    std::string_view s = text;
    const bool negative = s.starts_with('-');
    if (negative || s.starts_with('+')) s.remove_prefix(1);
    if (s == "0") return std::chrono::nanoseconds{0};

    std::uint64_t total = 0;
    why = s.empty() ? "time: invalid duration " + quoted(text) : std::string();
    while (why.empty() && !s.empty()) why = take_part(s, total, text);
    if (why.empty() && total == top && !negative) why = "time: invalid duration " + quoted(text);
    if (!why.empty()) return std::nullopt;
    // Unsigned negation keeps the most negative duration representable.
    return std::chrono::nanoseconds{static_cast<std::int64_t>(negative ? 0 - total : total)};
}

std::chrono::nanoseconds parse_duration(std::string_view text) {
    std::string why;
    if (const auto d = parse_duration(text, why)) return *d;
    throw std::invalid_argument(why);
}

std::string duration_text(std::chrono::nanoseconds d) {
    const bool negative = d.count() < 0;
    const auto count = static_cast<std::uint64_t>(d.count());
    const std::uint64_t ns = negative ? 0 - count : count;
    if (ns == 0) return "0s";

    std::string text = negative ? "-" : "";
    if (ns < 1'000) return text + std::to_string(ns) + "ns";
    if (ns < 1'000'000) return text + with_fraction(ns, 3) + "\u00b5s";
    if (ns < 1'000'000'000) return text + with_fraction(ns, 6) + "ms";

    const std::uint64_t minutes = ns / 60'000'000'000;
    if (minutes >= 60) text += std::to_string(minutes / 60) + 'h';
    if (minutes > 0) text += std::to_string(minutes % 60) + 'm';
    return text + with_fraction(ns % 60'000'000'000, 9) + 's';
}

} // namespace lab
