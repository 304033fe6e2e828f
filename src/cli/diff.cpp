// SPDX-License-Identifier: MIT
#include "cli/diff.h"

#include "cli/compared_run.h"
#include "cli/diff_text.h"
#include "cli/options.h"
#include "cli/usage_error.h"

#include <iostream>
#include <utility>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli diff LEFT RIGHT [--format FORMAT]\n"
    "       ctxlab-cli diff RECORDING  [--format FORMAT]\n\n"
    "Lays two runs side by side: the first thing that went another way, and what became of each context, "
    "worker\n"
    "and request where that differs. A run is one of\n\n"
    "  leak, leak@7            a scenario, by its shipped name or as a file, played with its own seed or "
    "with seed 7\n"
    "  run.ctxlab              a recording; of several lives (a reset or a fork begins a new one) the last\n"
    "  run.ctxlab@2            its second life\n\n"
    "A recording alone stands for its last two lives: a fork, and the future that it left.\n"
    "When the clock was paused or stepped does not count, and neither does wall time.\n\n"
    "  --format FORMAT   text (the default) or json\n\n"
    "exit status: 0 the same happens in both; 1 it does not, or a recording is damaged; 2 the call is "
    "wrong\n";

} // namespace

int diff_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {"--format"}, .flags = {"--help"}, .most_others = 2});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    const std::vector<std::string>& runs = o.others();
    const std::string format = o.text("--format").value_or("text");
    if (format != "text" && format != "json")
        throw usage_error("--format \"" + format + "\": expected text or json");
    if (runs.empty()) throw usage_error("diff: expected two runs, each a scenario or a recording");
    const auto [left, right] =
        runs.size() == 1 ? last_two_lives(runs[0]) : std::pair(find_run(runs[0]), find_run(runs[1]));
    const lab::comparison c = lab::compare(left.events, right.events);
    (format == "json" ? write_difference_json : write_difference)(std::cout, c, left.title, right.title);
    std::cout.flush();
    if (!left.damage.empty()) std::cerr << left.damage << '\n';
    if (!right.damage.empty() && right.damage != left.damage) std::cerr << right.damage << '\n';
    return c.same() && left.damage.empty() && right.damage.empty() ? 0 : 1;
}

} // namespace cli
