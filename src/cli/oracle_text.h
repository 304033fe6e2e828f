// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Text on its way into and out of the oracle.
namespace cli {

/// `text` as a JSON string: `"` and `\` escaped, bytes below 0x20 as \u00xx, every other byte as it is.
std::string json_string(std::string_view text);

/// JSON text as Go's decoder takes it: a byte that is not UTF-8, and half a surrogate pair, mean U+FFFD.
std::string as_go_reads(std::string text);

} // namespace cli
