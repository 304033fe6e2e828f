// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"

#include <httplib.h>

#include <functional>
#include <string>
#include <string_view>

/// One request that is being answered: what a handler gets.
namespace net {

class connection;

class exchange {
  public:
    exchange(connection& on, const httplib::Request& asked, httplib::Response& answered)
        : request(asked), response(answered), on_(on) {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    const httplib::Request& request; ///< without its body
    httplib::Response& response;
    std::string body;

    /// Done when the client leaves, the server stops, or the handler has returned; a stream: when its last
    /// byte is out.
    const ctx::context& context() const;
    /// "127.0.0.1:51234"
    const std::string& peer() const;

    /// `left` is called once, on the watcher's thread, when the client leaves before the answer; also if it
    /// has left already. It must not block. Afterwards, client_left() is true.
    void on_client_left(std::function<void()> left);
    bool client_left() const;
    /// Nobody is answered: the connection is closed without a byte.
    void abandon();

    void answer(int status, std::string_view text, const char* content_type = "text/plain; charset=utf-8");
    void answer_json(int status, const std::string& json);
    /// `{"error":"..."}`
    void refuse(int status, std::string_view why);
    /// `more` writes to the sink and gives true, or ends it with `sink.done()`; false breaks the connection.
    /// The context lives until the stream has ended.
    void stream(const char* content_type, std::function<bool(httplib::DataSink&)> more);

  private:
    connection& on_;
};

/// `{"error":"..."}` for any text.
std::string error_json(std::string_view why);

} // namespace net
