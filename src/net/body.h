// SPDX-License-Identifier: MIT
#pragma once

#include "net/body_stream.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Message bodies as a whole, and the small words of HTTP.
namespace net {

/// Appends the whole body to `into`; at a fault, what came before it.
body_fault read_whole(body_stream from, std::string& into);
/// Nothing is kept beyond `most` bytes.
body_fault read_sized_body(wire& from, std::uint64_t size, std::size_t most, std::string& into);
body_fault read_chunked_body(wire& from, std::size_t most, std::string& into);

/// The number in a Content-Length header; nothing for anything but digits.
std::optional<std::uint64_t> parse_length(std::string_view text);

/// ASCII, as the names and most words of HTTP are compared.
bool same_word(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);

} // namespace net
