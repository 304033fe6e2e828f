// SPDX-License-Identifier: MIT
#pragma once

#include "random/script.h"

#include <cstdint>

/// Random scripts whose outcome is unique.
namespace scripts {

/// The same seed gives the same script, always.
script generate(std::uint64_t seed);

/// Is it valid, with the same output under each of the model's schedules?
bool is_unique(const script& s);

/// Takes away what is left open by the rules: ops after which different schedules of the model disagree.
/// Questions alone are dropped; after anything else the rest goes too.
void keep_what_is_unique(script& s);

} // namespace scripts
