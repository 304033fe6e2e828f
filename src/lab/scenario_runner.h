// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/go.h"
#include "lab/scenario.h"

#include <functional>
#include <memory>

namespace lab {

class world;

/// Plays a scenario's commands at their times on the world's clock. `execute` runs one in the laboratory's
/// name.
void play(world& w, std::shared_ptr<const scenario> s, std::function<reply(const command&)> execute);

} // namespace lab
