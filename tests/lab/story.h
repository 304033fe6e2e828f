// SPDX-License-Identifier: MIT
#pragma once

#include "lab/state.h"

#include <string>
#include <utility>
#include <vector>

/// A hand-written list of events, and the picture that it draws.
struct story {
    lab::state picture;
    std::vector<lab::event> events;
    lab::lab_time now{};

    const lab::event& add(lab::event e) {
        e.seq = events.size() + 1;
        e.at = now;
        events.push_back(std::move(e));
        picture.apply(events.back());
        return events.back();
    }

    void at_ms(std::int64_t ms) { now = std::chrono::milliseconds(ms); }

    const lab::event& root() {
        add({.kind = lab::event_kind::lab_started, .value = 7, .name = "tale", .text = "A tale"});
        return created(1, 0, lab::context_kind::background, "", "context.Background");
    }

    const lab::event& created(lab::id_t id, lab::id_t parent, lab::context_kind kind, std::string name = {},
                              std::string suffix = ".WithCancel", bool born_done = false) {
        return add({.kind = lab::event_kind::context_created,
                    .ctx_kind = kind,
                    .on = born_done,
                    .context = id,
                    .parent = parent,
                    .name = std::move(name),
                    .text = std::move(suffix)});
    }

    const lab::event& timed(lab::id_t id, lab::id_t parent, std::int64_t deadline_ms, std::string name = {}) {
        const std::string suffix = ".WithDeadline(2009-11-10 23:00:02 +0000 UTC m=+2.000000000 [2s])";
        return add({.kind = lab::event_kind::context_created,
                    .ctx_kind = lab::context_kind::with_timeout,
                    .context = id,
                    .parent = parent,
                    .deadline = std::chrono::milliseconds(deadline_ms),
                    .name = std::move(name),
                    .text = suffix});
    }

    const lab::event& value(lab::id_t id, lab::id_t parent, std::string key, std::string value,
                            bool born_done = false) {
        return add({.kind = lab::event_kind::context_created,
                    .ctx_kind = lab::context_kind::with_value,
                    .on = born_done,
                    .context = id,
                    .parent = parent,
                    .text = ".WithValue(" + key + ", " + value + ")",
                    .key = key,
                    .data = value});
    }

    const lab::event& done(lab::id_t id, lab::id_t by, std::string err = "context canceled",
                           std::string cause = {}) {
        if (cause.empty()) cause = err;
        return add(
            {.kind = lab::event_kind::context_done, .context = id, .by = by, .err = err, .cause = cause});
    }

    /// Any event about one context.
    const lab::event& about(lab::event_kind kind, lab::id_t context) {
        return add({.kind = kind, .context = context});
    }

    const lab::event& worker(lab::event_kind kind, lab::id_t worker, lab::id_t context,
                             std::string text = {}) {
        return add({.kind = kind, .context = context, .worker = worker, .text = std::move(text)});
    }

    const lab::context_info& context(lab::id_t id) const { return *picture.context(id); }
    const lab::worker_info& worker(lab::id_t id) const { return *picture.worker(id); }
};
