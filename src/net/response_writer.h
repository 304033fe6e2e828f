// SPDX-License-Identifier: MIT
#pragma once

#include <httplib.h>

#include <functional>
#include <string>
#include <string_view>

/// A response that is written piece by piece: Go's ResponseWriter.
///
/// What fits into the buffer is left to be sent as a whole, with its length, when the handler returns; a
/// flush, or more than that, sends the header and goes on in chunks.
///
/// Thread safety: one thread.
namespace net {

class response_writer {
  public:
    using sink = std::function<bool(std::string_view)>;

    /// `send` gives false when the connection takes nothing any more.
    response_writer(const httplib::Request& asked, httplib::Response& answered, bool close, sink send)
        : request_(asked), response_(answered), send_(std::move(send)), close_(close) {}

    bool write(std::string_view bytes);
    bool flush();
    /// The handler has returned: sends the rest, or leaves it all to the response.
    bool finish();

    bool begun() const { return begun_; }
    /// No further request is taken on this connection: said in the header, if that is still to be sent.
    void close_after() { close_ = true; }
    /// The length of the response can only be told by closing the connection.
    bool must_close() const { return close_ || (begun_ && !chunked_ && !sized_); }

  private:
    std::string header();
    bool send_buffer();
    bool bodiless() const;

    const httplib::Request& request_;
    httplib::Response& response_;
    sink send_;
    std::string buffer_;
    bool close_ = false;
    bool begun_ = false; // the header is on its way
    bool chunked_ = false, sized_ = false;
};

} // namespace net
