// SPDX-License-Identifier: MIT
#include "net/lab_request.h"

#include "ctx/deadline.h"
#include "lab/durations.h"

namespace net {
namespace {

using lab::request_state;
using naming = lab::laboratory::naming;

ctx::context with_text(const ctx::context& parent, const char* key, const std::string& value) {
    const naming name(key);
    return ctx::with_value(parent, text_key(key), ctx::any_value(value));
}

ctx::cause_cancelable derive(const ctx::context& parent, const std::string& called) {
    const naming name(called);
    return ctx::with_cancel_cause(parent);
}

} // namespace

ctx::any_key text_key(const char* name) {
    return ctx::any_key(std::string(name));
}

lab_request::lab_request(hub& h, exchange& x)
    : answering_(h.lab), hub_(h), x_(x), place_(h.base.get()),
      made_(derive(values(), x.request.method + " " + x.request.path)), id_(h.lab.next_request_id()) {
    h.lab.adopt(made_.context, [cancel = made_.cancel](const std::string& why) {
        cancel(why.empty() ? ctx::error() : ctx::error(why));
    });
    h.lab.record({.kind = lab::event_kind::request_started,
                  .context = ctx::id_of(made_.context),
                  .by = h.calls.known(x.request.get_header_value(outbound::id_header)),
                  .request = id_,
                  .name = x.request.method,
                  .text = x.request.path,
                  .data = x.peer()});
    x.on_client_left([&cancels = h.cancels, cancel = made_.cancel] { cancels.post([cancel] { cancel(); }); });
}

ctx::context lab_request::values() const {
    ctx::context c = with_text(place_.context, "peer", x_.peer());
    c = with_text(c, "method", x_.request.method);
    return with_text(c, "path", x_.request.path);
}

lab_request::~lab_request() {
    if (!ended_) {
        x_.abandon();
        record_end(request_state::finished, 0, "not answered");
    }
    made_.cancel();
    hub_.lab.release(made_.context);
}

void lab_request::answer(int status, std::string_view text, const char* content_type) {
    x_.answer(status, text, content_type);
    record_end(request_state::finished, status, "answered");
}

void lab_request::answer_done(const ctx::context& c) {
    if (x_.client_left()) {
        x_.abandon();
        record_end(request_state::client_gone, 0, "the client left; nobody is answered");
    } else if (c.err() == ctx::deadline_exceeded) {
        constexpr int gateway_timeout = 504;
        x_.answer(gateway_timeout, c.err().text());
        record_end(request_state::timed_out, gateway_timeout, c.err().text());
    } else {
        constexpr int unavailable = 503;
        x_.answer(unavailable, ctx::cause(c).text());
        record_end(request_state::finished, unavailable, ctx::cause(c).text());
    }
}

void lab_request::record_end(request_state s, int status, std::string fate) {
    ended_ = true;
    if (hub_.base.life() != place_.life) return; // the picture it belonged to is gone
    hub_.lab.record({.kind = lab::event_kind::request_ended,
                     .req_state = s,
                     .context = ctx::id_of(made_.context),
                     .request = id_,
                     .value = status,
                     .text = std::move(fate)});
}

shown_timeout::shown_timeout(hub& h, const ctx::context& parent,
                             std::optional<std::chrono::nanoseconds> timeout)
    : hub_(h), context_(parent) {
    if (!timeout) return;
    const naming name("timeout " + lab::duration_text(*timeout));
    ctx::cancelable made = ctx::with_timeout(parent, *timeout);
    h.lab.adopt(made.context, [cancel = made.cancel](const std::string&) { cancel(); });
    context_ = made.context;
    cancel_ = made.cancel;
}

shown_timeout::~shown_timeout() {
    if (!cancel_) return;
    (*cancel_)(); // defer cancel()
    hub_.lab.release(context_);
}

} // namespace net
