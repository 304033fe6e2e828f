// SPDX-License-Identifier: MIT
#include "lab/object_reader.h"

#include "lab/durations.h"
#include "lab/json_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lab {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view member, const json& found, const std::string& expected) {
    throw field_error(std::string(member), shown(found) + ": expected " + expected);
}

/// How many letters must be changed, added, taken away or swapped with the next to get from one to the other.
std::size_t distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> d((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i) d[i * width] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t at = i * width + j;
            const bool same = a[i - 1] == b[j - 1];
            d[at] = std::min({d[at - 1] + 1, d[at - width] + 1, d[at - width - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) d[at] = std::min(d[at], d[at - 2 * width - 2] + 1);
        }
    }
    return d.back();
}

std::string_view closest(std::span<const std::string_view> words, std::string_view found) {
    std::string_view best;
    if (found.size() > 40) return best;
    std::size_t limit = std::min<std::size_t>(3, found.size() / 2 + 1);
    for (const std::string_view w : words) {
        if (const std::size_t d = distance(w, found); d < limit) {
            limit = d;
            best = w;
        }
    }
    return best;
}

std::string number_text(double d) {
    return json(d == std::floor(d) ? json(std::int64_t(d)) : json(d)).dump();
}

} // namespace

std::string expected_one_of(std::span<const std::string_view> words, std::string_view found) {
    std::string text = "expected one of";
    for (std::size_t i = 0; i < words.size(); ++i) text.append(i == 0 ? " " : ", ").append(words[i]);
    const std::string_view meant = closest(words, found);
    return meant.empty() ? text : text.append("; did you mean ").append(meant).append("?");
}

object_reader::object_reader(const json& object) : object_(object) {
    if (!object.is_object()) throw field_error("", shown(object) + ": expected an object");
}

const json* object_reader::allow(std::string_view member) {
    known_.emplace_back(member);
    const auto it = object_.find(known_.back());
    return it == object_.end() ? nullptr : &*it;
}

std::optional<std::string> object_reader::text(std::string_view member, std::size_t longest) {
    const json* v = allow(member);
    if (!v) return std::nullopt;
    if (!v->is_string()) refuse(member, *v, "a text");
    const auto& text = v->get_ref<const std::string&>();
    if (text.size() > longest) {
        throw field_error(std::string(member), std::to_string(text.size()) +
                                                   " bytes of text: expected at most " +
                                                   std::to_string(longest));
    }
    return text;
}

std::optional<std::string> object_reader::name(std::string_view member) {
    constexpr std::size_t longest = 200;
    auto name = text(member, longest);
    if (!name) return name;
    if (name->empty()) refuse(member, *name, "a text that is not empty");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(name->begin(), name->end(), is_control)) {
        refuse(member, *name, "a text without control characters");
    }
    return name;
}

std::optional<std::int64_t> object_reader::integer(std::string_view member, std::int64_t least,
                                                   std::int64_t most) {
    const json* v = allow(member);
    if (!v) return std::nullopt;
    const bool all = least == std::numeric_limits<std::int64_t>::min();
    const std::string range =
        all ? "a whole number of 64 bits"
            : "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    if (!v->is_number_integer()) refuse(member, *v, range);
    const bool too_big =
        v->is_number_unsigned() && v->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
    if (too_big || v->get<std::int64_t>() < least || v->get<std::int64_t>() > most) refuse(member, *v, range);
    return v->get<std::int64_t>();
}

std::optional<double> object_reader::number(std::string_view member, double least, double most) {
    const json* v = allow(member);
    if (!v) return std::nullopt;
    const std::string range = "a number from " + number_text(least) + " to " + number_text(most);
    if (!v->is_number()) refuse(member, *v, range);
    const double d = v->get<double>();
    if (!(d >= least && d <= most)) refuse(member, *v, range);
    return d;
}

std::optional<std::chrono::nanoseconds> object_reader::milliseconds(std::string_view member,
                                                                    std::int64_t most) {
    const json* v = allow(member);
    if (!v) return std::nullopt;
    const std::string range = "milliseconds, 0 to " + std::to_string(most);
    if (!v->is_number()) refuse(member, *v, range);
    const double ms = v->get<double>();
    if (!(ms >= 0 && ms <= static_cast<double>(most))) refuse(member, *v, range);
    return std::chrono::nanoseconds(std::llround(ms * 1e6));
}

std::optional<std::chrono::nanoseconds> object_reader::duration(std::string_view member) {
    constexpr const char* form = "a duration such as \"1.5s\", \"300ms\" or \"1h30m\"";
    const json* v = allow(member);
    if (!v) return std::nullopt;
    if (!v->is_string()) refuse(member, *v, form);
    std::string why;
    const auto d = parse_duration(v->get_ref<const std::string&>(), why);
    if (!d) refuse(member, *v, form);
    return d;
}

std::optional<std::string> object_reader::word(std::string_view member,
                                               std::span<const std::string_view> words) {
    auto w = text(member);
    if (w && std::find(words.begin(), words.end(), *w) == words.end()) {
        throw field_error(std::string(member), shown(*w) + ": " + expected_one_of(words, *w));
    }
    return w;
}

void object_reader::forbid(std::string_view member, const std::string& why) const {
    if (object_.contains(std::string(member))) throw field_error(std::string(member), why);
}

void object_reader::refuse_unknown() const {
    for (const auto& [member, value] : object_.items()) {
        if (std::find(known_.begin(), known_.end(), member) != known_.end()) continue;
        const std::vector<std::string_view> words(known_.begin(), known_.end());
        throw field_error(member, "unknown member: " + expected_one_of(words, member));
    }
}

void object_reader::missing(std::string_view member, std::string_view expected) {
    throw field_error("",
                      "missing member \"" + std::string(member) + "\": expected " + std::string(expected));
}

} // namespace lab
