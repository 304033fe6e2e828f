// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The numbers that writer and reader of a recording's blocks share (docs/formats.md).
namespace lab {

// What a record begins with.
inline constexpr std::uint64_t end_tag = 0;
inline constexpr std::uint64_t note_tag = 1; ///< a text: JSON with what the laboratory was told (life_json.h)
inline constexpr std::uint64_t first_kind = 8; ///< an event of the first kind that the header lists

/// Texts up to this many bytes get a number within their block. It bounds what a few bytes can be made into.
inline constexpr std::size_t longest_shared_text = 255;

inline constexpr std::size_t block_head = 8; ///< length and checksum

} // namespace lab
