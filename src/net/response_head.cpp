// SPDX-License-Identifier: MIT
#include "net/response_head.h"

#include "net/body.h"
#include "net/errors.h"

#include <string_view>

namespace net {

const std::string* header_of(const header_list& all, std::string_view name) {
    for (const auto& [n, value] : all)
        if (same_word(n, name)) return &value;
    return nullptr;
}

ctx::error read_head(wire& from, response_head& head) {
    std::string block;
    char c = 0;
    while (!block.ends_with("\r\n\r\n")) {
        if (!from.read_all(&c, 1)) {
            if (from.why() == wire::trouble::too_much)
                return ctx::error("net/http: server response headers exceeded " +
                                  std::to_string(most_header_bytes) + " bytes");
            return block.empty() ? eof : unexpected_eof;
        }
        block.push_back(c);
    }
    std::string_view rest = block;
    const std::string_view first = rest.substr(0, rest.find("\r\n"));
    const auto status = first.size() >= 12 ? parse_length(first.substr(9, 3)) : std::nullopt;
    if (!first.starts_with("HTTP/1.") || !status || (first.size() > 12 && first[12] != ' '))
        return ctx::error("malformed HTTP response \"" + std::string(first.substr(0, 100)) + "\"");
    head.status = static_cast<int>(*status);
    head.http_1_0 = first.starts_with("HTTP/1.0");
    head.headers.clear();
    rest.remove_prefix(first.size() + 2);
    while (rest != "\r\n") {
        const std::string_view line = rest.substr(0, rest.find("\r\n"));
        const std::size_t colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos)
            return ctx::error("malformed MIME header line: " + std::string(line.substr(0, 100)));
        head.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
        rest.remove_prefix(line.size() + 2);
    }
    return {};
}

} // namespace net
