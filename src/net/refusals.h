// SPDX-License-Identifier: MIT
#pragma once

#include "net/guard.h"
#include "net/wire.h"

#include <string>
#include <string_view>

/// What is said to those whose request never reaches a handler.
namespace net {

/// About a header that did not arrive whole; 0 for a peer that is gone.
refusal trouble_with_header(wire::trouble t, bool first_line);
/// About what cpp-httplib could not read.
refusal trouble_with_request(const httplib::Request& r, int status);
/// A whole response, for when there is no request to answer yet.
std::string short_answer(int status, std::string_view why);

/// As cpp-httplib's own limits of a line, a little less: a line that is too long is told apart from one that
/// is malformed.
inline constexpr std::size_t longest_line = 8000;

} // namespace net
