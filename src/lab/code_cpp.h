// SPDX-License-Identifier: MIT
#pragma once

#include "lab/scenario.h"

#include <string>

namespace lab {

/// A scenario as one file of C++20 that needs nothing but `ctx` (`find_package(ctx)`).
///
/// It runs on the virtual clock and ends at once; with `--real` it takes its time. It prints what the Go
/// program prints (code_go.h).
///
/// Throws input_error for a scenario that sends requests: `ctx` alone has no HTTP.
std::string to_cpp(const scenario& s);

} // namespace lab
