// SPDX-License-Identifier: MIT
#include "net/body.h"

#include <algorithm>
#include <charconv>

namespace net {

body_fault read_whole(body_stream from, std::string& into) {
    char piece[16384]; // memory is taken as bytes arrive, not as they are promised
    while (const std::size_t n = from.read(piece, sizeof piece)) into.append(piece, n);
    return from.fault();
}

body_fault read_sized_body(wire& from, std::uint64_t size, std::size_t most, std::string& into) {
    return read_whole(body_stream::sized(from, size, most), into);
}

body_fault read_chunked_body(wire& from, std::size_t most, std::string& into) {
    return read_whole(body_stream::chunked(from, most), into);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

bool same_word(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

} // namespace net
