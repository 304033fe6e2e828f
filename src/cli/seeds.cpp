// SPDX-License-Identifier: MIT
#include "cli/seeds.h"

#include "cli/options.h"
#include "cli/usage_error.h"
#include "lab/seeds.h"
#include "lab/state_json.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

namespace cli {
namespace {

constexpr const char* help =
    "usage: ctxlab-cli seeds SCENARIO N [OPTIONS]\n\n"
    "Plays a scenario with N seeds, and tells the outcomes apart: which errors won, how each worker exited,\n"
    "who leaked. What differs, Go does not define.\n\n"
    "  --first S         the first seed (default 1)\n"
    "  --json FILE       write the outcomes as JSON; - is standard output\n";

constexpr std::int64_t most_seeds = 1'000'000;
constexpr std::size_t most_orders = 5;

std::int64_t number_of_runs(const std::string& text) {
    std::int64_t n = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, n);
    if (problem != std::errc{} || stop != end || n < 1 || n > most_seeds)
        throw usage_error("seeds: N \"" + text + "\": expected a whole number from 1 to " +
                          std::to_string(most_seeds));
    return n;
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& w : words) all.append(all.empty() ? "" : ", ").append(w);
    return all;
}

void write_text(std::ostream& out, const lab::seed_report& r) {
    const auto plural = [](std::size_t n, const char* word) {
        return std::to_string(n) + ' ' + word + (n == 1 ? "" : "s");
    };
    out << plural(r.tried, "seed") << ", " << plural(r.outcomes.size(), "outcome") << '\n';
    for (const lab::outcome& o : r.outcomes) {
        out << '\n' << plural(o.count, "time") << ", first with --seed " << o.seed << '\n';
        for (const std::string& fate : o.fates) out << "  " << fate << '\n';
        if (o.orders.size() < 2) continue;
        out << "  the workers exited in " << o.orders.size() << " orders\n";
        for (std::size_t i = 0; i < std::min(o.orders.size(), most_orders); ++i)
            out << "    " << plural(o.orders[i].count, "time") << ", first with --seed " << o.orders[i].seed
                << ": " << joined(o.orders[i].workers) << '\n';
        if (o.orders.size() > most_orders) out << "    ...\n";
    }
    if (r.endless > 0) out << '\n' << plural(r.endless, "run") << " did not come to an end within an hour\n";
}

nlohmann::ordered_json to_json(const lab::seed_report& r) {
    nlohmann::ordered_json all{
        {"tried", r.tried}, {"endless", r.endless}, {"outcomes", nlohmann::ordered_json::array()}};
    for (const lab::outcome& o : r.outcomes) {
        nlohmann::ordered_json one{{"count", o.count}, {"seed", o.seed}, {"fates", o.fates}};
        for (const lab::exit_order& e : o.orders)
            one["orders"].push_back({{"count", e.count}, {"seed", e.seed}, {"workers", e.workers}});
        all["outcomes"].push_back(std::move(one));
    }
    return all;
}

void write_json(const std::string& file, const lab::seed_report& r) {
    const std::string text = lab::json_text(to_json(r), 2);
    if (file == "-") {
        std::cout << text << '\n';
        return;
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text << '\n';
    if (!out.flush()) throw usage_error("--json " + file + ": cannot be written");
}

} // namespace

int seeds_command(std::span<const std::string> arguments) {
    const options o(arguments, {.valued = {"--first", "--json"}, .flags = {"--help"}, .most_others = 2});
    if (o.has("--help")) {
        std::cout << help;
        return 0;
    }
    if (o.others().size() < 2) throw usage_error("seeds: expected a scenario and how many seeds to try");
    const lab::scenario s = lab::find_scenario(o.others()[0]);
    const std::int64_t n = number_of_runs(o.others()[1]);
    const std::int64_t first = o.integer("--first", INT64_MIN, INT64_MAX - most_seeds).value_or(1);
    const lab::seed_report report = lab::try_seeds(s, static_cast<std::size_t>(n), {.first = first});
    if (const auto file = o.text("--json"))
        write_json(*file, report);
    else
        write_text(std::cout, report);
    return 0;
}

} // namespace cli
