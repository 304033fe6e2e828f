// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// One end of a connection: buffered reading with a budget of bytes and a deadline for all of them together,
/// so that a peer that sends a byte a second is cut as surely as one that sends a gigabyte.
///
/// What was read too far stays in the buffer for the next message: pipelined requests are never lost.
/// Thread safety: one thread; shutting the socket down from another ends whatever waits here.
namespace net {

class wire {
  public:
    using clock = std::chrono::steady_clock;
    static constexpr clock::time_point never = clock::time_point::max();

    /// Why reading ended.
    enum class trouble : std::uint8_t { none, closed, late, too_much, line_too_long, failed };

    /// Does not own the descriptor, which must not block.
    explicit wire(int fd);

    /// From now on at most `bytes` more, until `by`, in lines of at most `line` bytes (0: any).
    void allow(std::size_t bytes, clock::time_point by, std::size_t line = 0);

    /// At least one byte, at most `size`. 0: the peer has closed; -1: anything else, see `why`.
    ssize_t read(char* into, std::size_t size);
    /// All of it. False, with `why` set, if less came.
    bool read_all(char* into, std::size_t size);
    /// Waits for a first byte without using it up. False: nothing came until `by`, or the connection is gone.
    bool wait_for_data(clock::time_point by);

    /// False if the peer does not take it; then nothing can be written any more.
    bool write(std::string_view bytes);
    /// Go: SetWriteDeadline. Nothing is written after `by`.
    void write_until(clock::time_point by) { write_by_ = by; }
    bool broken() const { return broken_; }

    trouble why() const { return why_; }
    /// Go's text of what went wrong with the last read, or with writing:
    /// `write tcp 127.0.0.1:80->127.0.0.1:51234: write: broken pipe`.
    ctx::error read_error() const;
    ctx::error write_error() const;
    /// Bytes that came with what was read, and that nobody has asked for yet.
    std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
    /// Bytes used up since the beginning.
    std::uint64_t taken() const { return taken_; }

    /// Closes the sending half and swallows what is still on its way, briefly: closing with unread bytes
    /// would reset the connection, and the answer would be lost on the way to the peer.
    void linger();

  private:
    bool fill();
    bool poll_for(short events, clock::time_point by) const;
    ssize_t end(trouble t, ssize_t result);
    bool break_off(int error);

    int fd_;
    std::string ends_;
    std::vector<char> buffer_ = std::vector<char>(4096);
    std::size_t begin_ = 0, end_ = 0;
    std::size_t budget_ = SIZE_MAX, longest_line_ = 0, line_ = 0;
    clock::time_point by_ = never, write_by_ = never;
    std::uint64_t taken_ = 0;
    trouble why_ = trouble::none;
    bool broken_ = false;
    int read_errno_ = 0, write_errno_ = 0; // ETIMEDOUT: the deadline has passed
};

} // namespace net
