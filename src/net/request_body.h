// SPDX-License-Identifier: MIT
#pragma once

#include "net/body_stream.h"
#include "net/errors.h"

#include <functional>
#include <mutex>

/// The body of one request of the server, read when the handler asks for it.
///
/// Thread safety: any thread; one read at a time, the others wait.
/// Lifetime: shared with handlers that outlive their request. After close, nothing touches the connection.
namespace net {

class request_body {
  public:
    struct hooks {
        std::function<void()> begin;  ///< before the first byte is read: `100 Continue`
        std::function<void()> whole;  ///< the last byte has been read
        std::function<void()> failed; ///< the connection failed in the middle
    };

    request_body(wire& from, body_stream bytes, hooks h)
        : from_(&from), bytes_(bytes), hooks_(std::move(h)), whole_(bytes.ended()) {}

    /// Go: Request.Body.Read. `eof` at the end; `unexpected EOF` if the client left in the middle (HTTP-005).
    read_result read(char* into, std::size_t size);
    /// Go: Body.Close. Waits for a read that is in progress; later ones fail.
    void close();

    bool whole() const;
    body_fault fault() const;

  private:
    ctx::error explain() const;

    mutable std::mutex mutex_; // before the connection's and the watcher's
    wire* from_;               // guarded by mutex_, like what follows; null: closed
    body_stream bytes_;
    hooks hooks_;
    bool begun_ = false, whole_;
    ctx::error error_;
};

} // namespace net
