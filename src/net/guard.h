// SPDX-License-Identifier: MIT
#pragma once

#include "net/socket.h"

#include <httplib.h>

#include <string>

/// Who may speak to the server, told by the headers that a browser sends.
namespace net {

struct refusal {
    int status = 0; ///< 0: let it in
    std::string why;
};

/// Refuses another Host than the bound address (a page that made its own name point here: DNS rebinding) and
/// pages of another origin.
refusal check_origin(const httplib::Request& r, const endpoint& bound);

} // namespace net
