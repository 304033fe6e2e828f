// SPDX-License-Identifier: MIT
#pragma once

#include "ctx/value.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

/// The keys and values of oracle scripts: one C++ type for each type of Go's program, so that equal texts in
/// different types never meet.
namespace cli {

/// What a pointer key points to.
struct pointee {};

class oracle_keys {
  public:
    /// The key of `type` with that text. Throws lab::field_error for an unknown type and a text that is not a
    /// number.
    ctx::any_key key(const std::string& type, const std::string& text);

  private:
    std::map<std::string, std::shared_ptr<const pointee>> pointers_; // `ptr`: the same one for the same text
};

/// Is there a text in a key of this type?
bool key_has_text(std::string_view type);

/// The value of `type` with that text. Throws lab::field_error as key() does.
ctx::any_value oracle_value(const std::string& type, const std::string& text);

/// What the op `value` answers for it, as JSON.
std::string value_result(const ctx::any_value& v);

} // namespace cli
