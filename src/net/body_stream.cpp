// SPDX-License-Identifier: MIT
#include "net/body_stream.h"

#include "net/body.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

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

std::optional<std::uint64_t> chunk_size(std::string_view line) {
    line = trimmed(line.substr(0, line.find(';')));
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), n, 16);
    if (line.empty() || error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return n;
}

} // namespace

body_stream body_stream::sized(wire& from, std::uint64_t size, std::uint64_t most) {
    body_stream s(framing::sized, from, size, most);
    s.ended_ = size == 0;
    if (size > most) s.fail(body_fault::too_large);
    return s;
}

body_stream body_stream::chunked(wire& from, std::uint64_t most) {
    body_stream s(framing::chunked, from, 0, most);
    s.ended_ = false;
    return s;
}

body_stream body_stream::rest(wire& from, std::uint64_t most) {
    body_stream s(framing::rest, from, most, most);
    s.ended_ = false;
    return s;
}

bool body_stream::fail(body_fault f) {
    fault_ = f;
    ended_ = true;
    return false;
}

bool body_stream::fail_in_line() {
    return fail(from_->why() == wire::trouble::none ? body_fault::malformed : body_fault::cut);
}

/// False: the body has ended, or a fault.
bool body_stream::begin_chunk() {
    if (in_chunks_) {
        char end[2];
        if (!from_->read_all(end, sizeof end)) return fail(body_fault::cut);
        if (end[0] != '\r' || end[1] != '\n') return fail(body_fault::malformed);
    }
    in_chunks_ = true;
    const auto line = read_line(*from_, longest_chunk_line);
    if (!line) return fail_in_line();
    const auto size = chunk_size(*line);
    if (!size) return fail(body_fault::malformed);
    if (*size == 0) return read_trailers();
    if (*size > most_) return fail(body_fault::too_large);
    most_ -= *size;
    left_ = *size;
    return true;
}

bool body_stream::read_trailers() {
    std::size_t taken = 0;
    for (;;) {
        const auto line = read_line(*from_, most_trailer_bytes);
        if (!line) return fail_in_line();
        if (line->empty()) break;
        taken += line->size();
        if (taken > most_trailer_bytes) return fail(body_fault::malformed);
    }
    ended_ = true;
    return false;
}

std::size_t body_stream::read(char* into, std::size_t size) {
    if (ended_ || size == 0) return 0;
    if (framing_ == framing::chunked && left_ == 0 && !begin_chunk()) return 0;
    // One byte more than allowed tells a body that is too large from one that is just large enough.
    const std::uint64_t wanted = framing_ == framing::rest ? std::max<std::uint64_t>(left_, 1) : left_;
    const ssize_t n = from_->read(into, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, size)));
    if (n <= 0) {
        if (framing_ == framing::rest && n == 0)
            ended_ = true;
        else
            fail(body_fault::cut);
        return 0;
    }
    const auto count = static_cast<std::uint64_t>(n);
    if (count > left_) {
        fail(body_fault::too_large);
        return 0;
    }
    left_ -= count;
    if (framing_ == framing::sized && left_ == 0) ended_ = true;
    return static_cast<std::size_t>(n);
}

} // namespace net
