// SPDX-License-Identifier: MIT
#include "lab/scenario_writer.h"

#include "lab/durations.h"
#include "lab/state_json.h"

namespace lab {

namespace {

using json = nlohmann::ordered_json;

void put(json& j, const char* member, const std::string& text) {
    if (!text.empty()) j[member] = text;
}
void put(json& j, const char* member, const std::optional<std::chrono::nanoseconds>& d) {
    if (d) j[member] = duration_text(*d);
}
void put(json& j, const char* member, const std::optional<std::int64_t>& n) {
    if (n) j[member] = *n;
}

/// Writes what a command asks for after `do`.
struct command_writer {
    const scenario_command& line;
    json& j;

    void operator()(const new_context& c) const {
        j["do"] = "context";
        put(j, "id", line.id);
        put(j, "parent", line.context);
        j["kind"] = to_string(c.kind);
        put(j, "name", c.name);
        put(j, "timeout", c.timeout);
        if (c.at) j["deadline_ms"] = ms_json(*c.at);
        put(j, "cause", c.cause);
        if (c.kind == context_kind::with_value) {
            j["key"] = c.key;
            j["value"] = c.value;
        }
        put(j, "cancels", line.cancels);
    }
    void operator()(const new_worker& w) const {
        j["do"] = "worker";
        put(j, "id", line.id);
        put(j, "context", line.context);
        j["kind"] = w.kind;
        put(j, "name", w.name);
        put(j, "every", w.every);
        put(j, "for", w.duration);
        put(j, "check_every", w.check_every);
        put(j, "fail_after", w.fail_after);
        put(j, "fail", w.fail);
        put(j, "channel", w.channel);
        put(j, "count", w.count);
        put(j, "stages", w.stages);
        put(j, "n", w.n);
        put(j, "fail_index", w.fail_index);
    }
    void operator()(const send_request& q) const {
        j["do"] = "request";
        put(j, "id", line.id);
        j["method"] = q.method;
        j["path"] = q.path;
        put(j, "body", q.body);
        j["count"] = q.count;
        put(j, "timeout", q.timeout);
        put(j, "abort_after", q.abort_after);
    }
    void operator()(const look_up_value& l) const {
        j["do"] = "value";
        put(j, "context", line.context);
        j["key"] = l.key;
    }
    void operator()(const cancel_context& c) const {
        j["do"] = "cancel";
        put(j, "context", line.context);
        if (c.cause) j["cause"] = *c.cause;
    }
    void operator()(const change_clock& c) const {
        j["do"] = "clock";
        const bool speed = c.action == clock_action::set_speed;
        j["action"] = speed ? "set_speed" : c.action == clock_action::run ? "run" : "pause";
        if (speed) j["speed"] = c.speed;
    }
    void operator()(const sweep&) const { j["do"] = "sweep"; }
    void operator()(const reset_lab&) const { refuse("reset"); }
    void operator()(const abort_request&) const { refuse("abort_request"); }

    [[noreturn]] static void refuse(const std::string& what) {
        throw input_error("a scenario has no command " + what);
    }
};

} // namespace

json to_json(const scenario& s) {
    json j;
    put(j, "name", s.name);
    j["title"] = s.title;
    put(j, "description", s.description);
    j["seed"] = s.seed;
    j["commands"] = json::array();
    for (const scenario_command& c : s.commands) {
        json line{{"at_ms", ms_json(c.at)}};
        std::visit(command_writer{c, line}, c.what);
        j["commands"].push_back(std::move(line));
    }
    return j;
}

} // namespace lab
