// SPDX-License-Identifier: MIT
#pragma once

#include "random/script.h"

#include <functional>

namespace scripts {

/// The smallest script found by leaving out ops of `s` for which `fails` still holds. What is tried is valid
/// and has a unique outcome.
script shrink(script s, const std::function<bool(const script&)>& fails);

} // namespace scripts
