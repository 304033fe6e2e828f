// SPDX-License-Identifier: MIT
#include "lab/kinds.h"

#include <array>
#include <cstddef>

namespace lab {

namespace {

// Each table is in the order of its enum.
template <std::size_t N>
using words = std::array<std::string_view, N>;

constexpr words<12> context_kinds{
    "background",          "todo",         "with_cancel",        "with_cancel_cause", "with_deadline",
    "with_deadline_cause", "with_timeout", "with_timeout_cause", "with_value",        "without_cancel",
    "after_func",          "custom",
};

constexpr words<12> go_names{
    "Background",        "TODO",        "WithCancel",       "WithCancelCause", "WithDeadline",
    "WithDeadlineCause", "WithTimeout", "WithTimeoutCause", "WithValue",       "WithoutCancel",
    "AfterFunc",         "custom",
};

constexpr words<3> context_states{"active", "canceled", "deadline_exceeded"};
constexpr words<4> worker_states{"running", "waiting", "leaked", "exited"};
constexpr words<4> request_states{"active", "finished", "client_gone", "timed_out"};
constexpr words<5> client_states{"in_flight", "answered", "aborted", "timed_out", "failed"};
constexpr words<2> clock_modes{"virtual", "real"};
constexpr words<5> step_sizes{"hook", "node", "wave", "reaction", "timer"};

template <std::size_t N, class E>
std::string_view word(const words<N>& table, E e) {
    return table[static_cast<std::size_t>(e)];
}

template <class E, std::size_t N>
std::optional<E> find(const words<N>& table, std::string_view text) {
    for (std::size_t i = 0; i < N; ++i) {
        if (table[i] == text) return static_cast<E>(i);
    }
    return std::nullopt;
}

} // namespace

std::string_view to_string(context_kind k) {
    return word(context_kinds, k);
}
std::string_view to_string(context_state s) {
    return word(context_states, s);
}
std::string_view to_string(worker_state s) {
    return word(worker_states, s);
}
std::string_view to_string(request_state s) {
    return word(request_states, s);
}
std::string_view to_string(client_state s) {
    return word(client_states, s);
}
std::string_view to_string(clock_mode m) {
    return word(clock_modes, m);
}
std::string_view to_string(step_size s) {
    return word(step_sizes, s);
}
std::string_view go_name(context_kind k) {
    return word(go_names, k);
}

std::optional<context_kind> parse_context_kind(std::string_view text) {
    return find<context_kind>(context_kinds, text);
}
std::optional<step_size> parse_step_size(std::string_view text) {
    return find<step_size>(step_sizes, text);
}
std::optional<clock_mode> parse_clock_mode(std::string_view text) {
    return find<clock_mode>(clock_modes, text);
}
std::optional<request_state> parse_request_state(std::string_view text) {
    return find<request_state>(request_states, text);
}
std::optional<client_state> parse_client_state(std::string_view text) {
    return find<client_state>(client_states, text);
}

bool owns_done(context_kind k) {
    switch (k) {
    case context_kind::background:
    case context_kind::todo:
    case context_kind::with_value:
    case context_kind::without_cancel:
        return false;
    default:
        return true;
    }
}

bool takes_deadline(context_kind k) {
    return k == context_kind::with_deadline || k == context_kind::with_timeout || takes_deadline_cause(k);
}

bool takes_cancel_cause(context_kind k) {
    return k == context_kind::with_cancel_cause;
}

bool takes_deadline_cause(context_kind k) {
    return k == context_kind::with_deadline_cause || k == context_kind::with_timeout_cause;
}

} // namespace lab
