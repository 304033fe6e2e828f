// SPDX-License-Identifier: MIT
#include "lab/chrome_trace.h"

#include "lab/state.h"
#include "lab/state_json.h"

#include <nlohmann/json.hpp>

namespace lab {
namespace {

using json = nlohmann::ordered_json;

constexpr int contexts = 1; // process numbers of the trace
constexpr int workers = 2;
constexpr int requests = 3;

double us(lab_time t) {
    return std::chrono::duration<double, std::micro>(t).count();
}

json name_of(int process, id_t track, const std::string& name) {
    json j{{"ph", "M"}, {"pid", process}, {"name", track == 0 ? "process_name" : "thread_name"}};
    if (track != 0) j["tid"] = track;
    j["args"] = {{"name", name}};
    return j;
}

json slice(int process, id_t track, const std::string& name, lab_time from, lab_time to) {
    return {{"ph", "X"},    {"pid", process}, {"tid", track},
            {"name", name}, {"ts", us(from)}, {"dur", us(to - from)}};
}

json arrow(const char* phase, int process, id_t track, id_t number, lab_time at) {
    json j{{"ph", phase},     {"pid", process}, {"tid", track}, {"name", "Done"},
           {"cat", "cancel"}, {"id", number},   {"ts", us(at)}};
    if (*phase == 'f') j["bp"] = "e";
    return j;
}

void add_context(json& out, const state& s, const context_info& c) {
    out.push_back(name_of(contexts, c.id, c.name));
    json span = slice(contexts, c.id, c.name, c.created, c.done.value_or(s.now()));
    span["args"] = {{"string", s.go_string(c.id)}, {"err", c.err}, {"cause", c.cause}};
    out.push_back(std::move(span));
}

void add_worker(json& out, const state& s, const worker_info& w) {
    out.push_back(name_of(workers, w.id, w.name));
    for (std::size_t i = 0; i < w.spans.size(); ++i) {
        const lab_time to = i + 1 < w.spans.size() ? w.spans[i + 1].from : w.exited.value_or(s.now());
        const std::string& what = w.spans[i].what;
        out.push_back(slice(workers, w.id, what.empty() ? std::string(to_string(w.spans[i].state)) : what,
                            w.spans[i].from, to));
    }
    const context_info* c = s.context(w.context);
    if (!w.noticed || !c || !c->done) return;
    out.push_back(arrow("s", contexts, c->id, w.id, *c->done));
    out.push_back(arrow("f", workers, w.id, w.id, *w.noticed));
}

} // namespace

std::string chrome_trace(const std::vector<event>& events) {
    state s;
    for (const event& e : events) s.apply(e);
    json out = json::array();
    out.push_back(name_of(contexts, 0, "contexts"));
    out.push_back(name_of(workers, 0, "workers"));
    out.push_back(name_of(requests, 0, "requests"));
    for (const context_info& c : s.contexts()) add_context(out, s, c);
    for (const worker_info& w : s.workers()) add_worker(out, s, w);
    for (const request_info& r : s.requests()) {
        out.push_back(name_of(requests, r.id, r.method + " " + r.path));
        out.push_back(slice(requests, r.id, r.method + " " + r.path, r.started, r.ended.value_or(s.now())));
    }
    return json_text({{"displayTimeUnit", "ms"}, {"traceEvents", std::move(out)}}) + "\n";
}

} // namespace lab
