// SPDX-License-Identifier: MIT
#include "random/pool.h"

#include <array>

namespace scripts {

std::string odd_text(dice& d) {
    static const std::array<std::string, 40> parts = {"a",
                                                      "k",
                                                      "user",
                                                      "0",
                                                      "7",
                                                      " ",
                                                      "\t",
                                                      "\n",
                                                      "\r",
                                                      "\b",
                                                      "\f",
                                                      "\x01",
                                                      "\x1f",
                                                      "\x7f",
                                                      "\"",
                                                      "\\",
                                                      "/",
                                                      "\\u0041",
                                                      "\\n",
                                                      "<",
                                                      ">",
                                                      "&",
                                                      "'",
                                                      ", ",
                                                      ".WithCancel",
                                                      ".WithValue(a, b)",
                                                      ".WithDeadline(x [1s])",
                                                      ".WithDeadline(x",
                                                      "[",
                                                      "])",
                                                      "context.Background",
                                                      "\u00e9",
                                                      "\u00df",
                                                      "\u2028",
                                                      "\ufffd",
                                                      "\ufeff",
                                                      "\U0001f600",
                                                      "\U0010ffff",
                                                      "\u0800",
                                                      "%s%n"};
    if (d.one_in(200)) return std::string(20'000 + d.below(3), 'x') + d.pick(parts);
    if (d.one_in(30)) return std::string("nul\0within", 10);
    std::string text;
    for (auto n = d.below(4); n > 0; --n) text += d.pick(parts);
    return text;
}

std::string odd_number(dice& d) {
    static const std::array<std::string, 12> numbers = {"0",
                                                        "1",
                                                        "7",
                                                        "-1",
                                                        "+7",
                                                        "-0",
                                                        "0007",
                                                        "-07",
                                                        "+000",
                                                        "1000000007",
                                                        "9223372036854775807",
                                                        "-9223372036854775808"};
    return d.one_in(4) ? std::to_string(d.between(-1'000'000'000'000, 1'000'000'000'000)) : d.pick(numbers);
}

std::int64_t odd_milliseconds(dice& d) {
    constexpr std::int64_t century = 3'155'760'000'000;
    switch (d.below(12)) {
    case 0:
        return d.between(-2 * century, 2 * century);
    case 1:
        return d.between(-2'000'000'000, 2'000'000'000);
    case 2:
        return 0;
    case 3:
        return d.between(-5, 5);
    default:
        return d.between(1, 60) * 10;
    }
}

} // namespace scripts
