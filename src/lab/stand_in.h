// SPDX-License-Identifier: MIT
#pragma once

#include "lab/inputs.h"
#include "lab/scenario.h"
#include "lab/state.h"

#include <memory>
#include <string>

/// A moment of a run that cannot be executed again, because sockets or the real clock took part in it, as a
/// scenario that can: its contexts and workers are made anew at their times, and what was cancelled is
/// cancelled again. What it begins is another run, not a fork: nothing is compared with the earlier log.
///
///     auto again = lab::stand_in(picture, life);
///     laboratory.post(lab::reset_lab{.with = again}, done);   // then advance to picture.now()
namespace lab {

/// A worker that somebody asked for is started again as it was. The code of the others, of handlers above all,
/// needs its request: they are replaced by one that waits for Done, or, as far as the picture tells, works as
/// long as they did, or ignores that its context is over. What is not in a picture is lost: what the function
/// of an AfterFunc does, and the cause that a deadline would give. O(contexts + workers x commands).
std::shared_ptr<const scenario> stand_in(const state& picture, const life& of);

} // namespace lab
