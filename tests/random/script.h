// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Oracle scripts as data: what the generator writes, the model predicts, and the shrinker takes apart.
namespace scripts {

struct error_text {
    std::optional<std::string> text, is, wrap;
};

/// One line of a script; members that are empty are left out.
struct op {
    std::string name;
    std::optional<std::string> id, parent, kind, label, key_type, key, val_type, val, ctx, cancels, a, b;
    std::optional<std::int64_t> at, ms;
    std::optional<error_text> cause, err;
    std::optional<std::vector<std::string>> ids;
    std::uint32_t style = 0; ///< how its JSON is written: 0 plainly, otherwise with a choice of the many ways
};

using script = std::vector<op>;

/// Does the op ask only, so that without it everything else stays as it is?
bool asks_only(const op& o);

std::string json(const op& o);
/// One op a line; with `as_list` one JSON list.
std::string json(const script& s, bool as_list = false);

/// A text in the output: `"` and `\` escaped, bytes below 0x20 as \u00xx, every other byte as it is.
std::string quoted(const std::string& text);

} // namespace scripts
