// SPDX-License-Identifier: MIT
#include "lab/state_json.h"

#include <string>

namespace lab {

namespace {

using json = nlohmann::ordered_json;

// A chain of n contexts prints n(n+1)/2 parts: beyond this depth the answer would be mostly repetition.
constexpr std::size_t printed_levels = 256;

json ms_or_null(const std::optional<lab_time>& t) {
    return t ? ms_json(*t) : json(nullptr);
}
json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}
json id_or_null(id_t id) {
    return id == 0 ? json(nullptr) : json(id);
}

json context_json(const context_info& c, const state& s) {
    const bool has_value = c.kind == context_kind::with_value;
    return {
        {"id", c.id},
        {"parent", id_or_null(c.parent)},
        {"kind", to_string(c.kind)},
        {"name", c.name},
        {"string", s.go_string(c.id, printed_levels)},
        {"state", to_string(c.state)},
        {"err", text_or_null(c.err)},
        {"cause", text_or_null(c.cause)},
        {"deadline_ms", ms_or_null(c.deadline)},
        {"deadline_owner", id_or_null(c.deadline_owner)},
        {"key", has_value ? json(c.key) : json(nullptr)},
        {"value", has_value ? json(c.value) : json(nullptr)},
        {"children", c.children},
        {"workers", c.workers},
        {"created_ms", ms_json(c.created)},
        {"done_ms", ms_or_null(c.done)},
        {"done_by", id_or_null(c.done_by)},
        {"registered", c.registered},
        {"dropped", c.dropped},
    };
}

json worker_json(const worker_info& w) {
    return {
        {"id", w.id},
        {"context", w.context},
        {"kind", w.kind},
        {"name", w.name},
        {"state", to_string(w.state)},
        {"reason", text_or_null(w.reason)},
        {"started_ms", ms_json(w.started)},
        {"exited_ms", ms_or_null(w.exited)},
        {"noticed_ms", ms_or_null(w.noticed)},
        {"leaked_ms", ms_or_null(w.leaked)},
        {"code", w.code},
    };
}

json request_json(const request_info& r) {
    return {
        {"id", r.id},
        {"context", r.context},
        {"method", r.method},
        {"path", r.path},
        {"peer", r.peer},
        {"state", to_string(r.state)},
        {"status", r.status == 0 ? json(nullptr) : json(r.status)},
        {"started_ms", ms_json(r.started)},
        {"ended_ms", ms_or_null(r.ended)},
        {"fate", text_or_null(r.fate)},
        {"client", id_or_null(r.client)},
    };
}

json client_json(const client_info& c) {
    return {
        {"id", c.id},
        {"request", id_or_null(c.request)},
        {"method", c.method},
        {"url", c.url},
        {"state", to_string(c.state)},
        {"status", c.status == 0 ? json(nullptr) : json(c.status)},
        {"outcome", text_or_null(c.outcome)},
        {"started_ms", ms_json(c.started)},
        {"ended_ms", ms_or_null(c.ended)},
    };
}

json field_json(const worker_field& f) {
    static constexpr const char* types[] = {"duration", "text", "integer"};
    const json fallback =
        f.kind == worker_field::type::integer ? json(std::stoll(f.fallback)) : json(f.fallback);
    return {{"name", f.name},
            {"type", types[static_cast<std::size_t>(f.kind)]},
            {"default", fallback},
            {"help", f.help}};
}

} // namespace

std::string json_text(const json& j, int indent) {
    return j.dump(indent, ' ', false, json::error_handler_t::replace);
}

json ms_json(lab_time t) {
    constexpr std::int64_t ms = 1'000'000;
    return t.count() % ms == 0 ? json(t.count() / ms) : json(to_ms(t));
}

json to_json(const clock_info& c) {
    return {
        {"mode", to_string(c.mode)}, {"running", c.running}, {"speed", c.speed}, {"stepping", c.stepping}};
}

json to_json(const state& s) {
    json contexts = json::array(), workers = json::array(), requests = json::array(), clients = json::array();
    for (const context_info& c : s.contexts()) contexts.push_back(context_json(c, s));
    for (const worker_info& w : s.workers()) workers.push_back(worker_json(w));
    for (const request_info& r : s.requests()) requests.push_back(request_json(r));
    for (const client_info& c : s.clients()) clients.push_back(client_json(c));
    json j;
    j["seq"] = s.seq();
    j["time_ms"] = ms_json(s.now());
    j["clock"] = to_json(s.clock());
    j["contexts"] = std::move(contexts);
    j["workers"] = std::move(workers);
    j["requests"] = std::move(requests);
    j["clients"] = std::move(clients);
    j["seed"] = s.seed();
    j["scenario"] = text_or_null(s.scenario());
    return j;
}

json to_json(const std::vector<worker_kind>& kinds) {
    json list = json::array();
    for (const worker_kind& k : kinds) {
        json fields = json::array();
        for (const worker_field& f : k.fields) fields.push_back(field_json(f));
        list.push_back(
            {{"kind", k.name}, {"help", k.help}, {"go", k.go_code}, {"fields", std::move(fields)}});
    }
    return list;
}

} // namespace lab
