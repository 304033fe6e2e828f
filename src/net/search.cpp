// SPDX-License-Identifier: MIT
#include "net/lab_request.h"
#include "net/teaching.h"

#include "ctx/go.h"
#include "ctx/select.h"
#include "ctx/timer.h"
#include "lab/durations.h"
#include "lab/state_json.h"

#include <algorithm>
#include <cctype>

namespace net {
namespace {

using namespace std::chrono_literals;
using lab::laboratory;

struct page {
    const char* title;
    const char* url;
    const char* words; ///< what it is about, in lower case
};

/// All that the local backend knows.
constexpr page pages[] = {
    {"Go Concurrency Patterns: Context", "https://go.dev/blog/context",
     "golang go context cancellation deadline request values"},
    {"Package context", "https://pkg.go.dev/context",
     "golang go context cancel timeout deadline value reference"},
    {"Go Concurrency Patterns: Pipelines and cancellation", "https://go.dev/blog/pipelines",
     "golang go pipeline cancellation channel fan-out"},
    {"Contexts and structs", "https://go.dev/blog/context-and-structs", "golang go context struct argument"},
    {"Package errgroup", "https://pkg.go.dev/golang.org/x/sync/errgroup",
     "golang go errgroup fan-out error cancel"},
    {"Package net/http", "https://pkg.go.dev/net/http", "golang go http server client request handler"},
    {"Share Memory By Communicating", "https://go.dev/blog/codelab-share",
     "golang go channel goroutine share memory"},
    {"std::stop_token", "https://en.cppreference.com/w/cpp/thread/stop_token",
     "c++ cpp stop token cancellation thread"},
    {"Coroutines (C++20)", "https://en.cppreference.com/w/cpp/language/coroutines",
     "c++ cpp coroutine co_await task"},
};

std::string lower(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

std::vector<page> find_pages(const std::string& q) {
    std::vector<page> found;
    for (const page& p : pages)
        if (lower(p.title).find(lower(q)) != std::string::npos ||
            std::string_view(p.words).find(lower(q)) != std::string::npos)
            found.push_back(p);
    return found;
}

struct result {
    std::vector<page> found;
    ctx::error error;
};

/// The backend's side: an answer after its latency, unless the context ends first.
ctx::task<> search_backend(hub* h, ctx::context c, std::string q, ctx::duration latency,
                           ctx::chan<result> out) {
    result r;
    {
        laboratory::worker_scope worker(
            h->lab, c, "backend", "search",
            "go func() { c <- f(http.DefaultClient.Do(req.WithContext(ctx))) }()");
        ctx::timer timer(latency, ctx::clock_of(c));
        worker.waiting("select on Done and the backend's answer in " + lab::duration_text(latency));
        const std::size_t first = co_await ctx::select(ctx::recv(timer.channel()), ctx::recv(c.done()));
        if (first == 0) {
            worker.running();
            r.found = find_pages(q);
        } else {
            timer.stop();
            worker.noticed();
            r.error = c.err();
            worker.exit(r.error.text());
        }
    }
    out.try_send(std::move(r)); // there is room for it
}

/// The blog's Search: runs the backend in a worker, and does not return before that has.
result search(hub& h, const ctx::context& c, const std::string& q, ctx::duration latency) {
    const ctx::chan<result> out(1);
    ctx::go(h.pool, search_backend, &h, c, q, latency, out);
    result r;
    const std::size_t first = ctx::select(ctx::recv(out, r), ctx::recv(c.done()));
    if (first == 0) return r;
    out.receive(); // wait for the worker to return
    return {.found = {}, .error = c.err()};
}

std::string results_json(const std::string& q, const result& r, ctx::duration elapsed) {
    nlohmann::ordered_json j{
        {"query", q}, {"elapsed_ms", lab::ms_json(elapsed)}, {"results", nlohmann::ordered_json::array()}};
    for (const page& p : r.found) j["results"].push_back({{"title", p.title}, {"url", p.url}});
    return lab::json_text(j);
}

void handle_search(hub& h, exchange& x) {
    const query params(x.request);
    const std::string q = params.text("q").value_or("");
    if (q.empty()) throw request_error(400, "q: missing: expected what to search for");
    const auto timeout = params.duration("timeout");
    const auto latency = params.duration("backend").value_or(300ms);

    lab_request request(h, x);
    const shown_timeout limited(h, request.context(), timeout);
    const ctx::context c = [&] {
        const laboratory::naming name("userip");
        const std::string& peer = x.peer();
        return ctx::with_value(limited.context(), text_key("userip"),
                               ctx::any_value(peer.substr(0, peer.rfind(':'))));
    }();
    const ctx::time_point start = ctx::clock_of(c)->now();
    result r;
    {
        laboratory::worker_scope worker(h.lab, c, "handler", "handleSearch",
                                        "results, err := google.Search(ctx, query)");
        worker.waiting("select on Done and the search's result");
        r = search(h, c, q, latency);
        if (r.error) {
            worker.noticed();
            worker.exit(r.error.text());
        }
    }
    if (r.error)
        request.answer_done(c);
    else
        request.answer(200, results_json(q, r, ctx::saturating_sub(ctx::clock_of(c)->now(), start)),
                       "application/json");
}

} // namespace

void add_search(router& r, hub& h) {
    r.add("GET", "/search", [&h](exchange& x, std::uint64_t) { handle_search(h, x); });
}

} // namespace net
