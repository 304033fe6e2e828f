// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace net {

/// Go: http.StatusText. Empty for a status that has no name.
std::string_view reason_of(int status);

} // namespace net
