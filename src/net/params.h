// SPDX-License-Identifier: MIT
#pragma once

#include <httplib.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

/// The parameters of a request, checked.
namespace net {

/// What is wrong with a request: an HTTP status and a text that names the parameter.
class request_error : public std::runtime_error {
  public:
    request_error(int status, const std::string& why) : std::runtime_error(why), status_(status) {}
    int status() const { return status_; }

  private:
    int status_;
};

/// Readers of the query. Each gives nothing if the parameter is not there, and throws request_error (400) if
/// its value is no good, or if it is there twice.
class query {
  public:
    explicit query(const httplib::Request& r) : request_(r) {}

    std::optional<std::string> text(const char* name) const;
    std::optional<std::int64_t> integer(const char* name, std::int64_t least, std::int64_t most) const;
    /// As Go's time.ParseDuration reads it; not negative, at most a day.
    std::optional<std::chrono::nanoseconds> duration(const char* name) const;

  private:
    const httplib::Request& request_;
};

/// A whole number from `least` to `most`; throws request_error (400) that begins with `name`.
std::int64_t parse_integer(const std::string& name, const std::string& text, std::int64_t least,
                           std::int64_t most);

} // namespace net
