// SPDX-License-Identifier: MIT
#include "net/body.h"

#include <algorithm>
#include <charconv>

namespace net {
namespace {

constexpr std::size_t longest_chunk_line = 256;
constexpr std::size_t most_trailer_bytes = 8192;

/// A line without its end; nothing if it is too long, does not end, or ends without CR LF.
std::optional<std::string> read_line(wire& from, std::size_t longest) {
    std::string line;
    char c = 0;
    while (line.size() <= longest && from.read_all(&c, 1)) {
        if (c != '\n') {
            line.push_back(c);
            continue;
        }
        if (!line.ends_with('\r')) return std::nullopt;
        line.pop_back();
        return line;
    }
    return std::nullopt;
}

body_fault append(wire& from, std::uint64_t size, std::string& into) {
    constexpr std::uint64_t at_once = 64 << 10; // memory is taken as bytes arrive, not as they are promised
    while (size > 0) {
        const std::size_t n = static_cast<std::size_t>(std::min(size, at_once));
        const std::size_t before = into.size();
        into.resize(before + n);
        if (!from.read_all(into.data() + before, n)) {
            into.resize(before);
            return body_fault::cut;
        }
        size -= n;
    }
    return body_fault::none;
}

std::optional<std::uint64_t> chunk_size(std::string_view line) {
    line = trimmed(line.substr(0, line.find(';')));
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), n, 16);
    if (line.empty() || error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return n;
}

body_fault fault_of_line(const wire& from) {
    return from.why() == wire::trouble::none ? body_fault::malformed : body_fault::cut;
}

} // namespace

body_fault read_sized_body(wire& from, std::uint64_t size, std::size_t most, std::string& into) {
    if (size > most) return body_fault::too_large;
    return append(from, size, into);
}

body_fault read_chunked_body(wire& from, std::size_t most, std::string& into) {
    for (;;) {
        const auto line = read_line(from, longest_chunk_line);
        if (!line) return fault_of_line(from);
        const auto size = chunk_size(*line);
        if (!size) return body_fault::malformed;
        if (*size == 0) break;
        if (*size > most - into.size()) return body_fault::too_large;
        if (const body_fault f = append(from, *size, into); f != body_fault::none) return f;
        char end[2];
        if (!from.read_all(end, sizeof end)) return body_fault::cut;
        if (end[0] != '\r' || end[1] != '\n') return body_fault::malformed;
    }
    std::size_t trailers = 0;
    for (;;) {
        const auto line = read_line(from, most_trailer_bytes);
        if (!line) return fault_of_line(from);
        if (line->empty()) return body_fault::none;
        trailers += line->size();
        if (trailers > most_trailer_bytes) return body_fault::malformed;
    }
}

body_fault read_rest(wire& from, std::size_t most, std::string& into) {
    char piece[16384];
    for (;;) {
        const ssize_t n = from.read(piece, sizeof piece);
        if (n == 0) return body_fault::none;
        if (n < 0) return body_fault::cut;
        if (static_cast<std::size_t>(n) > most - into.size()) return body_fault::too_large;
        into.append(piece, static_cast<std::size_t>(n));
    }
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
