// SPDX-License-Identifier: MIT
#include "net/params.h"

#include "lab/durations.h"
#include "lab/json_text.h"

#include <charconv>

namespace net {
namespace {

constexpr int malformed = 400;

std::string quoted(const std::string& text) {
    return lab::shown(nlohmann::json(text));
}

} // namespace

std::optional<std::string> query::text(const char* name) const {
    const std::size_t n = request_.get_param_value_count(name);
    if (n == 0) return std::nullopt;
    if (n > 1)
        throw request_error(malformed, std::string(name) + ": it is there " + std::to_string(n) + " times");
    return request_.get_param_value(name);
}

std::optional<std::int64_t> query::integer(const char* name, std::int64_t least, std::int64_t most) const {
    const auto t = text(name);
    return t ? std::optional(parse_integer(name, *t, least, most)) : std::nullopt;
}

std::optional<std::chrono::nanoseconds> query::duration(const char* name) const {
    const auto t = text(name);
    if (!t) return std::nullopt;
    std::string why;
    const auto d = lab::parse_duration(*t, why);
    if (!d)
        throw request_error(malformed, std::string(name) + ": " + quoted(*t) +
                                           ": expected a duration such as 1.5s, 300ms or 1h30m (" + why +
                                           ")");
    if (d->count() < 0)
        throw request_error(malformed,
                            std::string(name) + ": " + quoted(*t) + ": expected a duration from 0s");
    if (*d > std::chrono::hours(24))
        throw request_error(malformed, std::string(name) + ": " + quoted(*t) + ": expected at most 24h");
    return d;
}

std::int64_t parse_integer(const std::string& name, const std::string& text, std::int64_t least,
                           std::int64_t most) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || n < least || n > most)
        throw request_error(malformed, name + ": " + quoted(text) + ": expected a whole number from " +
                                           std::to_string(least) + " to " + std::to_string(most));
    return n;
}

} // namespace net
