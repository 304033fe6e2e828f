// SPDX-License-Identifier: MIT
#include "cli/oracle_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cli {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd"; // U+FFFD

/// The length of the UTF-8 character that `text` begins with; 0 if it does not begin with one.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    // The second byte alone tells overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < least || byte(1) > most) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    return length;
}

/// The value of the `\uXXXX` that `text` begins with.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    std::uint32_t unit = 0;
    for (const char c : text.substr(2, 4)) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return unit;
}

bool is_high_half(std::uint32_t unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low_half(std::uint32_t unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

/// Copies one escape sequence; gives its length.
std::size_t copy_escape(std::string_view text, std::string& out) {
    const auto unit = escaped_unit(text);
    if (!unit) {
        const std::size_t length = std::min<std::size_t>(2, text.size());
        out += text.substr(0, length);
        return length;
    }
    if (is_high_half(*unit)) {
        const auto next = escaped_unit(text.substr(6));
        if (next && is_low_half(*next)) {
            out += text.substr(0, 12);
            return 12;
        }
    }
    out += is_high_half(*unit) || is_low_half(*unit) ? replacement : text.substr(0, 6);
    return 6;
}

} // namespace

std::string json_string(std::string_view text) {
    constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out += "\\u00";
            out += {hex[byte >> 4], hex[byte & 0xf]};
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string as_go_reads(std::string text) {
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\\'; });
    if (plain) return text;
    std::string out;
    for (std::string_view rest = text; !rest.empty();) {
        if (rest[0] == '\\') {
            rest.remove_prefix(copy_escape(rest, out));
            continue;
        }
        const std::size_t length = character_length(rest);
        out += length > 0 ? rest.substr(0, length) : replacement;
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

} // namespace cli
