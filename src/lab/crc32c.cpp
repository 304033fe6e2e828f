// SPDX-License-Identifier: MIT
#include "lab/crc32c.h"

#include <array>
#include <cstddef>

namespace lab {

namespace {

/// tables[k][b]: what byte b does to the checksum when k more bytes follow it, so that eight bytes are taken
/// at once.
using tables_type = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr tables_type make_tables() {
    constexpr std::uint32_t polynomial = 0x82f63b78; // Castagnoli's, bits reversed
    tables_type t{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        std::uint32_t c = b;
        for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? (c >> 1) ^ polynomial : c >> 1;
        t[0][b] = c;
    }
    for (std::size_t k = 1; k < t.size(); ++k) {
        for (std::size_t b = 0; b < 256; ++b) t[k][b] = (t[k - 1][b] >> 8) ^ t[0][t[k - 1][b] & 0xff];
    }
    return t;
}

constexpr tables_type tables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

std::uint32_t eight_bytes(std::string_view b, std::uint32_t c) {
    c ^= byte_at(b, 0) | byte_at(b, 1) << 8 | byte_at(b, 2) << 16 | byte_at(b, 3) << 24;
    return tables[7][c & 0xff] ^ tables[6][c >> 8 & 0xff] ^ tables[5][c >> 16 & 0xff] ^ tables[4][c >> 24] ^
           tables[3][byte_at(b, 4)] ^ tables[2][byte_at(b, 5)] ^ tables[1][byte_at(b, 6)] ^
           tables[0][byte_at(b, 7)];
}

} // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t so_far) {
    std::uint32_t c = ~so_far;
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) c = eight_bytes(bytes, c);
    for (const char b : bytes) c = (c >> 8) ^ tables[0][(c ^ static_cast<unsigned char>(b)) & 0xff];
    return ~c;
}

} // namespace lab
