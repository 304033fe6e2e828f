// SPDX-License-Identifier: MIT
#include "lab/recording_header.h"

#include "lab/crc32c.h"
#include "lab/json_text.h"
#include "lab/life_json.h"
#include "lab/object_reader.h"
#include "lab/state_json.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace lab {

namespace {

using nlohmann::ordered_json;

constexpr std::string_view check_member = R"(,"check":")";
constexpr std::size_t check_size = check_member.size() + 8 + 2; // eight digits, and "} behind them

std::string check_text(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::uint32_t sum = crc32c(bytes);
    std::string text(8, '0');
    for (std::size_t i = text.size(); i-- > 0; sum >>= 4) text[i] = digits[sum & 0xf];
    return text;
}

/// Looked at before everything else, because a newer version may do all the rest in another way.
void check_version(std::string_view line, const std::string& where) {
    if (!line.starts_with(recording_magic))
        throw input_error(where + ": byte 0: expected a ctxlab recording, which begins with " +
                          std::string(recording_magic) + "1");
    const std::string_view rest = line.substr(recording_magic.size());
    std::uint64_t version = 0;
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), version);
    const bool whole = problem == std::errc{} && end != rest.data() + rest.size() && *end == ',';
    if (whole && version == static_cast<std::uint64_t>(recording_version)) return;
    const std::string found(rest.substr(0, std::min(rest.find(','), std::size_t{20})));
    throw input_error(where + ": version: " + shown(found) + ": expected " +
                      std::to_string(recording_version) +
                      "; a newer version of the program may be able to open it");
}

void check_sum(std::string_view line, const std::string& where) {
    const bool there = line.size() > check_size && line.ends_with("\"}") &&
                       line.substr(line.size() - check_size).starts_with(check_member);
    if (there) {
        const std::string_view before = line.substr(0, line.size() - check_size);
        if (line.substr(before.size() + check_member.size(), 8) == check_text(before)) return;
    }
    throw input_error(where + ": byte 0: the header is damaged: its checksum is wrong");
}

recording_header read_members(const nlohmann::json& j, const std::string& where) {
    using limits = std::numeric_limits<std::int64_t>;
    object_reader r(j);
    recording_header h;
    h.program = r.text("program").value_or("");
    h.began_unix_ms = r.integer("began_unix_ms", limits::min(), limits::max()).value_or(0);
    if (const nlohmann::json* fast = r.allow("fast")) h.fast = *fast == true;
    h.first = life_from_json(j, where);
    return h;
}

} // namespace

std::string header_line(const recording_header& h) {
    ordered_json j{{"format", "ctxlab-recording"},
                   {"version", recording_version},
                   {"program", h.program},
                   {"began_unix_ms", h.began_unix_ms},
                   {"fast", h.fast}};
    j.update(to_json(h.first));
    j["kinds"] = recording_schema::current().to_json();
    std::string line = json_text(j);
    life_from_json(nlohmann::json::parse(line), "the run"); // throws if nobody could open it again
    line.pop_back(); // the brace
    line += std::string(check_member) + check_text(line) + "\"}\n";
    if (line.size() > largest_header) throw input_error("scenario: it is too large to be recorded");
    return line;
}

read_header parse_header_line(std::string_view line, const std::string& where) {
    check_version(line, where);
    check_sum(line, where);
    const nlohmann::json j = parse_json(line, where);
    try {
        const auto kinds = nlohmann::ordered_json::parse(line); // members of events come in their order
        if (!kinds.contains("kinds")) throw field_error("", "missing member \"kinds\"");
        return {read_members(j, where), recording_schema(kinds["kinds"])};
    } catch (const field_error& e) {
        throw input_error(where + ": " + e.what());
    } catch (const input_error& e) {
        const std::string text = e.what();
        throw input_error(text.starts_with(where) ? text : where + ": " + text);
    }
}

} // namespace lab
