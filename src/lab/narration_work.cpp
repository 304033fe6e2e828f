// SPDX-License-Identifier: MIT
#include "lab/durations.h"
#include "lab/narration_parts.h"

namespace lab {

namespace {

std::string worker_label(const state& s, id_t id) {
    const worker_info* w = s.worker(id);
    return w ? w->name : "worker " + std::to_string(id);
}

std::string noticed_sentence(const event& e, const state& s) {
    std::string text = worker_label(s, e.worker) + " sees that " + context_label(s, e.context) + " is done";
    const context_info* c = s.context(e.context);
    if (c && c->done && e.at > *c->done) text += ", " + duration_text(e.at - *c->done) + " after it was";
    return text;
}

std::string with_status(std::string text, std::int64_t status) {
    return status == 0 ? text : text + " with status " + std::to_string(status);
}

std::string request_end_sentence(const event& e) {
    const std::string name = "Request " + std::to_string(e.request);
    std::string text;
    switch (e.req_state) {
    case request_state::client_gone:
        text = name + " ends: its client has left";
        break;
    case request_state::timed_out:
        text = with_status(name + " ends: its time ran out, answered", e.value);
        break;
    default:
        text = with_status(name + " is answered", e.value);
        break;
    }
    return e.text.empty() ? text : text + " (" + e.text + ')';
}

std::string client_end_sentence(const event& e) {
    const std::string name = "Client call " + std::to_string(e.client);
    std::string text;
    switch (e.cli_state) {
    case client_state::aborted:
        text = name + " is aborted";
        break;
    case client_state::timed_out:
        text = name + " runs out of time";
        break;
    case client_state::failed:
        text = name + " fails";
        break;
    default:
        text = with_status(name + " is answered", e.value);
        break;
    }
    return e.text.empty() ? text : text + ": " + e.text;
}

} // namespace

std::string worker_sentence(const event& e, const state& s) {
    const std::string name = worker_label(s, e.worker);
    const std::string context = context_label(s, e.context);
    switch (e.kind) {
    case event_kind::worker_started:
        return name + " starts under " + context + (e.text.empty() ? "" : " (" + e.text + ')');
    case event_kind::worker_running:
        return name + " runs";
    case event_kind::worker_waiting:
        return name + " waits" + (e.text.empty() ? "" : ": " + e.text);
    case event_kind::worker_noticed:
        return noticed_sentence(e, s);
    case event_kind::worker_leaked:
        return name + " is leaked: " + context + " is done, and it goes on without looking";
    default:
        return name + " exits" + (e.text.empty() ? "" : ": " + e.text);
    }
}

std::string http_sentence(const event& e, const state& s) {
    switch (e.kind) {
    case event_kind::request_started:
        return "Request " + std::to_string(e.request) + " arrives: " + e.name + ' ' + e.text +
               (e.data.empty() ? "" : " from " + e.data) + "; its context is " + context_label(s, e.context);
    case event_kind::request_ended:
        return request_end_sentence(e);
    case event_kind::client_sent:
        return "Client call " + std::to_string(e.client) + " is sent: " + e.name + ' ' + e.text;
    default:
        return client_end_sentence(e);
    }
}

} // namespace lab
