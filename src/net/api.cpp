// SPDX-License-Identifier: MIT
#include "net/api.h"

#include "ctx/select.h"
#include "lab/json_text.h"
#include "lab/state_json.h"
#include "net/body.h"

namespace net {
namespace {

using json = nlohmann::ordered_json;

} // namespace

nlohmann::json read_json(const exchange& x) {
    const std::string type = x.request.get_header_value("Content-Type");
    const std::string_view media = trimmed(std::string_view(type).substr(0, type.find(';')));
    if (!x.body.empty() && !media.empty() && !same_word(media, "application/json"))
        throw request_error(415, "Content-Type: \"" + type + "\": expected application/json");
    return x.body.empty() ? nlohmann::json::object() : lab::parse_json(x.body, "body");
}

void command(hub& h, exchange& x, lab::command c, const std::function<void(const lab::reply&)>& then) {
    const ctx::chan<lab::reply> answered(1);
    h.lab.post(
        std::move(c), [answered](const lab::reply& r) { answered.try_send(r); }, "api");
    lab::reply r;
    const std::size_t first = ctx::select(ctx::recv(answered, r), ctx::recv(x.context().done()));
    if (first == 1) {
        if (x.client_left()) return x.abandon();
        return x.refuse(503, "the server is stopping");
    }
    if (!r.ok()) return x.refuse(r.status, r.error);
    then(r);
}

void add_api_reads(router& r, hub& h) {
    r.add("GET", "/api/v1/state", [&h](exchange& x, std::uint64_t) {
        lab::state s = h.lab.snapshot();
        s.set_now(h.lab.now());
        x.answer_json(200, lab::json_text(lab::to_json(s)));
    });
    r.add("GET", "/api/v1/workers/kinds", [](exchange& x, std::uint64_t) {
        x.answer_json(200, lab::json_text(lab::to_json(lab::worker_kinds())));
    });
}

void add_api_workers(router& r, hub& h) {
    r.add("POST", "/api/v1/workers", [&h](exchange& x, std::uint64_t) {
        const nlohmann::json body = read_json(x);
        lab::object_reader fields(body);
        lab::new_worker w = lab::read_worker(fields);
        w.context = static_cast<lab::id_t>(fields.integer("context", 1, most_id).value_or(lab::root_id));
        fields.refuse_unknown();
        command(h, x, std::move(w), [&](const lab::reply& made) {
            x.answer_json(201, json{{"id", made.id}}.dump());
        });
    });
    r.add("POST", "/api/v1/requests", [&h](exchange& x, std::uint64_t) {
        const nlohmann::json body = read_json(x);
        lab::object_reader fields(body);
        lab::send_request q = lab::read_request(fields);
        fields.refuse_unknown();
        command(h, x, std::move(q), [&](const lab::reply& made) {
            x.answer_json(201, json{{"id", made.id}}.dump());
        });
    });
}

} // namespace net
