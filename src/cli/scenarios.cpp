// SPDX-License-Identifier: MIT
#include "cli/scenarios.h"

#include "cli/options.h"
#include "lab/scenario.h"

#include <algorithm>
#include <iostream>

namespace cli {

int scenarios_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {}, .flags = {"--help"}});
    if (o.has("--help")) {
        std::cout
            << "usage: ctxlab-cli scenarios\n\nLists the scenarios that come with the program, one a line.\n";
        return 0;
    }
    const std::vector<lab::scenario> all = lab::shipped_scenarios();
    std::size_t widest = 0;
    for (const lab::scenario& s : all) widest = std::max(widest, s.name.size());
    for (const lab::scenario& s : all)
        std::cout << s.name << std::string(widest + 2 - s.name.size(), ' ') << s.title << '\n';
    return 0;
}

} // namespace cli
