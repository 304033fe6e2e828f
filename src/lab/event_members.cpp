// SPDX-License-Identifier: MIT
#include "lab/event_members.h"

#include <array>

namespace lab {

namespace {

using members = std::vector<event_member>;

const event_member context{"context", &event::context};
const event_member worker{"worker", &event::worker};
const event_member err{"err", &event::err};
const event_member cause{"cause", &event::cause};

members context_members(event_kind k) {
    switch (k) {
    case event_kind::context_created:
        return {context,
                {"parent", &event::parent},
                {"context_kind", &event::ctx_kind},
                {"name", &event::name},
                {"suffix", &event::text},
                {"deadline_ns", &event::deadline},
                {"key", &event::key},
                {"value", &event::data},
                {"born_done", &event::on}};
    case event_kind::cancel_called:
        return {context, err, cause, worker, {"by", &event::by}};
    case event_kind::child_visited:
        return {context, {"parent", &event::parent}, {"nth", &event::value}, {"of", &event::of}};
    case event_kind::context_detached:
        return {context, {"parent", &event::parent}};
    case event_kind::context_done:
        return {context, err, cause, {"by", &event::by}, {"waiters", &event::value}};
    case event_kind::waiters_woken:
        return {context, {"waiters", &event::value}};
    case event_kind::found_done:
        return {context, {"by", &event::by}, {"waits", &event::on}};
    case event_kind::value_asked:
        return {context, {"from", &event::by}, {"key", &event::key}, {"found", &event::on}};
    case event_kind::wave_finished:
        return {context, {"reached", &event::value}};
    case event_kind::value_looked_up:
        return {context,
                {"key", &event::key},
                {"found", &event::on},
                {"value", &event::data},
                {"path", &event::path}};
    case event_kind::swept:
        return {{"contexts", &event::path}};
    default:
        return {context};
    }
}

members worker_members(event_kind k) {
    switch (k) {
    case event_kind::worker_started:
        return {
            worker, context, {"name", &event::name}, {"worker_kind", &event::text}, {"code", &event::data}};
    case event_kind::worker_running:
        return {worker};
    case event_kind::worker_waiting:
        return {worker, {"what", &event::text}};
    case event_kind::worker_exited:
        return {worker, context, {"reason", &event::text}};
    default:
        return {worker, context};
    }
}

members http_members(event_kind k) {
    switch (k) {
    case event_kind::request_started:
        return {{"request", &event::request}, context,
                {"method", &event::name},     {"path", &event::text},
                {"peer", &event::data},       {"client", &event::by}};
    case event_kind::request_ended:
        return {{"request", &event::request},
                context,
                {"state", &event::req_state},
                {"status", &event::value},
                {"fate", &event::text}};
    case event_kind::client_sent:
        return {{"client", &event::client}, {"method", &event::name}, {"url", &event::text}};
    default:
        return {{"client", &event::client},
                {"state", &event::cli_state},
                {"status", &event::value},
                {"outcome", &event::text}};
    }
}

members all_members(event_kind k) {
    switch (k) {
    case event_kind::lab_started:
        return {{"seed", &event::value}, {"scenario", &event::name}, {"title", &event::text}};
    case event_kind::clock_changed:
        return {{"mode", &event::mode},
                {"running", &event::on},
                {"speed", &event::speed},
                {"stepping", &event::value}};
    case event_kind::command_issued:
        return {{"who", &event::name}, {"text", &event::text}};
    case event_kind::command_refused:
    case event_kind::note:
        return {{"text", &event::text}};
    case event_kind::worker_started:
    case event_kind::worker_running:
    case event_kind::worker_waiting:
    case event_kind::worker_noticed:
    case event_kind::worker_leaked:
    case event_kind::worker_exited:
        return worker_members(k);
    case event_kind::request_started:
    case event_kind::request_ended:
    case event_kind::client_sent:
    case event_kind::client_ended:
        return http_members(k);
    default:
        return context_members(k);
    }
}

constexpr std::size_t kinds = static_cast<std::size_t>(event_kind::note) + 1;

} // namespace

std::span<const event_member> members_of(event_kind k) {
    static const auto table = [] {
        std::array<members, kinds> t;
        for (std::size_t i = 0; i < kinds; ++i) t[i] = all_members(static_cast<event_kind>(i));
        return t;
    }();
    return table[static_cast<std::size_t>(k)];
}

} // namespace lab
