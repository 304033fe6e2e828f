// SPDX-License-Identifier: MIT
#pragma once

#include "full_event.h"
#include "lab/laboratory.h"
#include "lab/recording_encoder.h"
#include "lab/recording_header.h"
#include "lab/recording_reader.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

/// Recordings as bytes, for tests.
namespace recordings {

struct contents {
    lab::recording_header header;
    std::vector<lab::event> events;
    std::vector<lab::life> lives;
    std::vector<lab::input> inputs;
    std::vector<lab::life_note> notes;
    std::optional<lab::recording_damage> damage;
};

inline contents read(const std::string& bytes) {
    lab::recording_reader r(std::make_unique<std::istringstream>(bytes), "input");
    contents all{.header = r.header(), .events = {}, .lives = {}, .inputs = {}, .notes = {}, .damage = {}};
    for (lab::recording_block b; r.next(b);) {
        all.events.insert(all.events.end(), b.events.begin(), b.events.end());
        all.lives.insert(all.lives.end(), b.lives.begin(), b.lives.end());
        all.inputs.insert(all.inputs.end(), b.inputs.begin(), b.inputs.end());
        all.notes.insert(all.notes.end(), b.notes.begin(), b.notes.end());
    }
    all.damage = r.damage();
    return all;
}

/// One event of each kind, and so on until there are `count`.
inline std::vector<lab::event> events_of_every_kind(std::size_t count) {
    constexpr std::size_t kinds = static_cast<std::size_t>(lab::event_kind::note) + 1;
    std::vector<lab::event> events;
    for (std::size_t i = 0; i < count; ++i) {
        events.push_back(full(static_cast<lab::event_kind>(i % kinds)));
        events.back().seq = i + 1;
    }
    return events;
}

/// Blocks of `a_block` events.
inline std::string bytes_of(const std::vector<lab::event>& events, std::size_t a_block) {
    std::string bytes = lab::header_line({.program = "1.0", .began_unix_ms = 5});
    lab::recording_encoder encoder;
    for (std::size_t i = 0; i < events.size(); ++i) {
        encoder.add(events[i]);
        if ((i + 1) % a_block == 0) bytes += encoder.take();
    }
    encoder.add_end();
    return bytes + encoder.take();
}

/// What a laboratory records while it plays to the end.
inline std::vector<lab::event> play(const lab::scenario& s) {
    lab::laboratory l({.seed = s.seed,
                       .running = false,
                       .as_fast_as_possible = true,
                       .with = std::make_shared<lab::scenario>(s)});
    l.call(lab::change_clock{.action = lab::clock_action::finish, .by = std::chrono::minutes(1)});
    return l.log().read(0);
}

} // namespace recordings
