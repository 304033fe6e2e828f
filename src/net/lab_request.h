// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.h"
#include "net/hub.h"

#include <chrono>
#include <optional>
#include <string>

/// A request that the laboratory shows: with a context in its tree, and events for its beginning and end.
///
///     http-server > peer > method > path > "GET /process"     (WithValue three times, then WithCancelCause)
///
/// The last one is the request's context: cancelled when the client leaves, when the handler returns, or when
/// the server stops; a person can cancel it too. API requests and pages have the plain context of their
/// exchange only, so that they do not clutter the picture.
namespace net {

class lab_request {
  public:
    lab_request(hub& h, exchange& x);
    /// Ends the request; what the handler did not answer is nobody's.
    ~lab_request();
    lab_request(const lab_request&) = delete;
    lab_request& operator=(const lab_request&) = delete;

    const ctx::context& context() const { return made_.context; }
    const std::shared_ptr<const lab_life>& life() const { return place_.life; }

    void answer(int status, std::string_view text, const char* content_type = "text/plain; charset=utf-8");
    /// What there is to say when `c`, the request's context or one below it, is done: nothing to a client
    /// that has left, 504 with the error's text for a deadline, else 503 with the cause.
    void answer_done(const ctx::context& c);

  private:
    ctx::context values() const;
    void record_end(lab::request_state s, int status, std::string fate);

    const lab::laboratory::answering answering_;
    hub& hub_;
    exchange& x_;
    const base_context::place place_;
    const ctx::cause_cancelable made_;
    const lab::id_t id_;
    bool ended_ = false;
};

/// A context below a request's for as long as this lives, shown and cancellable in the laboratory.
class shown_timeout {
  public:
    /// Without a timeout: the parent itself.
    shown_timeout(hub& h, const ctx::context& parent, std::optional<std::chrono::nanoseconds> timeout);
    ~shown_timeout();
    shown_timeout(const shown_timeout&) = delete;
    shown_timeout& operator=(const shown_timeout&) = delete;
    const ctx::context& context() const { return context_; }

  private:
    hub& hub_;
    ctx::context context_;
    std::optional<ctx::cancel_func> cancel_;
};

/// The keys of a request's values: run-time texts, so that a person can look them up.
ctx::any_key text_key(const char* name);

} // namespace net
