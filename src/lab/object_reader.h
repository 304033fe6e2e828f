// SPDX-License-Identifier: MIT
#pragma once

#include "lab/input_error.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reading the members of a JSON object, for scenario files and the API alike.
///
///     lab::object_reader r(body);
///     c.name = r.text("name").value_or("");
///     r.refuse_unknown();                 // everything that nobody asked for
namespace lab {

/// What is wrong with one member. `what()` begins with its name.
class field_error : public input_error {
  public:
    field_error(std::string member, const std::string& problem)
        : input_error(member.empty() ? problem : member + ": " + problem), member_(std::move(member)),
          problem_(problem) {}
    /// Empty: the object itself.
    const std::string& member() const { return member_; }
    const std::string& problem() const { return problem_; }

  private:
    std::string member_, problem_;
};

/// Each reader gives nothing if the member is not there, and throws field_error if it is not what it should
/// be.
class object_reader {
  public:
    explicit object_reader(const nlohmann::json& object);

    std::optional<std::string> text(std::string_view member, std::size_t longest = 1000);
    /// As `text`, but not empty and without control characters.
    std::optional<std::string> name(std::string_view member);
    std::optional<std::int64_t> integer(std::string_view member, std::int64_t least, std::int64_t most);
    std::optional<double> number(std::string_view member, double least, double most);
    /// A text that Go's time.ParseDuration accepts.
    std::optional<std::chrono::nanoseconds> duration(std::string_view member);
    /// A number of milliseconds.
    std::optional<std::chrono::nanoseconds> milliseconds(std::string_view member, std::int64_t most);
    /// One of a closed set of words.
    std::optional<std::string> word(std::string_view member, std::span<const std::string_view> words);

    /// Says that `member` may be there, without reading it.
    const nlohmann::json* allow(std::string_view member);
    /// Refuses `member`, which others of the same sort may have.
    void forbid(std::string_view member, const std::string& why) const;
    /// Refuses the members that were never asked for.
    void refuse_unknown() const;

    /// Throws if the value is not there: `missing member "kind": expected a text`.
    template <class T>
    static T required(std::optional<T> value, std::string_view member, std::string_view expected) {
        if (!value) missing(member, expected);
        return *std::move(value);
    }

  private:
    [[noreturn]] static void missing(std::string_view member, std::string_view expected);

    const nlohmann::json& object_;
    std::vector<std::string> known_;
};

/// `expected one of a, b, c`, and what `found` may have meant: `; did you mean b?`.
std::string expected_one_of(std::span<const std::string_view> words, std::string_view found);

} // namespace lab
