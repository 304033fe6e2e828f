// SPDX-License-Identifier: MIT
#pragma once

#include "http_rules.h"
#include "net/client.h"
#include "peer.h"

#include <string>
#include <thread>

/// What the tests of the client's rules share.
namespace http {

inline const std::string half_a_body = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

/// A call on a thread of its own, to a peer that has its header and has answered with `said`.
class call_in_progress {
  public:
    call_in_progress(const ctx::context& c, const std::string& said, net::call what = {})
        : what_(std::move(what)) {
        what_.url = peer_.url();
        caller_ = std::thread([this, context = c] { answer_ = client_.send(context, what_); });
        std::string head;
        fd_ = peer_.accept_one(head);
        raw::say(fd_.get(), said);
    }
    ~call_in_progress() {
        if (caller_.joinable()) caller_.join();
    }
    const net::answer& result() {
        caller_.join();
        return answer_;
    }
    std::string url() const { return peer_.url(); }
    bool sees_end() const { return raw::sees_end(fd_.get()); }

  private:
    raw::peer peer_;
    net::client client_;
    net::call what_;
    net::answer answer_;
    net::file_descriptor fd_;
    std::thread caller_;
};

inline std::string get_error(const std::string& url, const std::string& why) {
    return "Get \"" + url + "\": " + why;
}

} // namespace http
