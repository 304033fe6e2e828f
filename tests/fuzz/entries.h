// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

/// Where bytes from outside come in. A fuzzer calls one of them, and the corpus test all of them; what one
/// throws is a fault in the program.
namespace fuzz {

void durations(std::string_view text); ///< a duration as Go writes it
void oracle(std::string_view text);    ///< a script of `ctxlab-cli oracle`
void scenario(std::string_view text);  ///< a scenario file
void command(std::string_view text);   ///< a digit for what to make, then its JSON
void recording(std::string_view text); ///< a recording
void http(std::string_view text);      ///< what a client sends to the server
void api(std::string_view text);       ///< a digit for the path, then the body of a POST to it

struct entry {
    std::string_view name; ///< also the corpus's folder
    void (*run)(std::string_view text);
};

inline constexpr std::array<entry, 7> entries = {{
    {"durations", durations},
    {"oracle", oracle},
    {"scenario", scenario},
    {"command", command},
    {"recording", recording},
    {"http", http},
    {"api", api},
}};

/// Throws if what must hold does not.
inline void check(bool holds, const std::string& what) {
    if (!holds) throw std::logic_error(what);
}

} // namespace fuzz
