// SPDX-License-Identifier: MIT
#pragma once

#include "net/wire.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Message bodies off the wire, of a request or a response. Nothing is kept beyond `most` bytes.
namespace net {

enum class body_fault : std::uint8_t {
    none,
    malformed, ///< of a chunked body
    too_large,
    cut, ///< it ended too early, came too late, or the connection failed: wire::why tells
};

body_fault read_sized_body(wire& from, std::uint64_t size, std::size_t most, std::string& into);
/// Trailers are read and dropped.
body_fault read_chunked_body(wire& from, std::size_t most, std::string& into);
/// Until the peer closes.
body_fault read_rest(wire& from, std::size_t most, std::string& into);

/// The number in a Content-Length header; nothing for anything but digits.
std::optional<std::uint64_t> parse_length(std::string_view text);

/// ASCII, as the names and most words of HTTP are compared.
bool same_word(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);

} // namespace net
