// SPDX-License-Identifier: MIT
#pragma once

#include "net/router.h"

#include <string_view>

/// The page at `/`: the live laboratory in a browser, without anything from elsewhere.
namespace net {

/// resources/web/index.html as it was when the program was built.
std::string_view page_text();

void add_page(router& r);

} // namespace net
