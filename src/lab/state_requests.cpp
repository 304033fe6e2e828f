// SPDX-License-Identifier: MIT
#include "lab/state.h"

#include <utility>

namespace lab {

void state::on_request_started(const event& e) {
    if (e.request == 0 || request_at_.contains(e.request)) return;
    request_info r;
    r.id = e.request;
    r.context = e.context;
    r.client = e.by;
    r.method = e.name;
    r.path = e.text;
    r.peer = e.data;
    r.started = e.at;
    if (client_info* c = edit_client(e.by)) c->request = r.id;
    ++totals_.active_requests;
    request_at_.set(r.id, requests_.size());
    requests_.push_back(std::move(r));
}

void state::on_request_ended(const event& e) {
    request_info* r = edit_request(e.request);
    if (!r || r->ended) return;
    r->state = e.req_state;
    r->status = static_cast<int>(e.value);
    r->fate = e.text;
    r->ended = e.at;
    --totals_.active_requests;
}

void state::on_client_sent(const event& e) {
    if (e.client == 0 || client_at_.contains(e.client)) return;
    client_info c;
    c.id = e.client;
    c.method = e.name;
    c.url = e.text;
    c.started = e.at;
    client_at_.set(c.id, clients_.size());
    clients_.push_back(std::move(c));
}

void state::on_client_ended(const event& e) {
    client_info* c = edit_client(e.client);
    if (!c || c->ended) return;
    c->state = e.cli_state;
    c->status = static_cast<int>(e.value);
    c->outcome = e.text;
    c->ended = e.at;
}

} // namespace lab
