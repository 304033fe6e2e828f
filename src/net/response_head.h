// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/error.h"
#include "net/wire.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

inline constexpr std::size_t most_header_bytes = 64 << 10;

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The first of that name, or null.
const std::string* header_of(const header_list& all, std::string_view name);

/// The status line and the fields of a response.
struct response_head {
    int status = 0;
    bool http_1_0 = false;
    header_list headers;
    const std::string* header(std::string_view name) const { return header_of(headers, name); }
};

/// One header block off the wire. `eof` if the peer closes instead.
ctx::error read_head(wire& from, response_head& head);

} // namespace net
