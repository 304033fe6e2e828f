// SPDX-License-Identifier: MIT
#include "net/api.h"

#include "lab/state_json.h"

namespace net {
namespace {

using json = nlohmann::ordered_json;

json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

void make_context(hub& h, exchange& x) {
    const nlohmann::json body = read_json(x);
    lab::object_reader fields(body);
    lab::new_context c = lab::read_context(fields);
    c.parent = static_cast<lab::id_t>(fields.integer("parent", 1, most_id).value_or(lab::root_id));
    if (c.kind == lab::context_kind::after_func)
        c.cancels = static_cast<lab::id_t>(fields.integer("cancels", 1, most_id).value_or(0));
    else
        fields.forbid("cancels", "only kind after_func takes it");
    fields.refuse_unknown();
    command(h, x, std::move(c), [&](const lab::reply& made) {
        x.answer_json(201, json{{"id", made.id}}.dump());
    });
}

void cancel_context(hub& h, exchange& x, lab::id_t id) {
    const nlohmann::json body = read_json(x);
    lab::object_reader fields(body);
    const auto cause = fields.text("cause");
    fields.refuse_unknown();
    command(h, x, lab::cancel_context{.context = id, .cause = cause}, [&](const lab::reply& r) {
        x.answer_json(200, lab::json_text(json{
                               {"id", id}, {"err", text_or_null(r.err)}, {"cause", text_or_null(r.cause)}}));
    });
}

void look_up(hub& h, exchange& x, lab::id_t id) {
    const auto key = query(x.request).text("key");
    if (!key || key->empty()) throw request_error(400, "key: missing: expected the text of a key");
    command(h, x, lab::look_up_value{.context = id, .key = *key}, [&](const lab::reply& r) {
        const json value = r.found ? json(r.value) : json(nullptr);
        x.answer_json(200, lab::json_text(json{{"found", r.found}, {"value", value}, {"path", r.path}}));
    });
}

} // namespace

void add_api_contexts(router& r, hub& h) {
    r.add("POST", "/api/v1/contexts", [&h](exchange& x, std::uint64_t) { make_context(h, x); });
    r.add("POST", "/api/v1/contexts/{id}/cancel",
          [&h](exchange& x, std::uint64_t id) { cancel_context(h, x, id); });
    r.add("GET", "/api/v1/contexts/{id}/value", [&h](exchange& x, std::uint64_t id) { look_up(h, x, id); });
}

} // namespace net
