// SPDX-License-Identifier: MIT
#include "net/timeout_handler.h"

#include "ctx/deadline.h"
#include "ctx/select.h"
#include "net/thread_group.h"
#include "net/timeout_writer.h"

namespace net {
namespace {

constexpr int unavailable = 503;

struct timeout_rule {
    server::handler handle;
    ctx::duration dt;
    std::string body;
    thread_group running;

    timeout_rule(server::handler h, ctx::duration d, std::string b)
        : handle(std::move(h)), dt(d), body(std::move(b)) {}

    void answer_late(exchange& x) const {
        const char* type =
            body.empty() || body.front() == '<' ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        x.answer(unavailable,
                 body.empty()
                     ? "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"
                     : body,
                 type);
    }

    void serve(exchange& x) {
        const auto [c, cancel] = ctx::with_timeout(x.context(), dt);
        const ctx::cancel_guard stop(cancel);
        const auto w = std::make_shared<timeout_writer>(x, c);
        running.start([w, h = handle] { w->run(h); });
        const std::size_t first = ctx::select(ctx::recv(w->done()), ctx::recv(c.done()));
        if (first == 0 && w->was_in_time()) return w->deliver(x);
        if (c.err() == ctx::deadline_exceeded) {
            answer_late(x);
            w->refuse(handler_timeout);
        } else {
            x.write_header(unavailable);
            w->refuse(c.err());
        }
    }
};

} // namespace

server::handler timeout_handler(server::handler h, ctx::duration dt, std::string body) {
    const auto rule = std::make_shared<timeout_rule>(std::move(h), dt, std::move(body));
    return [rule](exchange& x) { rule->serve(x); };
}

} // namespace net
