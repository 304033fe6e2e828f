// SPDX-License-Identifier: MIT
#include "net/outbound.h"

#include "ctx/deadline.h"
#include "ctx/go.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "net/body.h"

#include <algorithm>
#include <system_error>

namespace net {
namespace {

using lab::event_kind;

// So much of a body is shown.
constexpr std::size_t body_shown = 200;

ctx::task<> leave_after(std::chrono::nanoseconds d, ctx::context c, ctx::cancel_func cancel) {
    const ctx::timer patience(d, ctx::clock_of(c));
    const std::size_t first = co_await ctx::select(ctx::recv(patience.channel()), ctx::recv(c.done()));
    if (first == 0) cancel();
}

bool is_token(const std::string& method) {
    return !method.empty() && method.size() <= 16 &&
           std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

lab::client_state state_of(const answer& a, const ctx::context& c) {
    if (!a.error) return lab::client_state::answered;
    if (c.err() == ctx::canceled) return lab::client_state::aborted;
    return ctx::is_timeout(a.error) ? lab::client_state::timed_out : lab::client_state::failed;
}

std::string outcome(const answer& a) {
    if (a.error) return a.error.text();
    return a.body.size() <= body_shown ? a.body : a.body.substr(0, body_shown) + "...";
}

} // namespace

lab::reply outbound::send(const std::string& server, const lab::send_request& r) {
    if (!is_token(r.method))
        return {.status = 400, .error = "method: \"" + r.method + "\": expected a word such as GET"};
    if (!r.path.starts_with('/'))
        return {.status = 400, .error = "path: \"" + r.path + "\": expected one that begins with /"};
    const auto count = static_cast<std::size_t>(std::max(r.count, 1));
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return {.status = 409, .error = "the server is stopping"};
        if (flights_.size() + count > most_at_once)
            return {.status = 429,
                    .error = "count: too many calls in flight: at most " + std::to_string(most_at_once)};
    }
    lab::id_t first = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const lab::id_t id = lab_.next_client_id();
        if (first == 0) first = id;
        start(server + r.path, r, id);
    }
    return {.status = 201, .error = {}, .id = first};
}

void outbound::start(const std::string& url, const lab::send_request& r, lab::id_t id) {
    const ctx::context root = ctx::background({.clock = ctx::clock_of(lab_.root())});
    const ctx::cancelable made = r.timeout ? ctx::with_timeout(root, *r.timeout) : ctx::with_cancel(root);
    call what{.method = r.method,
              .url = url,
              .body = r.body,
              .headers = {{id_header, std::to_string(id)}},
              .timeout = {}};
    lab_.record({.kind = event_kind::client_sent, .client = id, .name = r.method, .text = url});
    if (r.abort_after) ctx::go(timers_, leave_after, *r.abort_after, made.context, made.cancel);
    const std::lock_guard lock(mutex_);
    flight& f = flights_[id];
    f.cancel = made.cancel;
    try {
        f.thread = std::thread([this, id, c = made.context, what = std::move(what)] { run(id, c, what); });
    } catch (const std::system_error& e) {
        flights_.erase(id);
        made.cancel();
        lab_.record({.kind = event_kind::client_ended,
                     .cli_state = lab::client_state::failed,
                     .client = id,
                     .text = std::string("no thread for it: ") + e.what()});
    }
}

void outbound::run(lab::id_t id, ctx::context c, call what) {
    const answer a = client_.send(c, what);
    lab_.record({.kind = event_kind::client_ended,
                 .cli_state = state_of(a, c),
                 .client = id,
                 .value = a.status,
                 .text = outcome(a)});
    land(id);
}

void outbound::land(lab::id_t id) {
    std::thread before;
    ctx::cancel_func cancel;
    {
        const std::lock_guard lock(mutex_);
        const auto at = flights_.find(id);
        cancel = at->second.cancel;
        before = std::exchange(last_landed_, std::move(at->second.thread));
        flights_.erase(at);
        if (flights_.empty()) landed_.notify_all();
    }
    cancel(); // gives its timers back
    if (before.joinable()) before.join();
}

lab::reply outbound::abort(lab::id_t client) {
    std::vector<ctx::cancel_func> cancels;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, f] : flights_)
            if (client == 0 || id == client) cancels.push_back(f.cancel);
    }
    if (cancels.empty() && client != 0)
        return {.status = 404, .error = "client: no call " + std::to_string(client) + " is in flight"};
    for (const ctx::cancel_func& cancel : cancels) cancel();
    return {.status = 200, .error = {}, .id = client};
}

lab::id_t outbound::known(const std::string& id) const {
    const auto n = parse_length(id);
    const std::lock_guard lock(mutex_);
    return n && flights_.contains(*n) ? *n : 0;
}

void outbound::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    abort(0);
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [this] { return flights_.empty(); });
    std::thread last = std::move(last_landed_);
    lock.unlock();
    if (last.joinable()) last.join();
}

} // namespace net
