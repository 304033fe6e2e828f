// SPDX-License-Identifier: MIT
#include "net/api.h"

#include "lab/event_json.h"

#include <algorithm>
#include <memory>

namespace net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t at_once = 1024;
// The log can be waited for, but not together with a context: so often a silent stream looks whether its
// client is there.
constexpr auto look_up_every = 100ms;
// So often a silent stream says something, for proxies and browsers that give up on silence.
constexpr int looks_between_signs_of_life = 150;

bool wants_stream(const httplib::Request& r) {
    return r.get_header_value("Accept").find("text/event-stream") != std::string::npos;
}

std::uint64_t first_wanted(const exchange& x, bool stream) {
    const std::int64_t since = query(x.request).integer("since", 0, most_id).value_or(0);
    const std::string last = x.request.get_header_value("Last-Event-ID");
    if (!stream || last.empty()) return static_cast<std::uint64_t>(since);
    return static_cast<std::uint64_t>(parse_integer("Last-Event-ID", last, 0, most_id));
}

/// What the log holds now, a line an event.
void send_lines(hub& h, exchange& x, std::uint64_t since) {
    const std::uint64_t until = h.lab.log().last_seq();
    x.stream("application/x-ndjson",
             [&log = h.lab.log(), until, at = since](httplib::DataSink& sink) mutable {
                 if (at >= until) {
                     sink.done();
                     return true;
                 }
                 std::string text;
                 for (const lab::event& e : log.read(at, std::min<std::uint64_t>(at_once, until - at))) {
                     text += lab::to_line(e) + "\n";
                     at = e.seq;
                 }
                 return sink.write(text.data(), text.size());
             });
}

/// What the log holds and will hold, as server-sent events.
void send_live(hub& h, exchange& x, std::uint64_t since) {
    x.response.set_header("Cache-Control", "no-store");
    const auto silent = std::make_shared<int>(0);
    x.stream("text/event-stream",
             [&log = h.lab.log(), c = x.context(), silent, at = since](httplib::DataSink& sink) mutable {
                 std::string text;
                 while (text.empty()) {
                     if (c.err()) {
                         sink.done();
                         return true;
                     }
                     if (log.wait_after(at, look_up_every)) {
                         for (const lab::event& e : log.read(at, at_once)) {
                             text += "id: " + std::to_string(e.seq) + "\ndata: " + lab::to_line(e) + "\n\n";
                             at = e.seq;
                         }
                     } else if (++*silent % looks_between_signs_of_life == 0) {
                         text = ": here\n\n";
                     }
                 }
                 return sink.write(text.data(), text.size());
             });
}

} // namespace

void add_api_events(router& r, hub& h) {
    r.add("GET", "/api/v1/events", [&h](exchange& x, std::uint64_t) {
        const bool live = wants_stream(x.request);
        const std::uint64_t since = first_wanted(x, live);
        live ? send_live(h, x, since) : send_lines(h, x, since);
    });
}

} // namespace net
