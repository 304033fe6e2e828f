// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/context.h"
#include "lab/command.h"

namespace lab {

class world;

/// Starts a worker of the catalogue, completed already, on the world's scheduler. Gives its id.
id_t start_worker(world& w, const ctx::context& c, const new_worker& spec);

} // namespace lab
