// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

/// What writing a program needs, whatever its language.
namespace lab {

/// A string literal of Go and of C++, for any bytes.
std::string code_literal(std::string_view text);

/// The text as comment lines of at most 100 columns, each with its newline; nothing for an empty text.
std::string code_comment(std::string_view text);

/// A length as a whole number of the largest unit that fits: {2, "s"}. Units: h, min, s, ms, us, ns.
struct code_length {
    std::int64_t count = 0;
    std::string_view unit;
};
code_length length_in_units(std::chrono::nanoseconds d);

/// What stands between spaces.
std::set<std::string, std::less<>> code_words(std::string_view text);

/// Names of variables made from people's words, each given once.
class code_names {
  public:
    enum class style { camel, snake }; ///< auditLog, audit_log
    code_names(style s, std::set<std::string, std::less<>> reserved)
        : style_(s), taken_(std::move(reserved)) {}

    /// "audit log" to auditLog; what has no letter is called `fallback`.
    /// A name that is taken gets a number.
    std::string make(std::string_view words, std::string_view fallback);
    /// The same with a word in front: cancelAuditLog.
    std::string make(std::string_view prefix, std::string_view words, std::string_view fallback);

  private:
    const style style_;
    std::set<std::string, std::less<>> taken_;
};

} // namespace lab
