// SPDX-License-Identifier: MIT
#include "net/url.h"

#include <arpa/inet.h>

#include <charconv>

namespace net {
namespace {

class url_error_object final : public ctx::error_object {
  public:
    url_error_object(std::string front, ctx::error inner)
        : front_(std::move(front)), inner_(std::move(inner)) {}
    std::string text() const override { return front_ + inner_.text(); }
    ctx::error unwrap() const noexcept override { return inner_; }
    bool timeout() const noexcept override { return ctx::is_timeout(inner_); }
    bool temporary() const noexcept override { return ctx::is_temporary(inner_); }

  private:
    std::string front_;
    ctx::error inner_;
};

url_parts wrong(std::string why) {
    url_parts u;
    u.error = ctx::error(std::move(why));
    return u;
}

/// "GET" as Go's url.Error writes it: "Get".
std::string operation(std::string_view method) {
    std::string s(method.empty() ? "GET" : method);
    for (std::size_t i = 1; i < s.size(); ++i)
        if (s[i] >= 'A' && s[i] <= 'Z') s[i] = static_cast<char>(s[i] - 'A' + 'a');
    return s;
}

bool is_numeric(const std::string& address) {
    in6_addr ignored{};
    return inet_pton(AF_INET, address.c_str(), &ignored) == 1 ||
           inet_pton(AF_INET6, address.c_str(), &ignored) == 1;
}

} // namespace

url_parts parse_url(std::string_view url) {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return wrong("unsupported protocol scheme \"\"");
    if (url.substr(0, colon) != "http")
        return wrong("unsupported protocol scheme \"" + std::string(url.substr(0, colon)) + "\"");
    std::string_view rest = url.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    for (const char c : rest)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
            return wrong("net/url: invalid control character in URL");
    const std::size_t slash = rest.find_first_of("/?");
    const std::string_view host = rest.substr(0, slash);
    if (host.empty()) return wrong("http: no Host in request URL");

    url_parts u;
    u.host = host;
    u.target = slash == std::string_view::npos ? "/" : rest.substr(slash);
    if (u.target.front() == '?') u.target.insert(0, "/");
    std::string_view name = host, port;
    if (host.front() == '[') {
        const std::size_t end = host.find(']');
        if (end == std::string_view::npos) return wrong("missing ']' in host");
        name = host.substr(1, end - 1);
        if (end + 1 < host.size()) port = host.substr(end + 1);
    } else if (const std::size_t at = host.find(':'); at != std::string_view::npos) {
        name = host.substr(0, at);
        port = host.substr(at);
    }
    if (!port.empty()) {
        const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), u.port);
        if (port.front() != ':' || error != std::errc{} || end != port.data() + port.size())
            return wrong("invalid port \"" + std::string(port) + "\" after host");
    }
    u.address = name == "localhost" ? "127.0.0.1" : std::string(name);
    if (!is_numeric(u.address))
        return wrong("lookup " + std::string(name) + ": expected a numeric address or localhost");
    return u;
}

std::string resolve(std::string_view url, std::string_view location) {
    if (location.find("://") != std::string_view::npos) return std::string(location);
    const std::size_t scheme = url.find("://");
    if (location.starts_with("//")) return std::string(url.substr(0, scheme + 1)).append(location);
    const std::size_t slash = url.find_first_of("/?#", scheme + 3);
    const std::string_view place = url.substr(0, slash);
    if (location.starts_with('/')) return std::string(place).append(location);
    std::string_view path = slash == std::string_view::npos ? "/" : url.substr(slash);
    path = path.substr(0, path.find_first_of("?#"));
    if (location.starts_with('?')) return std::string(place).append(path).append(location);
    return std::string(place).append(path.substr(0, path.rfind('/') + 1)).append(location);
}

ctx::error url_error(std::string_view method, const std::string& url, ctx::error why) {
    return ctx::error::make<url_error_object>(operation(method) + " \"" + url + "\": ", std::move(why));
}

} // namespace net
