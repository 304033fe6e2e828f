// SPDX-License-Identifier: MIT
#pragma once

#include "lab/event.h"
#include "lab/state.h"

#include <string>
#include <vector>

/// What a thread that is held inside the library has just done, and what it will do next.
///
///     const lab::held_thread t = laboratory.held_threads().front();
///     const lab::event e = laboratory.log().read(t.seq - 1).front();
///     const lab::held_moment m = lab::held_at(e, laboratory.snapshot(), t.worker);
///     show(m.happened, m.next);
///
/// Pure functions of the event of the hook and the picture. The picture may be newer than the event, as long
/// as the thread has not gone on. Cost: of the depth of the propagation and the children of one context.
namespace lab {

/// An event that may come next from this thread.
struct next_event {
    event_kind kind = event_kind::note;
    id_t context = 0; ///< 0: any; of child_visited it is the parent
    id_t worker = 0;

    bool matches(const event& e) const;
};

struct held_moment {
    std::uint64_t seq = 0;
    std::string happened; ///< one sentence
    std::string next;     ///< one sentence
    /// What comes next inside the library: one of these, and more than one only where another thread decides.
    /// Empty: this thread leaves the library here.
    std::vector<next_event> expected;
    id_t context = 0; ///< what the sentences point at
    id_t worker = 0;  ///< 0: none
    std::string code; ///< the line of the worker's Go at which that matters
};

std::vector<next_event> next_events(const event& at, const state& s);
held_moment held_at(const event& at, const state& s, id_t acting_worker = 0);

} // namespace lab
