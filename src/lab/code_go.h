// SPDX-License-Identifier: MIT
#pragma once

#include "lab/scenario.h"

#include <string>

namespace lab {

/// A scenario as one file of Go that needs nothing but the standard library: `go run main.go`.
///
/// It runs in real time; a constant at its top makes it faster. It prints each worker's exit when it happens
/// and each context's end when all is over, every line after the time: `[ 0.500s] worker "query": finished`.
/// What stands after the time is the same in the C++ program (code_cpp.h) and in the laboratory
/// (code_outcome.h).
///
/// Throws input_error for a request to an address for which there is no Go here.
std::string to_go(const scenario& s);

} // namespace lab
