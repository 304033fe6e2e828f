// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <source_location>

/// The place of a call in the sources, for observers.
///
///     ctx::cancelable request_context(ctx::call_site caller = ctx::call_site::current()) {
///         return ctx::with_timeout(server, 5s, caller);      // made where request_context was called
///     }
///
/// The functions that make and end contexts take it as their last argument; leave it out, or hand on your own
/// caller's. Thread safety, lifetime: a value that refers to constants of the program.
namespace ctx {

#ifdef __cpp_lib_source_location
using call_site = std::source_location;
#else
/// std::source_location for compilers without it (clang before 16).
class call_site {
  public:
    constexpr call_site() noexcept = default;
    static constexpr call_site current(const char* file = __builtin_FILE(),
                                       const char* function = __builtin_FUNCTION(),
                                       std::uint_least32_t line = __builtin_LINE()) noexcept {
        call_site here;
        here.file_ = file;
        here.function_ = function;
        here.line_ = line;
        return here;
    }
    constexpr const char* file_name() const noexcept { return file_; }
    constexpr const char* function_name() const noexcept { return function_; }
    constexpr std::uint_least32_t line() const noexcept { return line_; }

  private:
    const char* file_ = "";
    const char* function_ = "";
    std::uint_least32_t line_ = 0;
};
#endif

} // namespace ctx
