// SPDX-License-Identifier: MIT
#include "lab/state.h"

#include <tuple>

namespace lab {

namespace {

template <class T>
const T* find(const cow_vector<T>& things, const cow_index& at, id_t id) {
    const auto i = at.find(id);
    return i ? &things[*i] : nullptr;
}
template <class T>
T* edit(cow_vector<T>& things, const cow_index& at, id_t id) {
    const auto i = at.find(id);
    return i ? &things.edit(*i) : nullptr;
}

} // namespace

const context_info* state::context(id_t id) const {
    return find(contexts_, context_at_, id);
}
const worker_info* state::worker(id_t id) const {
    return find(workers_, worker_at_, id);
}
const request_info* state::request(id_t id) const {
    return find(requests_, request_at_, id);
}
const client_info* state::client(id_t id) const {
    return find(clients_, client_at_, id);
}

context_info* state::edit_context(id_t id) {
    return edit(contexts_, context_at_, id);
}
worker_info* state::edit_worker(id_t id) {
    return edit(workers_, worker_at_, id);
}
request_info* state::edit_request(id_t id) {
    return edit(requests_, request_at_, id);
}
client_info* state::edit_client(id_t id) {
    return edit(clients_, client_at_, id);
}

std::size_t state::bytes_beside(const state& other) const {
    return sizeof(state) + contexts_.bytes_beside(other.contexts_) + workers_.bytes_beside(other.workers_) +
           requests_.bytes_beside(other.requests_) + clients_.bytes_beside(other.clients_) +
           context_at_.bytes_beside(other.context_at_) + worker_at_.bytes_beside(other.worker_at_) +
           request_at_.bytes_beside(other.request_at_) + client_at_.bytes_beside(other.client_at_);
}

bool operator==(const state& a, const state& b) {
    const auto rest = [](const state& s) {
        return std::tie(s.seq_, s.now_, s.clock_, s.wave_, s.lookup_, s.scenario_, s.title_, s.seed_,
                        s.totals_, s.shape_version_, s.contexts_, s.workers_, s.requests_, s.clients_);
    };
    return rest(a) == rest(b);
}

void state::apply(const event& e) {
    seq_ = e.seq;
    set_now(e.at);
    if (on_context(e)) return;
    switch (e.kind) {
    case event_kind::lab_started:
        on_lab_started(e);
        break;
    case event_kind::clock_changed:
        clock_ = {.mode = e.mode, .running = e.on, .speed = e.speed, .stepping = e.value != 0};
        break;
    case event_kind::worker_started:
        on_worker_started(e);
        break;
    case event_kind::worker_running:
    case event_kind::worker_waiting:
    case event_kind::worker_noticed:
    case event_kind::worker_leaked:
    case event_kind::worker_exited:
        on_worker(e);
        break;
    case event_kind::request_started:
        on_request_started(e);
        break;
    case event_kind::request_ended:
        on_request_ended(e);
        break;
    case event_kind::client_sent:
        on_client_sent(e);
        break;
    case event_kind::client_ended:
        on_client_ended(e);
        break;
    default:
        break;
    }
}

bool state::on_context(const event& e) {
    switch (e.kind) {
    case event_kind::context_created:
        on_created(e);
        return true;
    case event_kind::cancel_called:
    case event_kind::deadline_expired:
        on_cancel_starts(e);
        return true;
    case event_kind::child_visited:
        on_visited(e);
        return true;
    case event_kind::context_done:
        on_done(e);
        return true;
    case event_kind::wave_finished:
        if (wave_.root == e.context) {
            wave_.finished = true;
            wave_.reached = static_cast<std::size_t>(e.value);
        }
        return true;
    case event_kind::context_detached:
        if (const context_info* c = context(e.context); c && c->registered)
            edit_context(e.context)->registered = false;
        return true;
    case event_kind::context_dropped:
        on_dropped(e);
        return true;
    case event_kind::after_func_run:
        on_after_func_run(e);
        return true;
    case event_kind::value_looked_up:
        on_lookup(e);
        return true;
    case event_kind::swept:
        on_swept(e);
        return true;
    default:
        return false;
    }
}

void state::on_lab_started(const event& e) {
    // Views compare versions across a reset too, so this number only grows.
    const std::uint64_t shape = shape_version_ + 1;
    *this = state();
    shape_version_ = shape;
    seq_ = e.seq;
    now_ = e.at;
    seed_ = e.value;
    scenario_ = e.name;
    title_ = e.text;
}

void state::on_lookup(const event& e) {
    lookup_ = {.from = e.context, .key = e.key, .found = e.on, .value = e.data, .path = e.path, .seq = e.seq};
}

} // namespace lab
