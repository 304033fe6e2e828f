// SPDX-License-Identifier: MIT
#include "ctx/detail/format.h"

#include "ctx/value.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <cxxabi.h>

namespace ctx {
namespace {

/// Appends `.25` for 250 000 000 of 10^digits; nothing for 0.
void append_fraction(std::string& out, std::uint64_t part, int digits) {
    if (part == 0) return;
    std::string text = std::to_string(part);
    text.insert(0, static_cast<std::size_t>(digits) - text.size(), '0');
    text.erase(text.find_last_not_of('0') + 1);
    out += '.' + text;
}

} // namespace

std::string to_string(duration d) {
    if (d == duration{}) return "0s";
    std::string out;
    // The magnitude of the smallest duration does not fit a signed count.
    const auto count = static_cast<std::uint64_t>(d.count());
    const std::uint64_t ns = d.count() < 0 ? 0 - count : count;
    if (d.count() < 0) out += '-';
    if (ns < 1'000) return out + std::to_string(ns) + "ns";
    if (ns < 1'000'000) {
        out += std::to_string(ns / 1'000);
        append_fraction(out, ns % 1'000, 3);
        return out + "µs";
    }
    if (ns < 1'000'000'000) {
        out += std::to_string(ns / 1'000'000);
        append_fraction(out, ns % 1'000'000, 6);
        return out + "ms";
    }
    const std::uint64_t seconds = ns / 1'000'000'000;
    if (seconds >= 3600) out += std::to_string(seconds / 3600) + "h";
    if (seconds >= 60) out += std::to_string(seconds / 60 % 60) + "m";
    out += std::to_string(seconds % 60);
    append_fraction(out, ns % 1'000'000'000, 9);
    return out + "s";
}

std::string detail::format_time(const clock& on, system_time wall,
                                const std::optional<time_point>& monotonic) {
    // Not by durations: the first second begins before a time point can.
    constexpr std::int64_t second = 1'000'000'000;
    const std::int64_t count = wall.time_since_epoch().count();
    const std::int64_t behind = count % second;
    const std::time_t seconds = count / second - (behind < 0);
    std::tm parts{};
    if (on.local_zone())
        localtime_r(&seconds, &parts);
    else
        gmtime_r(&seconds, &parts);
    char buffer[64];
    std::string out(buffer, std::strftime(buffer, sizeof buffer, "%Y-%m-%d %H:%M:%S", &parts));
    append_fraction(out, static_cast<std::uint64_t>(behind < 0 ? behind + second : behind), 9);
    const std::string zone = on.local_zone() ? parts.tm_zone : "UTC";
    out.append(buffer, std::strftime(buffer, sizeof buffer, " %z ", &parts));
    out += zone;
    if (!monotonic) return out;
    const duration since = on.since_start(*monotonic);
    const auto bits = static_cast<std::uint64_t>(since.count());
    const std::uint64_t ns = since.count() < 0 ? 0 - bits : bits;
    std::snprintf(buffer, sizeof buffer, " m=%c%llu.%09llu", since.count() < 0 ? '-' : '+',
                  static_cast<unsigned long long>(ns / 1'000'000'000),
                  static_cast<unsigned long long>(ns % 1'000'000'000));
    return out + buffer;
}

std::string detail::place(const call_site& at) {
    if (at.line() == 0) return {};
    std::string_view file = at.file_name();
    if (const auto slash = file.rfind('/'); slash != file.npos) file.remove_prefix(slash + 1);
    return std::string(file) + ':' + std::to_string(at.line());
}

std::string detail::demangle(const char* mangled) {
    int status = 0;
    char* text = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    std::string out = status == 0 && text ? text : mangled;
    std::free(text);
    return out;
}

const detail::type_ops any_key::identity = {
    [](const void* a, const void* b) { return a == b; },
    [](const void* k) { return static_cast<const key_base*>(k)->string(); },
};

} // namespace ctx
