// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace lab {

/// The checksum CRC-32C (Castagnoli) of `bytes`; of what follows them if `so_far` is the checksum of what
/// went before. It notices every change of up to 32 neighbouring bits.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t so_far = 0);

} // namespace lab
