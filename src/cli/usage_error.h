// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace cli {

/// The call is wrong, or what it names cannot be used: exit status 2.
class usage_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

} // namespace cli
