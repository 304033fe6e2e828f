// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// Reading JSON that a person may have written: every complaint names the line, the column and the path.
namespace lab {

/// Parses `text`. Throws input_error `where:line:column: ...` for syntax errors, text that is not UTF-8, a
/// member that is there twice, more than 16 levels, and more than 64 members in an object.
nlohmann::json parse_json(std::string_view text, std::string_view where);

/// `where:line:column: path: problem` for the member or element at `path` (`commands[3].kind`, empty: the
/// whole). A member's place is that of its name. Columns count characters, from 1.
std::string complaint(std::string_view text, std::string_view where, const std::string& path,
                      const std::string& problem);

/// `path` one step down: `commands` and 3, then `kind`.
std::string path_to(const std::string& path, std::size_t index);
std::string path_to(const std::string& path, const std::string& member);

/// A value as a complaint quotes it: on one line, in ASCII, not too long.
std::string shown(const nlohmann::json& value);

} // namespace lab
