// SPDX-License-Identifier: MIT
#include "lab/state.h"

namespace lab {

namespace {

template <class T>
const T* find(const std::vector<T>& things, const std::unordered_map<id_t, std::size_t>& at, id_t id) {
    const auto it = at.find(id);
    return it == at.end() ? nullptr : &things[it->second];
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
    return const_cast<context_info*>(context(id));
}
worker_info* state::edit_worker(id_t id) {
    return const_cast<worker_info*>(worker(id));
}
request_info* state::edit_request(id_t id) {
    return const_cast<request_info*>(request(id));
}
client_info* state::edit_client(id_t id) {
    return const_cast<client_info*>(client(id));
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
        if (context_info* c = edit_context(e.context)) c->registered = false;
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
