// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The few URLs that the built-in client takes.
namespace net {

struct url_parts {
    std::string address; ///< numeric
    std::uint16_t port = 80;
    std::string host;   ///< for the Host header
    std::string target; ///< path and query; never empty
    ctx::error error;   ///< set: the URL is no good
};

url_parts parse_url(std::string_view url);

/// Where a Location header in the response to `url` leads.
std::string resolve(std::string_view url, std::string_view location);

/// Go's url.Error: `Get "URL": why`.
ctx::error url_error(std::string_view method, const std::string& url, ctx::error why);

} // namespace net
