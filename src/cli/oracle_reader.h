// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <istream>
#include <optional>
#include <string>

/// Reads an oracle script: a JSON object a line, where empty lines and lines that begin with `#` do not
/// count, or one JSON list of such objects.
namespace cli {

class oracle_reader {
  public:
    /// `name` is what complaints call the input.
    oracle_reader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}

    /// The next object; empty at the end. Throws lab::input_error `name:line:column: ...`.
    std::optional<nlohmann::json> next();

    /// Throws lab::input_error about `member` (empty: the whole) of the object that next() gave last.
    [[noreturn]] void complain(const std::string& member, const std::string& problem) const;

  private:
    std::optional<nlohmann::json> next_line();
    nlohmann::json parse() const;
    /// The text with its lines where they are in the input.
    std::string in_place() const;

    std::istream& in_;
    const std::string name_;
    std::string text_;     // the line, or the whole list
    std::size_t line_ = 0; // of the beginning of text_, from 1
    std::optional<nlohmann::json> list_;
    std::size_t taken_ = 0; // elements of list_ given already
};

} // namespace cli
