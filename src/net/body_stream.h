// SPDX-License-Identifier: MIT
#pragma once

#include "net/wire.h"

#include <cstddef>
#include <cstdint>

/// A message body off the wire, piece by piece, as its framing says.
///
///     net::body_stream s = net::body_stream::chunked(w, most);
///     while (const std::size_t n = s.read(piece, sizeof piece)) use(piece, n);
///     if (s.fault() != net::body_fault::none) ...
///
/// Thread safety, lifetime: those of the wire, to which it refers.
namespace net {

enum class body_fault : std::uint8_t {
    none,
    malformed, ///< of a chunked body
    too_large,
    cut, ///< it ended too early, came too late, or the connection failed: wire::why tells
};

class body_stream {
  public:
    /// No body: at its end from the beginning.
    body_stream() = default;
    /// `size` bytes. Nothing is read if these are more than `most`.
    static body_stream sized(wire& from, std::uint64_t size, std::uint64_t most);
    /// Trailers are read and dropped.
    static body_stream chunked(wire& from, std::uint64_t most);
    /// Until the peer closes.
    static body_stream rest(wire& from, std::uint64_t most);

    /// At most `size` bytes, at least one; 0 at the end or at a fault, and from then on.
    std::size_t read(char* into, std::size_t size);
    bool ended() const { return ended_ && fault_ == body_fault::none; }
    body_fault fault() const { return fault_; }

  private:
    enum class framing : std::uint8_t { none, sized, chunked, rest };
    body_stream(framing f, wire& from, std::uint64_t left, std::uint64_t most)
        : framing_(f), from_(&from), left_(left), most_(most) {}
    bool begin_chunk();
    bool read_trailers();
    bool fail(body_fault f);
    bool fail_in_line();

    framing framing_ = framing::none;
    wire* from_ = nullptr;
    std::uint64_t left_ = 0; // of the body, or of the chunk
    std::uint64_t most_ = 0; // that may still come
    bool in_chunks_ = false; // the first chunk has begun
    bool ended_ = true;
    body_fault fault_ = body_fault::none;
};

} // namespace net
