// SPDX-License-Identifier: MIT
#include "net/guard.h"

#include "net/body.h"

#include <array>

namespace net {
namespace {

/// The names under which a browser may know the bound address.
std::array<std::string, 3> names_of(const endpoint& bound) {
    const std::string port = ":" + std::to_string(bound.port);
    return {bound.text(), "localhost" + port,
            (bound.address.find(':') == std::string::npos ? "127.0.0.1" : "[::1]") + port};
}

bool names_us(std::string_view host, const endpoint& bound) {
    for (const std::string& name : names_of(bound))
        if (same_word(host, name) || (bound.port == 80 && same_word(std::string(host) + ":80", name)))
            return true;
    return false;
}

} // namespace

refusal check_origin(const httplib::Request& r, const endpoint& bound) {
    if (r.get_header_value_count("Host") != 1) return {400, "Host: expected exactly one such header"};
    const std::string host = r.get_header_value("Host");
    if (!names_us(host, bound)) return {403, "Host: \"" + host + "\": expected " + bound.text()};
    if (!r.has_header("Origin")) return {};
    const std::string origin = r.get_header_value("Origin");
    if (origin.starts_with("http://") && names_us(std::string_view(origin).substr(7), bound)) return {};
    return {403, "Origin: \"" + origin + "\": pages of other origins may not call"};
}

} // namespace net
