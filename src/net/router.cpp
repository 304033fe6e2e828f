// SPDX-License-Identifier: MIT
#include "net/router.h"

#include "lab/input_error.h"
#include "net/body.h"

#include <optional>

namespace net {
namespace {

constexpr std::string_view placeholder = "{id}";

/// The number in place of `{id}`, 0 if there is no such place; nothing if the path is another one.
std::optional<std::uint64_t> match(std::string_view pattern, std::string_view path) {
    const std::size_t at = pattern.find(placeholder);
    if (at == std::string_view::npos) return pattern == path ? std::optional<std::uint64_t>(0) : std::nullopt;
    const std::string_view front = pattern.substr(0, at), back = pattern.substr(at + placeholder.size());
    if (path.size() <= front.size() + back.size() || !path.starts_with(front) || !path.ends_with(back))
        return std::nullopt;
    return parse_length(path.substr(front.size(), path.size() - front.size() - back.size()));
}

} // namespace

void router::add(std::string method, std::string path, handler h) {
    routes_.push_back({std::move(method), std::move(path), std::move(h)});
}

void router::serve(exchange& x) const {
    const std::string& asked = x.request.method;
    const std::string_view method = asked == "HEAD" ? std::string_view("GET") : asked;
    std::string allowed;
    for (const route& r : routes_) {
        const auto id = match(r.path, x.request.path);
        if (!id) continue;
        if (r.method != method) {
            allowed += (allowed.empty() ? "" : ", ") + (r.method == "GET" ? "GET, HEAD" : r.method);
            continue;
        }
        try {
            return r.serve(x, *id);
        } catch (const request_error& e) {
            return x.refuse(e.status(), e.what());
        } catch (const lab::input_error& e) {
            return x.refuse(400, e.what());
        }
    }
    if (allowed.empty()) return x.refuse(404, "path: there is no " + x.request.path);
    x.response.set_header("Allow", allowed);
    x.refuse(405, "method: " + asked + ": " + x.request.path + " takes " + allowed);
}

} // namespace net
