// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace lab {

/// A scenario file as it was when the program was built, so that a copied binary has it too.
struct shipped_file {
    std::string_view name; ///< "client-leaves.json"
    std::string_view text;
};

/// In the order in which they are shown.
std::span<const shipped_file> shipped_files();

} // namespace lab
