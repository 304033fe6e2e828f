// SPDX-License-Identifier: MIT
#include "net/client.h"

#include "ctx/deadline.h"
#include "net/flight.h"
#include "net/op_error.h"
#include "net/url.h"

namespace net {
namespace {

constexpr int most_redirects = 10;
constexpr std::size_t most_swallowed = 2048;

/// The next call, as a browser and Go make it. False: this is no redirect.
bool redirect(call& what, const response& r) {
    const bool same = r.status == 307 || r.status == 308;
    if (!same && r.status != 301 && r.status != 302 && r.status != 303) return false;
    if (!same) {
        if (what.method != "HEAD") what.method = "GET";
        what.body.clear();
    }
    return true;
}

/// A short body is read to its end, so that the connection can be used again.
void swallow(response& r) {
    char piece[most_swallowed];
    for (std::size_t all = 0; all < most_swallowed;) {
        const read_result got = r.read(piece, sizeof piece);
        if (got.error) break;
        all += got.count;
    }
    r.close();
}

} // namespace

client::client(transport_options o)
    : options_(std::move(o)),
      pool_(options_.dial_context, {options_.max_idle_conns_per_host, options_.idle_conn_timeout}) {}

response client::open(const ctx::context& c, const call& what) {
    const bool timed = what.timeout.has_value();
    const ctx::cancelable limited = timed ? ctx::with_timeout(c, *what.timeout) : ctx::with_cancel(c);
    call next = what;
    for (int hops = 0;; ++hops) {
        response r = open_one(limited.context, next, what.method);
        const bool overdue = timed && r.error && limited.context.err() && !c.err();
        if (overdue)
            r.error = url_error(
                what.method, next.url,
                timeout_error("context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                              ctx::deadline_exceeded));
        const std::string* to = r.header("Location");
        if (r.error || !to || !redirect(next, r)) {
            if (r.error) limited.cancel();
            r.context_ = c;
            r.timed_ = limited.context;
            r.limit_ = limited.cancel;
            return r;
        }
        const std::string location = *to;
        swallow(r);
        if (hops + 1 >= most_redirects) {
            limited.cancel();
            response none;
            none.error =
                url_error(what.method, location,
                          ctx::error("stopped after " + std::to_string(most_redirects) + " redirects"));
            return none;
        }
        next.url = resolve(next.url, location);
    }
}

response client::open_one(const ctx::context& c, const call& what, const std::string& first_method) {
    response r;
    const url_parts to = parse_url(what.url);
    if (to.error) {
        r.error = url_error(first_method, what.url, to.error);
        return r;
    }
    const flight::setting s{pool_, watchers_, options_.response_header_timeout,
                            !options_.disable_keep_alives};
    r.flight_ = std::make_unique<flight>(s, c);
    response_head head;
    if (const ctx::error why = r.flight_->begin(what, to, head)) {
        r.flight_.reset();
        r.error = url_error(first_method, what.url, why);
        return r;
    }
    r.status = head.status;
    r.headers = std::move(head.headers);
    return r;
}

const std::string* answer::header(std::string_view name) const {
    return header_of(headers, name);
}

answer client::send(const ctx::context& c, const call& what) {
    response r = open(c, what);
    answer a;
    a.status = r.status;
    a.headers = std::move(r.headers);
    a.error = r.error ? r.error : r.read_all(a.body);
    return a;
}

answer client::get(const ctx::context& c, std::string method, std::string url, std::string body) {
    return send(c, {.method = std::move(method),
                    .url = std::move(url),
                    .body = std::move(body),
                    .headers = {},
                    .timeout = {}});
}

} // namespace net
