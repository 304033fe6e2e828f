// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace lab {

/// What is wrong with an input, and where: `client-leaves.json:12:9: commands[3].kind: "with_tea": expected
/// one of ...`.
class input_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

} // namespace lab
