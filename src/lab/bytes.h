// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

/// Numbers as bytes and back, for binary files. A *varint* is seven bits a byte, lowest first, the top bit
/// set in all but the last; signed numbers are folded (0, -1, 1, -2 ... become 0, 1, 2, 3 ...) so that small
/// ones stay short. Fixed numbers are little-endian.
namespace lab {

/// The bytes do not say what they should. The text has no place; whoever knows it adds it.
class bytes_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class byte_writer {
  public:
    void byte(std::uint8_t b) { bytes_.push_back(static_cast<char>(b)); }

    void number(std::uint64_t n) {
        for (; n >= 0x80; n >>= 7) byte(static_cast<std::uint8_t>(n | 0x80));
        byte(static_cast<std::uint8_t>(n));
    }

    void signed_number(std::int64_t n) {
        number(static_cast<std::uint64_t>(n) << 1 ^ static_cast<std::uint64_t>(n >> 63));
    }

    /// From `before` to `now`, whatever the two are.
    void difference(std::uint64_t now, std::uint64_t before) {
        signed_number(static_cast<std::int64_t>(now - before));
    }

    void fixed32(std::uint32_t n) {
        for (int i = 0; i < 4; ++i, n >>= 8) byte(static_cast<std::uint8_t>(n));
    }

    void real(double d) {
        auto n = std::bit_cast<std::uint64_t>(d);
        for (int i = 0; i < 8; ++i, n >>= 8) byte(static_cast<std::uint8_t>(n));
    }

    void raw(std::string_view text) { bytes_.append(text); }

    const std::string& bytes() const { return bytes_; }
    std::size_t size() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }

  private:
    std::string bytes_;
};

/// Reads within its bytes only; throws bytes_error.
class byte_reader {
  public:
    explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

    std::size_t left() const { return rest_.size(); }

    std::uint8_t byte() {
        if (rest_.empty()) throw bytes_error("it ends within a record");
        const auto b = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return b;
    }

    std::uint64_t number() {
        std::uint64_t n = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t b = byte();
            n |= static_cast<std::uint64_t>(b & 0x7f) << shift;
            const bool too_large = shift == 63 && b > 1;
            if (b < 0x80 && !too_large) return n;
        }
        throw bytes_error("a number has more than 64 bits");
    }

    std::int64_t signed_number() {
        const std::uint64_t n = number();
        return static_cast<std::int64_t>(n >> 1 ^ (0 - (n & 1)));
    }

    std::uint64_t after(std::uint64_t before) { return before + static_cast<std::uint64_t>(signed_number()); }

    std::uint32_t fixed32() {
        std::uint32_t n = 0;
        for (int i = 0; i < 4; ++i) n |= static_cast<std::uint32_t>(byte()) << 8 * i;
        return n;
    }

    double real() {
        std::uint64_t n = 0;
        for (int i = 0; i < 8; ++i) n |= static_cast<std::uint64_t>(byte()) << 8 * i;
        return std::bit_cast<double>(n);
    }

    std::string_view raw(std::uint64_t size) {
        if (size > rest_.size()) throw bytes_error("a text is longer than what is left");
        const std::string_view text = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(text.size());
        return text;
    }

    /// How many elements follow; each takes at least one byte.
    std::size_t count() {
        const std::uint64_t n = number();
        if (n > rest_.size()) throw bytes_error("a list is longer than what is left");
        return static_cast<std::size_t>(n);
    }

  private:
    std::string_view rest_;
};

} // namespace lab
